package twochains

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"

	"github.com/cw-distribution/chain-module/types"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// Names of validators. The provider does not know stranger; moved names itself renamed there.
const (
	first    = "first"
	second   = "second"
	moved    = "moved"
	renamed  = "renamed"
	stranger = "stranger"
)

// denoms are the consumer's fees: those that ccv takes two of.
var denoms = []string{"uatom", "uosmo"}

// transferChannel is the identifier of the transfer channel on both chains: the first one that each opens.
const transferChannel = "channel-0"

// What Juno gives a hook and the clock.
const (
	hookGas  = 250_000
	clockGas = 100_000
)

// world is the two chains with the contracts, and what should have become of the fees.
type world struct {
	t        testing.TB
	target   ccv.Target
	consumer *side
	provider *side
	pair     *ccv.Pair
	model    *model
	// holdings are the consumer's pools.
	holdings *holdings
	// names are operators of the consumer that the provider knows by another one.
	names map[string]string
}

// usual are the powers of the consumer's validators.
var usual = map[string]int64{first: 50, second: 31, moved: 17, stranger: 11}

// newWorld starts the chains, the consumer with validators of these powers; the way between them is open and has been
// probed.
func newWorld(t testing.TB, target ccv.Target, powers map[string]int64) *world {
	t.Helper()
	return newWorldOver(t, ccv.Setup{Target: target}, powers)
}

// newWorldOver has the order of the channel and the target from a setup.
func newWorldOver(t testing.TB, setup ccv.Setup, powers map[string]int64) *world {
	t.Helper()
	target := setup.Target
	w := &world{t: t, target: target, model: newModel(), holdings: newHoldings(), names: map[string]string{}}
	w.consumer = newSide(t, node.Genesis{ChainID: "consumer-1"}, powers, denoms, w.holdings.attach)
	// Contracts of the two chains have different addresses.
	w.provider = newSide(t, node.Genesis{ChainID: "provider-1", Contracts: 100},
		map[string]int64{first: 300, second: 200, renamed: 100}, nil)
	w.consumer.addPool(denoms...)
	setup.Denoms, setup.ConsumerPool = len(denoms), w.consumer.pool.Address
	if target == ccv.Native {
		// On this chain x/distribution leaves the community pool to x/protocolpool.
		setup.CommunityPool = "protocol_pool"
	}
	if target == ccv.FeePool {
		w.provider.addPool(vouchers()...)
		w.provider.setParams(w.provider.poolParams())
		setup.ProviderPool = w.provider.pool
	}
	var err error
	w.pair, err = ccv.Join(setup, w.consumer.Node, w.provider.Node)
	require.NoError(t, err)

	params := w.consumer.poolParams()
	params.Routes = append([]types.Route{{
		Contract: w.holdingPools().String(), Mode: types.MODE_HOLDING_POOLS,
		Source: authtypes.FeeCollectorName, Denoms: denoms, GasLimit: params.Routes[0].GasLimit,
	}}, params.Routes...)
	params.Clock = types.Subscription{Contracts: []string{w.holdingPools().String()}, GasLimit: clockGas}
	w.consumer.setParams(params)
	require.NoError(t, w.consumer.Pin(w.pair.Consumer.Code))
	w.step(1)
	require.NoError(t, w.pair.Probe())
	w.step(1)
	w.model.probed()
	w.startHoldings(powers)
	return w
}

// setParams has the module begin to call contracts.
func (s *side) setParams(params types.Params) {
	s.t.Helper()
	params.Hooks.GasLimit = hookGas
	require.NoError(s.t, s.module.SetParams(s.Context(), params))
}

// holdingPools is the consumer's contract.
func (w *world) holdingPools() sdk.AccAddress { return w.pair.Consumer.Address }

// voucher is what the provider calls a denom of the consumer.
func voucher(denom string) string {
	return transfertypes.NewDenom(denom, transfertypes.NewHop(transfertypes.PortID, transferChannel)).IBCDenom()
}

func vouchers() []string {
	var all []string
	for _, denom := range denoms {
		all = append(all, voucher(denom))
	}
	return all
}

// rename has the operator of a validator name its validator on the provider.
func (w *world) rename(validator, onProvider string) {
	w.t.Helper()
	here, there := node.Operator(validator).String(), node.Operator(onProvider).String()
	_, err := w.pair.Consumer.Execute(validator, M{"set_provider_validator": M{"validator": here, "provider_validator": there}})
	require.NoError(w.t, err)
	w.names[here] = there
}

// step lets blocks pass on both chains.
func (w *world) step(blocks int) {
	w.t.Helper()
	for range blocks {
		require.NoError(w.t, w.consumer.Next())
		require.NoError(w.t, w.provider.Next())
	}
}

// collect has the consumer collect fees in its open block, which its next block splits.
func (w *world) collect(amounts ...int64) {
	w.t.Helper()
	var fees sdk.Coins
	for index, amount := range amounts {
		fees = fees.Add(sdk.NewInt64Coin(denoms[index], amount))
		w.model.collected(denoms[index], math.NewInt(amount))
	}
	require.NoError(w.t, w.consumer.App.BankKeeper.SendCoinsFromAccountToModule(
		w.consumer.Context(), node.Account(pool.Funder), authtypes.FeeCollectorName, fees))
	w.step(1)
}

// close lets a due block pass, and the clock delete the weights of the units before and settle the validators of those
// that are closed.
func (w *world) close() {
	w.t.Helper()
	w.step(ccv.Period + len(denoms)*10)
}

// deliver brings the closed units to the provider, and checks the equation at each station.
func (w *world) deliver() []unit {
	w.t.Helper()
	var costs ccv.Costs
	require.NoError(w.t, w.pair.Ticks(0, &costs))
	w.requireEquation("weights are under way")
	relayed, err := w.pair.Relay(ibc.Orders{})
	require.NoError(w.t, err)
	units := weighed(w.t, relayed)
	for _, it := range units {
		w.requireWeights(it)
	}
	w.requireEquation("weights are there")
	require.NoError(w.t, w.pair.Ticks(0, &costs))
	for _, it := range units {
		require.Equal(w.t, it.amount.String(), w.inFlight(it.denom).String())
	}
	w.requireEquation("coins are under way")
	_, err = w.pair.Relay(ibc.Orders{})
	require.NoError(w.t, err)
	for _, it := range units {
		require.True(w.t, w.inFlight(it.denom).IsZero())
	}
	w.requireEquation("coins are there")
	return units
}

// pay has the provider pay units, one validator after the other.
func (w *world) pay(units []unit) {
	w.t.Helper()
	for _, it := range units {
		w.model.pay(w.provider, it)
		var costs ccv.Costs
		require.NoError(w.t, w.pair.Pay(slices.Index(denoms, it.denom), it.epoch, 1, &costs))
		w.requireEquation("a unit is paid")
	}
}

// requireFed requires that no contract has missed anything that a chain had to tell.
func (w *world) requireFed() {
	w.t.Helper()
	w.consumer.requireFed(w.holdingPools())
	w.consumer.requireFed(w.consumer.pool.Address)
	if w.provider.pool != nil {
		w.provider.requireFed(w.provider.pool.Address)
	}
}

func sorted[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
