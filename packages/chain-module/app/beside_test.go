package app_test

import (
	"encoding/json"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	wasmapp "github.com/CosmWasm/wasmd/app"

	"github.com/cw-distribution/chain-module/app/beside"
	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

// besideXDistribution is wasmd's own application with the module before x/distribution.
func besideXDistribution(t *testing.T) *stock {
	t.Helper()
	app := wasmapp.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, false,
		simtestutil.NewAppOptionsWithFlagHome(t.TempDir()), nil, baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, app.Close()) })
	_, err := beside.Add(app, authtypes.FeeCollectorName)
	require.NoError(t, err)
	require.NoError(t, app.LoadLatestVersion())

	return startStock(t, app, testchain.Genesis{
		Validators: validators, Accounts: []string{"owner", "dan"},
		Change: func(app testchain.Application, state map[string]json.RawMessage) {
			state[types.ModuleName] = app.AppCodec().MustMarshalJSON(types.DefaultGenesis())
		},
	})
}

func TestXDistributionSplitsTheDenomsWithoutARoute(t *testing.T) {
	s := besideXDistribution(t)
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
