package app_test

import (
	"encoding/json"
	"slices"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"
	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/runtime"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmapp "github.com/CosmWasm/wasmd/app"

	chainmodule "github.com/cw-distribution/chain-module"
	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"
)

// beside is wasmd's own application with the module added before x/distribution.
func beside(t *testing.T) *stock {
	t.Helper()
	app := wasmapp.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, false,
		simtestutil.NewAppOptionsWithFlagHome(t.TempDir()), nil, baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, app.Close()) })
	key := storetypes.NewKVStoreKey(types.StoreKey)
	app.MountKVStores(map[string]*storetypes.KVStoreKey{types.StoreKey: key})
	feed := keeper.NewKeeper(keeper.Setup{
		Codec: app.AppCodec(), StoreService: runtime.NewKVStoreService(key), Addresses: app.AccountKeeper.AddressCodec(),
		Bank: app.BankKeeper, Staking: app.StakingKeeper, Wasm: &app.WasmKeeper,
		Authority: governance(), Sources: []string{authtypes.FeeCollectorName},
	})
	types.RegisterInterfaces(app.InterfaceRegistry())
	types.RegisterMsgServer(app.MsgServiceRouter(), keeper.NewMsgServer(feed))
	types.RegisterQueryServer(app.GRPCQueryRouter(), keeper.NewQueryServer(feed))

	modules := app.ModuleManager
	modules.Modules[types.ModuleName] = chainmodule.NewAppModule(app.AppCodec(), feed)
	modules.OrderBeginBlockers = slices.Insert(modules.OrderBeginBlockers,
		slices.Index(modules.OrderBeginBlockers, distrtypes.ModuleName), types.ModuleName)
	modules.OrderEndBlockers = append(modules.OrderEndBlockers, types.ModuleName)
	modules.OrderInitGenesis = append(modules.OrderInitGenesis, types.ModuleName)
	modules.OrderExportGenesis = append(modules.OrderExportGenesis, types.ModuleName)
	// Hooks can be set once only, but they are a slice whose elements can be replaced.
	hooks := app.StakingKeeper.Hooks().(stakingtypes.MultiStakingHooks)
	last := len(hooks) - 1
	hooks[last] = stakingtypes.NewMultiStakingHooks(hooks[last], feed.Hooks())
	require.NoError(t, app.LoadLatestVersion())

	s := &stock{t: t, app: app, open: sums{}, lost: sums{}, dropped: sums{}}
	s.Chain = testchain.New(t, app, s.account, testchain.Genesis{
		Validators: validators, Accounts: []string{"owner", "dan"},
		Change: func(app testchain.Application, state map[string]json.RawMessage) {
			state[types.ModuleName] = app.AppCodec().MustMarshalJSON(types.DefaultGenesis())
		},
	})
	return s
}

func TestXDistributionSplitsTheDenomsWithoutARoute(t *testing.T) {
	s := beside(t)
	pool := s.FeePool("owner", "uatom")
	s.Pass("owner", []string{"ada", "bob"}, updateParams(types.Params{
		Routes: []types.Route{{
			Contract: pool.String(), Mode: types.MODE_FEE_POOL, Source: authtypes.FeeCollectorName, Denoms: []string{"uatom"}, GasLimit: callGas,
		}},
		Hooks: types.Subscription{Contracts: []string{pool.String()}, GasLimit: callGas},
	}))
	s.Activate("owner", pool)
	s.Deliver("dan", delegate("dan", "ada", 50_000_000))
	s.Fee = sdk.NewCoins(stake(500_000), sdk.NewInt64Coin("uatom", 900_000))
	s.Blocks(3)
	s.Deliver("dan", banktypes.NewMsgSend(testchain.Account("dan"), testchain.Account("owner"), sdk.NewCoins(stake(1))))
	s.Block()

	request := &distrtypes.QueryDelegationRewardsRequest{
		DelegatorAddress: testchain.Account("dan").String(), ValidatorAddress: testchain.Operator("ada").String(),
	}
	native, err := s.distribution().DelegationRewards(s.Context(), request)
	require.NoError(t, err)
	require.True(t, native.Rewards.AmountOf(testchain.BondDenom).IsPositive())
	require.True(t, native.Rewards.AmountOf("uatom").IsZero())
	var routed struct {
		Rewards sdk.DecCoins `json:"rewards"`
	}
	s.Ask(pool, M{"delegation_rewards": M{"delegator": request.DelegatorAddress, "validator": request.ValidatorAddress}}, &routed)
	// 98 % of the fees, 150 of 250 of the power, 90 % after commission, 50 of 150 of the stake.
	require.Equal(t, "158760.000000000000000000", routed.Rewards.AmountOf("uatom").String())
}
