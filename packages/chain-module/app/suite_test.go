package app_test

import (
	"slices"
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
	contracts map[string]sdk.AccAddress
}

func account(name string) string { return testchain.Account(name).String() }

func operator(name string) string { return testchain.Operator(name).String() }

func newSuite(t testing.TB) *suite {
	t.Helper()
	s := newUnfedSuite(t)
	s.feed()
	s.live()
	return s
}

// newUnfedSuite has the contracts, of which the module feeds the first fee pool alone.
func newUnfedSuite(t testing.TB) *suite {
	t.Helper()
	w := newWorld(t)
	w.Fee = sdk.NewCoins(stake(1000), sdk.NewInt64Coin("uatom", 777_777), sdk.NewInt64Coin("uosmo", 555_555))
	s := &suite{w, map[string]sdk.AccAddress{"fee-pool": w.pool}}
	put := func(crate string, msg M) {
		s.contracts[crate] = w.Instantiate("owner", w.Store("owner", crate), msg)
	}
	put("lazy-fee-pool", M{"reward_denoms": []string{"uatom"}, "source": M{"hooks": M{"dialect": "juno"}}})
	put("poa-fee-pool", M{"denoms": []string{testchain.BondDenom}, "validators": []M{
		{"operator": account("ada"), "power": "60"}, {"operator": account("bob"), "power": "40"},
	}})
	put("reward-gauges", M{
		"epoch_length": epochLength, "durations": []int{epochLength}, "gauge_creators": []string{account("eve")},
		"lock_assets": []M{{"native": testchain.BondDenom}}, "reward_assets": []M{{"native": "uosmo"}},
	})
	put("ccv-provider", M{"target": "native"})
	provider := s.contracts["ccv-provider"].String()
	put("holding-pools", M{
		"reward_denoms": []string{"uosmo"}, "order": "ordered", "blocks_per_distribution_transmission": 20,
		"provider": M{
			"connection_id": "connection-0", "port_id": "wasm." + provider, "transfer_channel": "channel-0",
			"receiver": provider, "prefix": "cosmos",
		},
	})
	return s
}

// feed has the module feed all contracts that a chain feeds.
func (s *suite) feed() {
	s.t.Helper()
	contract := func(crate string) string { return s.contracts[crate].String() }
	params := s.poolParams()
	for _, it := range []types.Route{
		{Contract: contract("lazy-fee-pool"), Mode: types.MODE_FEE_POOL, Source: app.OperatorFees, Denoms: []string{"uatom"}},
		{Contract: contract("poa-fee-pool"), Mode: types.MODE_POA_FEE_POOL, Source: app.OperatorFees, Denoms: []string{testchain.BondDenom}},
		{Contract: contract("holding-pools"), Mode: types.MODE_HOLDING_POOLS, Source: authtypes.FeeCollectorName, Denoms: []string{"uosmo"}},
	} {
		it.GasLimit = callGas
		params.Routes = append(params.Routes, it)
	}
	params.Hooks.Contracts = append(params.Hooks.Contracts, contract("lazy-fee-pool"))
	params.Clock = types.Subscription{Contracts: []string{contract("reward-gauges"), contract("holding-pools")}, GasLimit: callGas}
	s.setParams(params)
	s.Activate("owner", s.contracts["lazy-fee-pool"])
}

// answers are what all contracts say to all of their queries in a state.
func (s *suite) answers(w *world, ctx sdk.Context) map[string]string {
	s.t.Helper()
	people := []any{account("ada"), account("bob"), account("dan"), account("eve")}
	operators := []any{operator("ada"), operator("bob"), operator("cleo")}
	ofPool := map[string][]any{"validator": operators, "validators": {operators}, "delegator": people, "account": people}
	all := map[string]string{}
	for crate, values := range map[string]map[string][]any{
		"fee-pool": ofPool, "lazy-fee-pool": ofPool,
		"poa-fee-pool": {
			"id": {1, 2}, "operator": people, "addr": people, "address": people, "account": people, "at_height": {s.Height - 9},
		},
		"reward-gauges": {
			"id": {1, 2}, "lock_asset": {M{"native": testchain.BondDenom}}, "duration": {epochLength}, "epoch": {1, 2, 3},
			"owner": people, "receiver": people, "account": people, "lock_ids": {[]int{1, 2}},
		},
		"holding-pools": {"denom": {"uosmo"}, "validator": operators},
		"ccv-provider":  {"id": {"zone"}, "consumer": {"zone"}, "epoch": {1}, "denom": {"uatom"}, "validator": operators},
	} {
		for name, queries := range queries(s.t, crate, values) {
			answered := false
			for _, query := range queries {
				text := testchain.Encoded(query)
				answer, err := w.app.WasmKeeper.QuerySmart(ctx, s.contracts[crate], text)
				if err != nil {
					answer = []byte(err.Error())
				}
				answered = answered || err == nil
				all[crate+" "+string(text)] = string(answer)
			}
			require.NotEqual(s.t, slices.Contains(silent[crate], name), answered, "%s: %s", crate, name)
		}
	}
	return all
}

