package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"path/filepath"
	"testing"

	wasmvm "github.com/CosmWasm/wasmvm/v3"
	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"
	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/runtime"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/distribution"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"

	wasmapp "github.com/CosmWasm/wasmd/app"
	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"

	"github.com/cw-distribution/chain-module/app"
	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
	"github.com/cw-distribution/chain-module/upgrade"
)

// machine is where a node runs: what an old binary leaves there the new one finds.
type machine struct {
	db   dbm.DB
	home string
	vm   *wasmvm.VM
}

func newMachine(t testing.TB) machine {
	t.Helper()
	m := machine{db: dbm.NewMemDB(), home: t.TempDir()}
	var err error
	m.vm, err = wasmvm.NewVM(filepath.Join(m.home, "wasm"), wasmkeeper.BuiltInCapabilities(), 32, false, 100)
	require.NoError(t, err)
	t.Cleanup(m.vm.Cleanup)
	return m
}

func (m machine) engine() []wasmkeeper.Option {
	return []wasmkeeper.Option{wasmkeeper.WithWasmEngine(m.vm)}
}

// oldBinary starts wasmd's application. Its x/distribution keeps the community pool itself, as on chains without
// x/protocolpool; the queries are those of this x/distribution.
func oldBinary(t testing.TB, m machine) (*stock, *baseapp.GRPCQueryRouter) {
	t.Helper()
	made := wasmapp.NewWasmApp(log.NewNopLogger(), m.db, nil, true,
		simtestutil.NewAppOptionsWithFlagHome(m.home), m.engine(), baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, made.Close()) })
	keeper := ownCommunityPool(made)
	queries := baseapp.NewGRPCQueryRouter()
	queries.SetInterfaceRegistry(made.InterfaceRegistry())
	distrtypes.RegisterQueryServer(queries, distrkeeper.NewQuerier(keeper))
	accounts := append([]string{}, stakers[len(validators):]...)
	// Not the tax with which pools begin.
	change := func(_ testchain.Application, state map[string]json.RawMessage) {
		var genesis distrtypes.GenesisState
		made.AppCodec().MustUnmarshalJSON(state[distrtypes.ModuleName], &genesis)
		genesis.Params.CommunityTax = math.LegacyNewDecWithPrec(5, 2)
		state[distrtypes.ModuleName] = made.AppCodec().MustMarshalJSON(&genesis)
	}
	return startStock(t, made, testchain.Genesis{Validators: validators, Accounts: accounts, Change: change}), queries
}

// ownCommunityPool has the blocks' x/distribution keep the community pool itself, and returns its keeper.
func ownCommunityPool(made *wasmapp.WasmApp) distrkeeper.Keeper {
	keeper := distrkeeper.NewKeeper(made.AppCodec(), runtime.NewKVStoreService(made.GetKey(distrtypes.StoreKey)),
		made.AccountKeeper, made.BankKeeper, made.StakingKeeper, authtypes.FeeCollectorName, governance())
	made.ModuleManager.Modules[distrtypes.ModuleName] = distribution.NewAppModule(
		made.AppCodec(), keeper, made.AccountKeeper, made.BankKeeper, made.StakingKeeper, nil)
	return keeper
}

// newBinary is the application without x/distribution, as a chain makes it for the upgrade. What the handler does
// after the move is up to the caller.
func newBinary(t testing.TB, m machine, pool sdk.AccAddress, moved func(*world, sdk.Context)) *world {
	t.Helper()
	w := &world{t: t, pool: pool}
	w.app = app.New(log.NewNopLogger(), m.db, nil, false,
		simtestutil.NewAppOptionsWithFlagHome(m.home), m.engine(), baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, w.app.Close()) })

	old := storetypes.NewKVStoreKey(distrtypes.StoreKey)
	w.app.MountStores(old)
	move := upgrade.Move{
		Distribution: distrkeeper.NewKeeper(w.app.AppCodec(), runtime.NewKVStoreService(old),
			w.app.AccountKeeper, w.app.BankKeeper, w.app.StakingKeeper, authtypes.FeeCollectorName, governance()),
		Staking: w.app.StakingKeeper, Bank: w.app.BankKeeper,
		Querier: &w.app.WasmKeeper, Executor: wasmkeeper.NewDefaultPermissionKeeper(&w.app.WasmKeeper),
		Pool: pool, Owner: authtypes.NewModuleAddress(govtypes.ModuleName),
	}
	services := module.NewConfigurator(w.app.AppCodec(), w.app.MsgServiceRouter(), w.app.GRPCQueryRouter())
	w.app.UpgradeKeeper.SetUpgradeHandler(planName,
		func(ctx context.Context, _ upgradetypes.Plan, from module.VersionMap) (module.VersionMap, error) {
			versions, err := w.app.ModuleManager.RunMigrations(ctx, services, from)
			if err != nil {
				return nil, err
			}
			if _, err := move.Run(sdk.UnwrapSDKContext(ctx)); err != nil {
				return nil, err
			}
			if err := w.app.FeedKeeper.SetParams(ctx, w.poolParams()); err != nil {
				return nil, err
			}
			moved(w, sdk.UnwrapSDKContext(ctx))
			return versions, nil
		})
	plan, err := w.app.UpgradeKeeper.ReadUpgradeInfoFromDisk()
	require.NoError(t, err)
	w.app.SetStoreLoader(upgradetypes.UpgradeStoreLoader(plan.Height, &storetypes.StoreUpgrades{Added: []string{types.StoreKey}}))
	require.NoError(t, w.app.LoadLatestVersion())
	return w
}

