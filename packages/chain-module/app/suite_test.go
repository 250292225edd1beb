package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/app"
	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

// epochLength is that of the gauges here, in seconds.
const epochLength = 60

// suite is a chain with every contract of the suite, of which each has done something.
type suite struct {
	*world
	members []member
}

func newSuite(t testing.TB) *suite {
	t.Helper()
	w := newWorld(t)
	w.Fee = sdk.NewCoins(stake(1000), sdk.NewInt64Coin("uatom", 777_777), sdk.NewInt64Coin("uosmo", 555_555))
	make := func(crate string, msg M) sdk.AccAddress {
		return w.Instantiate("owner", w.Store("owner", crate), msg)
	}
	account := func(name string) string { return testchain.Account(name).String() }
	native := func(denom string) M { return M{"native": denom} }

	lazy := make("lazy-fee-pool", M{"reward_denoms": []string{"uatom"}, "source": M{"hooks": M{"dialect": "juno"}}})
	poa := make("poa-fee-pool", M{"denoms": []string{testchain.BondDenom}, "validators": []M{
		{"operator": account("ada"), "power": "60"}, {"operator": account("bob"), "power": "40"},
	}})
	gauges := make("reward-gauges", M{
		"epoch_length": epochLength, "durations": []int{epochLength}, "gauge_creators": []string{account("eve")},
		"lock_assets": []M{native(testchain.BondDenom)}, "reward_assets": []M{native("uosmo")},
	})
	provider := make("ccv-provider", M{"target": "native"})
	holdings := make("holding-pools", M{
		"reward_denoms": []string{"uosmo"}, "order": "ordered", "blocks_per_distribution_transmission": 20,
		"provider": M{
			"connection_id": "connection-0", "port_id": "wasm." + provider.String(), "transfer_channel": "channel-0",
			"receiver": provider.String(), "prefix": "cosmos",
		},
	})

	params := w.poolParams()
	route := params.Routes[0]
	for _, it := range []types.Route{
		{Contract: lazy.String(), Mode: types.MODE_FEE_POOL, Source: app.OperatorFees, Denoms: []string{"uatom"}},
		{Contract: poa.String(), Mode: types.MODE_POA_FEE_POOL, Source: app.OperatorFees, Denoms: []string{testchain.BondDenom}},
		{Contract: holdings.String(), Mode: types.MODE_HOLDING_POOLS, Source: authtypes.FeeCollectorName, Denoms: []string{"uosmo"}},
	} {
		it.GasLimit = route.GasLimit
		params.Routes = append(params.Routes, it)
	}
	params.Hooks.Contracts = append(params.Hooks.Contracts, lazy.String())
	params.Clock = types.Subscription{Contracts: []string{gauges.String(), holdings.String()}, GasLimit: callGas}
	w.setParams(params)
	w.Activate("owner", lazy)

	people := []any{account("ada"), account("bob"), account("dan"), account("eve")}
	operators := []any{}
	for _, it := range validators {
		operators = append(operators, testchain.Operator(it.Name).String())
	}
	ofPool := map[string][]any{"validator": operators, "validators": {operators}, "delegator": people, "account": people}
	s := &suite{w, []member{
		// Adjustments and changes of powers are those of the other accounting.
		{"fee-pool", w.pool, queries(t, "fee-pool", ofPool), []string{"delegation_adjustment", "commission_adjustment", "power_changes"}},
		{"lazy-fee-pool", lazy, queries(t, "lazy-fee-pool", ofPool), nil},
		{"poa-fee-pool", poa, queries(t, "poa-fee-pool", map[string][]any{
			"id": {1, 2, nil}, "operator": append(people, nil), "addr": people, "address": people, "account": people,
			"at_height": {w.Height, nil},
		}), nil},
		{"reward-gauges", gauges, queries(t, "reward-gauges", map[string][]any{
			"id": {1, 2}, "lock_asset": {native(testchain.BondDenom)}, "duration": {epochLength}, "epoch": {1, 2, 3},
			"owner": people, "receiver": people, "account": people, "lock_ids": {[]int{1, 2}},
		}), nil},
		{"holding-pools", holdings, queries(t, "holding-pools", map[string][]any{"denom": {"uosmo"}, "validator": operators}), nil},
		{"ccv-provider", provider, queries(t, "ccv-provider", map[string][]any{
			"id": {"zone"}, "consumer": {"zone"}, "epoch": {1}, "denom": {"uatom"}, "validator": operators,
		}), []string{"unit"}},
	}}
	s.live()
	return s
}

// contract is the address of a contract.
func (s *suite) contract(crate string) sdk.AccAddress {
	for _, it := range s.members {
		if it.crate == crate {
			return it.address
		}
	}
	return nil
}