// silent are queries that a contract answers with errors: only the lazy accounting has adjustments and keeps changes of
// powers, and no unit arrives here.
var silent = map[string][]string{
	"fee-pool":     {"delegation_adjustment", "commission_adjustment", "power_changes"},
	"ccv-provider": {"unit"},
}

// live has every contract do something.
func (s *suite) live() {
	s.t.Helper()
	execute := func(signer, crate string, msg M, funds ...sdk.Coin) sdk.Msg {
		return testchain.Execute(signer, s.contracts[crate], msg, funds...)
	}
	s.Deliver("owner", execute("owner", "ccv-provider", M{"register_consumer": M{
		"id": "zone", "connection_id": "connection-7", "port_id": "wasm.zone", "contract": account("eve"),
		"transfer_channel": "channel-9", "denoms": []string{"uatom"},
	}}))
	s.Deliver("eve", execute("eve", "reward-gauges", M{"create_gauge": M{
		"lock_asset": M{"native": testchain.BondDenom}, "duration": epochLength, "epochs": 100,
	}}, sdk.NewInt64Coin("uosmo", 1_000_003)))
	s.Deliver("dan", execute("dan", "reward-gauges", M{"lock": M{"duration": epochLength}}, stake(700)),
		execute("dan", "reward-gauges", M{"lock": M{"duration": epochLength, "receiver": account("eve")}}, stake(300)))
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
		withdraw("dan", "cleo"), execute("dan", "lazy-fee-pool", M{"withdraw_delegator_reward": M{"validator": operator("cleo")}}))
	s.Deliver("eve", banktypes.NewMsgSend(testchain.Account("eve"), s.contracts["poa-fee-pool"], sdk.NewCoins(stake(77))))
	s.requireFed()
}

// requireFed requires that no contract has missed a call since it was active.
func (s *suite) requireFed() {
	s.t.Helper()
	s.sound()
	for _, crate := range []string{"fee-pool", "lazy-fee-pool", "holding-pools"} {
		require.Equal(s.t, s.Height, s.status(s.contracts[crate]).Height, crate)
	}
	require.Zero(s.t, s.status(s.contracts["reward-gauges"]).Failures)
}

// goOn has a chain go on whose contracts have moved.
func (s *suite) goOn() {
	s.t.Helper()
	s.Deliver("dan", redelegate("dan", "ada", "bob", 20_000_000), withdraw("dan", "ada"))
	s.Later(epochLength * time.Second)
	s.Blocks(2)
	s.requireFed()
}

func TestExportAndImportChangeNoAnswer(t *testing.T) {
	s := newSuite(t)
	before := s.answers(s.world, s.Context())
	seen := false
	s.world = s.restart(func(next *world, ctx sdk.Context) {
		seen = true
		require.Equal(t, before, s.answers(next, ctx))
	})
	require.True(t, seen)
	s.goOn()
}

func TestMigrationsToNewCodesChangeNoAnswer(t *testing.T) {
	s := newSuite(t)
	var migrations []sdk.Msg
	codes := map[string]uint64{}
	for crate, contract := range s.contracts {
		codes[crate] = s.StoreAnother("owner", crate)
		migrations = append(migrations, &wasmtypes.MsgMigrateContract{
			Sender: account("owner"), Contract: contract.String(), CodeID: codes[crate], Msg: []byte("{}"),
		})
	}
	ctx := s.Context()
	before := s.answers(s.world, ctx)
	for _, it := range migrations {
		_, err := s.app.MsgServiceRouter().Handler(it)(ctx, it)
		require.NoError(t, err)
	}
	require.Equal(t, before, s.answers(s.world, ctx))

	s.Deliver("owner", migrations...)
	for crate, contract := range s.contracts {
		require.Equal(t, codes[crate], s.app.WasmKeeper.GetContractInfo(s.Context(), contract).CodeID)
	}
	s.goOn()
}
