package shadow

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/core/appmodule"
	"cosmossdk.io/math"
	"cosmossdk.io/x/nft"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	icatypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/types"

	"github.com/CosmWasm/wasmd/app"

	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"

	"cw-distribution/tests/chain/feed"
	"cw-distribution/tests/chain/neutron"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// sources are module accounts that collect each pool's fees; x/distribution takes those of the fee collector.
// Nothing else on this chain uses them.
var sources = []string{nft.ModuleName, icatypes.ModuleName}

// tax is the community tax, the same for all.
var tax = math.LegacyNewDecWithPrec(2, 2)

// world is a chain with x/distribution, a pool of each accounting, and the models.
type world struct {
	*node.Node
	t        testing.TB
	variant  variant
	module   keeper.Keeper
	observer *observer
	neutron  *neutron.Hooks
	pools    []*feePool
	native   *native
	exact    *exact
	// paid are the payments of x/distribution since they were last compared.
	paid []payment
	// wrong is what was found.
	wrong []string
}

// beginner is a module with a begin blocker only.
type beginner struct{ begin func(sdk.Context) error }

var _ appmodule.HasBeginBlocker = beginner{}

func (beginner) IsAppModule()        {}
func (beginner) IsOnePerModuleType() {}

// BeginBlock implements the begin blocker.
func (b beginner) BeginBlock(ctx context.Context) error { return b.begin(sdk.UnwrapSDKContext(ctx)) }

// newWorld starts a chain on which x/distribution alone is fed.
func newWorld(t testing.TB, genesis node.Genesis, variant variant) *world {
	t.Helper()
	w := &world{
		t: t, variant: variant, observer: &observer{},
		native: newNative(tax), exact: newExact(variant, tax),
	}
	w.neutron = &neutron.Hooks{GasLimit: callGas, Called: func(name string, _ uint64, err error) {
		if err != nil {
			w.found("%s: %s", name, err)
		}
	}}
	var err error
	w.Node, err = node.New(genesis, feed.Graft(&w.module, sources...), node.KeepStates, w.attach)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	w.OnEvents = w.take
	return w
}

// attach adds what watches to the application.
func (w *world) attach(a *app.WasmApp) error {
	w.observer.app, w.neutron.App = a, a
	hooks, ok := a.StakingKeeper.Hooks().(stakingtypes.MultiStakingHooks)
	if !ok || len(hooks) == 0 {
		return fmt.Errorf("x/staking has hooks of type %T", a.StakingKeeper.Hooks())
	}
	last := len(hooks) - 1
	hooks[last] = stakingtypes.NewMultiStakingHooks(hooks[last], w.observer, w.neutron)

	modules := a.ModuleManager
	modules.Modules["before the split"] = beginner{w.beforeTheSplit}
	modules.Modules["after the beginning"] = beginner{w.afterTheBeginning}
	order := modules.OrderBeginBlockers
	order = slices.Insert(order, slices.Index(order, types.ModuleName), "before the split")
	modules.OrderBeginBlockers = append(order, "after the beginning")
	return nil
}

// beforeTheSplit has the models split the fees that the pools and x/distribution are about to split.
func (w *world) beforeTheSplit(ctx sdk.Context) error {
	w.observer.height = ctx.BlockHeight()
	w.settle()
	collected := w.observer.app.BankKeeper.GetAllBalances(ctx, authtypes.NewModuleAddress(authtypes.FeeCollectorName))
	block, err := observeBlock(ctx, w.observer.app, collected)
	if err != nil {
		return err
	}
	if !block.fees.isZero() {
		if err := w.sharesAreThoseOfStaking(ctx); err != nil {
			return err
		}
	}
	w.native.allocate(block)
	w.exact.allocate(block)
	return nil
}