// live has every contract do something.
func (s *suite) live() {
	s.t.Helper()
	execute := func(signer, crate string, msg M, funds ...sdk.Coin) sdk.Msg {
		return testchain.Execute(signer, s.contract(crate), msg, funds...)
	}
	s.Deliver("owner", execute("owner", "ccv-provider", M{"register_consumer": M{
		"id": "zone", "connection_id": "connection-7", "port_id": "wasm.zone", "contract": testchain.Account("eve").String(),
		"transfer_channel": "channel-9", "denoms": []string{"uatom"},
	}}))
	s.Deliver("eve", execute("eve", "reward-gauges", M{"create_gauge": M{
		"lock_asset": M{"native": testchain.BondDenom}, "duration": epochLength, "epochs": 100,
	}}, sdk.NewInt64Coin("uosmo", 1_000_003)))
	s.Deliver("dan", execute("dan", "reward-gauges", M{"lock": M{"duration": epochLength}}, stake(700)),
		execute("dan", "reward-gauges", M{"lock": M{"duration": epochLength, "receiver": testchain.Account("eve").String()}}, stake(300)))
	s.Deliver("dan", delegate("dan", "ada", 50_000_001), delegate("dan", "cleo", 3_333_333),
		distrtypes.NewMsgSetWithdrawAddress(testchain.Account("dan"), testchain.Account("eve")))
	s.Deliver("eve", delegate("eve", "bob", 7_000_003), undelegate("eve", "bob", 2_000_001))
	s.Absent["cleo"] = true
	for range 12 {
		s.Deliver("eve", banktypes.NewMsgSend(testchain.Account("eve"), authtypes.NewModuleAddress(app.OperatorFees),
			sdk.NewCoins(stake(1_000_003), sdk.NewInt64Coin("uatom", 2_000_003))))
	}
	s.Absent["cleo"] = false
	s.Deliver("ada", execute("ada", "poa-fee-pool", M{"checkpoint": M{}}))
	s.Later(3 * epochLength * time.Second)
	s.Blocks(5)
	s.Deliver("dan", execute("dan", "reward-gauges", M{"claim": M{"lock_ids": []int{1}}}), execute("dan", "reward-gauges", M{"begin_unlock": M{"id": 2}}),
		withdraw("dan", "cleo"), execute("dan", "lazy-fee-pool", M{"withdraw_delegator_reward": M{"validator": testchain.Operator("cleo").String()}}))
	s.Deliver("eve", banktypes.NewMsgSend(testchain.Account("eve"), s.contract("poa-fee-pool"), sdk.NewCoins(stake(77))))
	s.requireFed()
}

// requireFed requires that no contract has missed a call since it was active.
func (s *suite) requireFed() {
	s.t.Helper()
	s.sound()
	for _, crate := range []string{"fee-pool", "lazy-fee-pool", "holding-pools"} {
		require.Equal(s.t, s.Height, s.status(s.contract(crate)).Height, crate)
	}
	require.Zero(s.t, s.status(s.contract("reward-gauges")).Failures)
}

func (s *suite) everything(w *world, ctx sdk.Context) map[string]map[string]string {
	s.t.Helper()
	all := map[string]map[string]string{}
	for _, it := range s.members {
		all[it.crate] = w.answers(ctx, it)
	}
	return all
}

func TestExportAndImportChangeNoAnswer(t *testing.T) {
	s := newSuite(t)
	before := s.everything(s.world, s.Context())
	seen := false
	next := s.restart(func(next *world, ctx sdk.Context) {
		seen = true
		require.Equal(t, before, s.everything(next, ctx))
	})
	require.True(t, seen)
	s.world = next
	s.Deliver("dan", redelegate("dan", "ada", "bob", 20_000_000), withdraw("dan", "ada"))
	s.Later(epochLength * time.Second)
	s.Blocks(2)
	s.requireFed()
}

func TestMigrationsToNewCodesChangeNoAnswer(t *testing.T) {
	s := newSuite(t)
	var migrations []sdk.Msg
	for _, it := range s.members {
		migrations = append(migrations, &wasmtypes.MsgMigrateContract{
			Sender: testchain.Account("owner").String(), Contract: it.address.String(),
			CodeID: s.StoreAnother("owner", it.crate), Msg: []byte("{}"),
		})
	}
	ctx := s.Context()
	before := s.everything(s.world, ctx)
	for _, it := range migrations {
		_, err := s.app.MsgServiceRouter().Handler(it)(ctx, it)
		require.NoError(t, err)
	}
	require.Equal(t, before, s.everything(s.world, ctx))

	s.Deliver("owner", migrations...)
	for index, it := range s.members {
		info := s.app.WasmKeeper.GetContractInfo(s.Context(), it.address)
		require.Equal(t, migrations[index].(*wasmtypes.MsgMigrateContract).CodeID, info.CodeID)
	}
	s.Deliver("dan", redelegate("dan", "ada", "bob", 20_000_000), withdraw("dan", "ada"))
	s.Later(epochLength * time.Second)
	s.Blocks(2)
	s.requireFed()
}