const planName = "fees to the pool"

// stopForUpgrade has governance plan the upgrade, and goes on until the old binary stops.
func (s *stock) stopForUpgrade() {
	s.t.Helper()
	plan := upgradetypes.Plan{Name: planName, Height: s.Height + 8}
	s.Pass("owner", []string{"ada", "bob"}, &upgradetypes.MsgSoftwareUpgrade{Authority: governance(), Plan: plan})
	for s.Height+1 < plan.Height {
		s.Block()
	}
	_, err := s.app.FinalizeBlock(&abci.RequestFinalizeBlock{Height: plan.Height, Time: s.Time.Add(testchain.BlockTime)})
	require.ErrorContains(s.t, err, fmt.Sprintf("UPGRADE %q NEEDED", planName))
}

func TestWalletsSeeNoDifferenceWhenAChainMoves(t *testing.T) {
	for seed := range int64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := newMachine(t)
			s, queries := oldBinary(t, m)
			s.Fee = sdk.NewCoins(stake(1000), sdk.NewInt64Coin("uatom", 77_777))
			pool := s.Instantiate("owner", s.Store("owner", "fee-pool"), M{
				"reward_denoms": []string{testchain.BondDenom, "uatom"}, "source": M{"hooks": M{"dialect": "juno"}},
				"owner": governance(),
			})
			operations := s.randomly(rand.New(rand.NewSource(seed)), 200)
			require.Len(t, operations, 9, "every kind succeeded: %v", operations)
			s.stopForUpgrade()
			before := look(t, queries, s.Context(), s.app.StakingKeeper, stakers)

			asked := false
			w := newBinary(t, m, pool, func(w *world, ctx sdk.Context) {
				asked = true
				after := look(t, w.app.GRPCQueryRouter(), ctx, w.app.StakingKeeper, stakers)
				requireSame(t, before, after)
				w.requirePaid(ctx, after)
			})
			s.Upgrade(w.app, w.account)
			w.Chain = s.Chain
			w.Block()
			require.True(t, asked)
			w.requireGoesOn(before)
		})
	}
}

// requireSame requires that wallets show the same before and after the move. What x/distribution's rounding has left
// to nobody is part of its outstanding rewards, and afterwards of the community pool: less than a base unit.
func requireSame(t testing.TB, before, after wallet) {
	t.Helper()
	require.Equal(t, before.texts, after.texts)
	require.Len(t, after.amounts, len(before.amounts))
	sumBefore, sumAfter := sdk.DecCoins{}, sdk.DecCoins{}
	for of, amount := range before.amounts {
		if of.kind == claims || of.kind == totals {
			require.Equal(t, amount.String(), after.amounts[of].String(), "%v", of)
			continue
		}
		require.True(t, difference(amount, after.amounts[of]).LT(math.LegacyOneDec()), "%v: %s and then %s", of, amount, after.amounts[of])
		sumBefore, sumAfter = sumBefore.Add(amount...), sumAfter.Add(after.amounts[of]...)
	}
	require.True(t, difference(sumBefore, sumAfter).LTE(rounding), "%s and then %s", sumBefore, sumAfter)
}

// requirePaid requires that every claim pays what wallets show, in this very state.
func (w *world) requirePaid(ctx sdk.Context, shows wallet) {
	w.t.Helper()
	ctx, _ = ctx.CacheContext()
	paid := 0
	for it, amount := range shows.amounts {
		if it.kind != claims {
			continue
		}
		var message sdk.Msg = distrtypes.NewMsgWithdrawDelegatorReward(it.of.delegator, it.of.validator)
		if it.of.delegator == "" {
			message = distrtypes.NewMsgWithdrawValidatorCommission(it.of.validator)
		}
		whole, _ := amount.TruncateDecimal()
		result, err := w.app.MsgServiceRouter().Handler(message)(ctx, message)
		if it.of.delegator == "" && whole.IsZero() {
			require.ErrorIs(w.t, err, distrtypes.ErrNoValidatorCommission)
			continue
		}
		require.NoError(w.t, err)
		response := result.MsgResponses[0].GetCachedValue().(interface{ GetAmount() sdk.Coins })
		require.Equal(w.t, whole.String(), response.GetAmount().String(), "%v", it.of)
		if !whole.IsZero() {
			paid++
		}
	}
	require.Greater(w.t, paid, len(stakers))
}

// requireGoesOn requires that a chain that has moved splits its blocks, pays, and follows x/staking.
func (w *world) requireGoesOn(before wallet) {
	w.t.Helper()
	now := look(w.t, w.app.GRPCQueryRouter(), w.Context(), w.app.StakingKeeper, stakers)
	for of, amount := range before.amounts {
		if of.kind == claims {
			_, less := now.amounts[of].SafeSub(amount)
			require.False(w.t, less, "%v: %s and then %s", of, amount, now.amounts[of])
		}
	}
	for _, name := range stakers {
		var withdrawals []sdk.Msg
		validators, err := w.app.StakingKeeper.GetDelegatorValidators(w.Context(), testchain.Account(name), 100)
		require.NoError(w.t, err)
		for _, it := range validators.Validators {
			withdrawals = append(withdrawals, distrtypes.NewMsgWithdrawDelegatorReward(testchain.Account(name).String(), it.OperatorAddress))
		}
		w.Deliver(name, append(withdrawals, delegate(name, "ada", 1_000_001))...)
	}
	w.sound()
	require.Zero(w.t, w.status(w.pool).Failures)
	require.Equal(w.t, w.Height, w.status(w.pool).Height)
}
