package twochains

import (
	"context"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"cosmossdk.io/core/appmodule"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/CosmWasm/wasmd/app"

	"github.com/cw-distribution/chain-module/types"

	"cw-distribution/tests/chain/node"
)

// The proposer's part of what is not the consumer's own, and what it gets more in proportion to the power that signed.
var base, bonus = big.NewRat(1, 100), big.NewRat(4, 100)

// rounding is how many points a weight may differ from its exact part: 10^-27 of a base unit.
var rounding = big.NewRat(1_000_000_000, 1)

// holdings are what is in the holding pools by the votes that the consumer itself sees: exact points by denom and
// operator.
type holdings struct {
	app     *app.WasmApp
	running bool
	// proposer has proposed the block whose fees are split next.
	proposer []byte
	open     map[string]map[string]*big.Rat
	// closed are the pools of the unit that was closed last.
	closed  map[string]map[string]*big.Rat
	pending map[string]*big.Rat
	// returned coins came back to the contract, which takes them for fees of the next block.
	returned sdk.Coins
}

var _ appmodule.HasBeginBlocker = (*holdings)(nil)

func newHoldings() *holdings {
	h := &holdings{
		open: map[string]map[string]*big.Rat{}, closed: map[string]map[string]*big.Rat{}, pending: map[string]*big.Rat{},
	}
	for _, denom := range denoms {
		h.open[denom], h.pending[denom] = map[string]*big.Rat{}, new(big.Rat)
	}
	return h
}

func (*holdings) IsAppModule()        {}
func (*holdings) IsOnePerModuleType() {}

// attach has it see each block before the chain module does.
func (h *holdings) attach(a *app.WasmApp) error {
	const name = "holdings"
	h.app = a
	modules := a.ModuleManager
	modules.Modules[name] = h
	modules.OrderBeginBlockers = slices.Insert(modules.OrderBeginBlockers,
		slices.Index(modules.OrderBeginBlockers, types.ModuleName), name)
	return nil
}

// startHoldings takes over what the pools have now, and follows them from the next block on.
func (w *world) startHoldings(powers map[string]int64) {
	w.t.Helper()
	for name := range powers {
		for denom, points := range w.pool(name) {
			w.holdings.add(denom, node.Operator(name).String(), rat(w.t, points))
		}
	}
	for _, denom := range denoms {
		w.holdings.pending[denom].SetInt(w.consumer.ledger(w.holdingPools(), denom)["provider_pending"])
	}
	w.consumer.OnBlock = func(block *abci.ResponseFinalizeBlock) { w.holdings.follow(w.t, block.Events) }
	w.holdings.running = true
}

func rat(t testing.TB, integer string) *big.Rat {
	t.Helper()
	value, ok := new(big.Rat).SetString(integer)
	require.True(t, ok, integer)
	return value
}

func (h *holdings) add(denom, operator string, more *big.Rat) {
	before, known := h.open[denom][operator]
	if !known {
		before = new(big.Rat)
	}
	h.open[denom][operator] = before.Add(before, more)
}

// BeginBlock splits the fees that the module is about to send.
func (h *holdings) BeginBlock(c context.Context) error {
	ctx := sdk.UnwrapSDKContext(c)
	proposer := h.proposer
	h.proposer = ctx.BlockHeader().ProposerAddress
	if !h.running {
		return nil
	}
	votes := map[string]int64{}
	var all, signed int64
	for _, vote := range ctx.VoteInfos() {
		operator, err := h.operator(ctx, vote.Validator.Address)
		if err != nil {
			return err
		}
		votes[operator] = vote.Validator.Power
		all += vote.Validator.Power
		if vote.BlockIdFlag == cmtproto.BlockIDFlagCommit {
			signed += vote.Validator.Power
		}
	}
	proposed, err := h.operator(ctx, proposer)
	if err != nil {
		return err
	}
	collector := authtypes.NewModuleAddress(authtypes.FeeCollectorName)
	for _, denom := range denoms {
		fees := h.app.BankKeeper.GetBalance(ctx, collector, denom).Amount.Add(h.returned.AmountOf(denom))
		part := new(big.Rat).SetInt(points(fees.Sub(ownPart(fees))))
		part.Add(part, h.pending[denom])
		h.pending[denom] = new(big.Rat)

		rate := new(big.Rat).Mul(bonus, big.NewRat(signed, all))
		reward := new(big.Rat).Mul(part, rate.Add(rate, base))
		h.add(denom, proposed, reward)
		shared := new(big.Rat).Sub(part, reward)
		for operator, power := range votes {
			h.add(denom, operator, new(big.Rat).Mul(shared, big.NewRat(power, all)))
		}
	}
	h.returned = nil
	return nil
}

func (h *holdings) operator(ctx sdk.Context, consensus []byte) (string, error) {
	validator, err := h.app.StakingKeeper.GetValidatorByConsAddr(ctx, consensus)
	return validator.OperatorAddress, err
}

// follow takes note of what a block has closed, and of the fraction that a closed unit has given back.
func (h *holdings) follow(t testing.TB, events []abci.Event) {
	t.Helper()
	for _, event := range events {
		switch event.Type {
		case "wasm-epoch_closed":
			denom := attribute(event, "denom")
			h.closed[denom], h.open[denom] = h.open[denom], map[string]*big.Rat{}
		case "wasm-weights_counted":
			denom, remainder := attribute(event, "denom"), rat(t, attribute(event, "remainder_points"))
			require.Negative(t, remainder.Cmp(new(big.Rat).SetInt(pointsPerCoin)))
			h.pending[denom].Add(h.pending[denom], remainder)
		}
	}
}

func attribute(event abci.Event, key string) string {
	attribute, _ := sdk.Event(event).GetAttribute(key)
	return attribute.Value
}

// requireWeights requires that a unit has the weights of the votes.
func (w *world) requireWeights(it unit) {
	w.t.Helper()
	expected := w.holdings.closed[it.denom]
	require.Len(w.t, it.weights, len(expected))
	for operator, exact := range expected {
		if name, renamed := w.names[operator]; renamed {
			operator = name
		}
		require.Contains(w.t, it.weights, operator)
		off := new(big.Rat).SetInt(it.weights[operator])
		off.Abs(off.Sub(off, exact))
		require.LessOrEqual(w.t, off.Cmp(rounding), 0, "weight of %s in %s is off by %s points", operator, it.denom, off.FloatString(3))
	}
}
