package hooks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	abci "github.com/cometbft/cometbft/abci/types"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/CosmWasm/wasmd/app"

	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"

	"cw-distribution/tests/chain/feed"
	"cw-distribution/tests/chain/neutron"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// hookGas is what Juno gives a hook, the set-up of a contract that is not pinned included.
const hookGas = 250_000

// validators is how many are bonded.
const validators = 100

// blockFees are those of a block in each denom, 10^27: the largest for which chains are promised that hooks fit.
var blockFees, _ = math.NewIntFromString("1" + strings.Repeat("0", 27))

// Dialects of hooks.
const (
	juno        = "juno"
	neutronsOwn = "neutron"
)

// setup is a pool and how it learns of staking.
type setup struct {
	accounting pool.Accounting
	dialect    string
	denoms     int
}

func (s setup) String() string {
	return fmt.Sprintf("%s, %s, %d denoms", s.accounting, s.dialect, s.denoms)
}

// world is a chain with a pool that the chain feeds and tells of staking.
type world struct {
	*pool.Pool
	t      testing.TB
	setup  setup
	module keeper.Keeper
	// most is the gas of the dearest hook, whose name is known if it is one of Neutron's.
	most    uint64
	dearest string
	// hooks is how many were measured.
	hooks int
}

func newWorld(t testing.TB, setup setup) *world {
	t.Helper()
	w := &world{t: t, setup: setup}
	harpoon := &neutron.Hooks{GasLimit: hookGas, Called: w.called}
	genesis := pool.Genesis()
	for index := range validators {
		genesis.Validators = append(genesis.Validators, node.Validator{
			Name: pool.Validator(index), Power: int64(1000 - index*7), Commission: math.LegacyNewDecWithPrec(1, 1),
		})
	}
	chain, err := node.New(genesis, feed.Graft(&w.module), node.KeepStates, func(a *app.WasmApp) error {
		hooks, ok := a.StakingKeeper.Hooks().(stakingtypes.MultiStakingHooks)
		if !ok || len(hooks) == 0 {
			return fmt.Errorf("x/staking has hooks of type %T", a.StakingKeeper.Hooks())
		}
		harpoon.App = a
		hooks[len(hooks)-1] = stakingtypes.NewMultiStakingHooks(hooks[len(hooks)-1], harpoon)
		return nil
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	w.start(chain)
	params := feed.FeePool(w.Address.String(), w.Setup.Denoms...)
	params.Hooks.GasLimit = hookGas
	if setup.dialect == neutronsOwn {
		params.Hooks = types.Subscription{}
		harpoon.Contracts = append(harpoon.Contracts, w.Address)
	}
	require.NoError(t, w.module.SetParams(chain.Context(), params))
	// Nothing that the chain says may be passed over.
	chain.OnEvents = func(events sdk.Events) { w.heard(events.ToABCIEvents()) }
	chain.OnBlock = func(block *abci.ResponseFinalizeBlock) { w.heard(block.Events) }
	return w
}

// start puts the pool onto the chain, with what x/staking knows. Neutron's pool is given tokens, which are as many as
// the shares as long as nobody was slashed.
func (w *world) start(chain *node.Node) {
	w.t.Helper()
	staked, err := feed.Staked(chain)
	require.NoError(w.t, err)
	var pages []pool.M
	for _, key := range []string{"validators", "delegations"} {
		lines := staked[key].([]pool.M)
		pages = append(pages, pool.M{key: lines[:len(lines)/2]}, pool.M{key: lines[len(lines)/2:]})
	}
	w.Pool, err = pool.New(chain, pool.Setup{
		Denoms: pool.Denoms(w.setup.denoms), Accounting: w.setup.accounting,
		Source: pool.M{"hooks": pool.M{"dialect": w.setup.dialect}}, Import: pages,
	})
	require.NoError(w.t, err)
}

// called takes note of a hook.
func (w *world) called(name string, gas uint64, err error) {
	assert.NoError(w.t, err, "%s with %d gas", name, gas)
	w.hooks++
	if gas > w.most {
		w.most, w.dearest = gas, name
	}
}

func (w *world) heard(events []abci.Event) {
	for _, event := range events {
		for _, name := range []string{"wasm-hook_ignored", types.EventTypeCallFailed} {
			assert.NotEqual(w.t, name, event.Type, event.Attributes)
		}
	}
}

// recorder takes note of what the chain module bills for each hook.
type recorder struct {
	storetypes.GasMeter
	called func(name string, gas uint64, err error)
}

// ConsumeGas consumes gas.
func (r recorder) ConsumeGas(amount storetypes.Gas, descriptor string) {
	if descriptor == types.ModuleName {
		r.called(descriptor, amount, nil)
	}
	r.GasMeter.ConsumeGas(amount, descriptor)
}

// send runs a message as a transaction of its own, and lets blocks with fees pass.
func (w *world) send(message sdk.Msg) {
	w.t.Helper()
	w.run(func(ctx sdk.Context) error {
		// There is no list of contracts that the transaction has called: each hook pays all of its set-up, the second
		// one of a message too.
		result, err := w.App.MsgServiceRouter().Handler(message)(ctx, message)
		if err == nil {
			ctx.EventManager().EmitEvents(result.GetEvents())
		}
		return err
	})
}

// run runs something on the chain, and lets blocks with fees pass.
func (w *world) run(what func(sdk.Context) error) {
	w.t.Helper()
	_, err := w.Run(func(ctx sdk.Context) error {
		return what(ctx.WithGasMeter(recorder{ctx.GasMeter(), w.called}))
	})
	require.NoError(w.t, err)
	w.blocks(2)
}

// blocks lets blocks with fees pass.
func (w *world) blocks(count int) {
	w.t.Helper()
	fees := sdk.NewCoins()
	for _, denom := range w.Setup.Denoms {
		fees = fees.Add(sdk.NewCoin(denom, blockFees))
	}
	for range count {
		require.NoError(w.t, w.App.BankKeeper.SendCoinsFromAccountToModule(
			w.Context(), node.Account(pool.Funder), authtypes.FeeCollectorName, fees))
		require.NoError(w.t, w.Next())
	}
}