// sharesAreThoseOfStaking checks that the models share among those who are delegated.
func (w *world) sharesAreThoseOfStaking(ctx sdk.Context) error {
	delegations, err := w.observer.app.StakingKeeper.GetAllDelegations(ctx)
	if err != nil {
		return err
	}
	known := 0
	for _, weights := range w.exact.byShares.weights {
		known += len(weights)
	}
	if known != len(delegations) {
		return fmt.Errorf("%d delegations are observed, there are %d", known, len(delegations))
	}
	for _, it := range delegations {
		of := pair{it.DelegatorAddress, it.ValidatorAddress}
		if observed := w.exact.byShares.weight(of); observed.Cmp(it.Shares.BigInt()) != 0 {
			return fmt.Errorf("%v: shares of %s are observed, there are %s", of, observed, it.Shares)
		}
	}
	return nil
}

// afterTheBeginning takes what slashes at the beginning of a block have paid.
func (w *world) afterTheBeginning(ctx sdk.Context) error {
	w.take(ctx.EventManager().Events())
	w.settle()
	return nil
}

// settle has the models follow what happened, and compares x/distribution's payments with those foreseen.
func (w *world) settle() {
	for _, o := range w.observer.taken() {
		w.native.apply(o)
		w.exact.apply(o)
	}
	foreseen, paid := w.native.taken(), w.paid
	w.paid = nil
	same := slices.EqualFunc(foreseen, paid, func(a, b payment) bool { return a.pair == b.pair && a.paid.equal(&b.paid) })
	if !same {
		w.found("x/distribution paid %v, foreseen was %v", paid, foreseen)
	}
}

// found notes that something is wrong.
func (w *world) found(format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf("height %d: ", w.observer.height)+fmt.Sprintf(format, args...))
}

// do runs something in the open block. What was observed of it is forgotten when it fails.
func (w *world) do(what func() error) error {
	err := what()
	if err != nil {
		w.observer.taken()
		w.paid = nil
		return err
	}
	w.settle()
	return nil
}

// send runs a message.
func (w *world) send(message sdk.Msg, response proto.Message) error {
	return w.do(func() error {
		_, err := w.Deliver(message, response)
		return err
	})
}

// withdrawNative withdraws a delegation's rewards from x/distribution.
func (w *world) withdrawNative(of pair) error {
	return w.do(func() error {
		_, err := w.Deliver(distrtypes.NewMsgWithdrawDelegatorReward(of.delegator, of.validator),
			&distrtypes.MsgWithdrawDelegatorRewardResponse{})
		if err == nil {
			w.observer.see(w.Context(), rewardsWithdrawn, account(of.delegator), operator(of.validator))
		}
		return err
	})
}

// withdrawNativeCommission withdraws an operator's commission from x/distribution, whose event does not say
// whose it is.
func (w *world) withdrawNativeCommission(validator string) error {
	return w.do(func() error {
		var response distrtypes.MsgWithdrawValidatorCommissionResponse
		_, err := w.Deliver(distrtypes.NewMsgWithdrawValidatorCommission(validator), &response)
		if err == nil {
			w.observer.see(w.Context(), commissionWithdrawn, nil, operator(validator))
			w.paid = append(w.paid, payment{pair{validator: validator}, *amountsOf(response.Amount)})
		}
		return err
	})
}

// collect has each side collect the same fees in the open block.
func (w *world) collect(fees sdk.Coins) {
	w.t.Helper()
	for _, module := range append([]string{authtypes.FeeCollectorName}, sources...) {
		w.collectFor(module, fees)
	}
}

func (w *world) collectFor(module string, fees sdk.Coins) {
	w.t.Helper()
	require.NoError(w.t, w.App.BankKeeper.SendCoinsFromAccountToModule(w.Context(), node.Account(pool.Funder), module, fees))
}

func account(address string) sdk.AccAddress { return sdk.MustAccAddressFromBech32(address) }

func operator(address string) sdk.ValAddress {
	bytes, err := sdk.ValAddressFromBech32(address)
	if err != nil {
		panic(err)
	}
	return bytes
}
