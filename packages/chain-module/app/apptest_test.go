package app_test

import (
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"

	"github.com/cw-distribution/chain-module/app"
	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

type M = testchain.M

// world is a chain with a fee pool that is fed.
type world struct {
	*testchain.Chain
	t    testing.TB
	app  *app.App
	vm   *hostileVM
	pool sdk.AccAddress
}

// callGas is what each call may use.
const callGas = testchain.CallGas

var validators = []testchain.Validator{
	{Name: "ada", Power: 100, Commission: math.LegacyNewDecWithPrec(1, 1)},
	{Name: "bob", Power: 70, Commission: math.LegacyNewDecWithPrec(5, 2)},
	{Name: "cleo", Power: 30, Commission: math.LegacyZeroDec()},
}

func newApp(t testing.TB, vm *hostileVM) *app.App {
	t.Helper()
	made := app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, true, simtestutil.NewAppOptionsWithFlagHome(t.TempDir()),
		[]wasmkeeper.Option{wasmkeeper.WithWasmEngineDecorator(vm.around)}, baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, made.Close()) })
	return made
}

// newChain starts a chain without contracts.
func newChain(t testing.TB, genesis testchain.Genesis) *world {
	t.Helper()
	w := &world{t: t, vm: &hostileVM{}}
	w.app = newApp(t, w.vm)
	w.Chain = testchain.New(t, w.app, w.account, genesis)
	return w
}

func (w *world) account(ctx sdk.Context, address sdk.AccAddress) sdk.AccountI {
	return w.app.AccountKeeper.GetAccount(ctx, address)
}

// newWorld starts a chain with an active fee pool that has a route and hears the hooks.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := newChain(t, testchain.Genesis{
		Validators: validators, Accounts: []string{"owner", "dan", "eve"},
	})
	w.pool = w.FedFeePool("owner", "ada", "bob")
	return w
}

// poolParams feed the pool.
func (w *world) poolParams() types.Params {
	return testchain.FeePoolParams(w.pool)
}

func governance() string { return authtypes.NewModuleAddress(govtypes.ModuleName).String() }

// setParams has governance set the params.
func (w *world) setParams(params types.Params) {
	w.t.Helper()
	w.Pass("owner", []string{"ada", "bob"}, updateParams(params))
}

func updateParams(params types.Params) sdk.Msg {
	return &types.MsgUpdateParams{Authority: governance(), Params: params}
}

// units of a delegation in the pool are its shares in 10^-18.
func (w *world) units(delegator, validator string) math.Int {
	w.t.Helper()
	var answer struct {
		Units math.Int `json:"units"`
	}
	w.Ask(w.pool, M{"delegation": M{
		"delegator": testchain.Account(delegator).String(), "validator": testchain.Operator(validator).String(),
	}}, &answer)
	return answer.Units
}

// sound checks that the pool knows what x/staking knows, and that its ledger adds up.
func (w *world) sound() {
	w.t.Helper()
	ctx := w.Context()
	delegations, err := w.app.StakingKeeper.GetAllDelegations(ctx)
	require.NoError(w.t, err)
	for _, it := range delegations {
		var answer struct {
			Units math.Int `json:"units"`
		}
		w.Ask(w.pool, M{"delegation": M{"delegator": it.DelegatorAddress, "validator": it.ValidatorAddress}}, &answer)
		require.Equal(w.t, it.Shares.BigInt().String(), answer.Units.String(), "units of %s with %s", it.DelegatorAddress, it.ValidatorAddress)
	}
	var ledger struct {
		Denoms []struct {
			Difference string `json:"difference"`
		} `json:"denoms"`
	}
	w.Ask(w.pool, M{"invariants": M{}}, &ledger)
	for _, it := range ledger.Denoms {
		require.NotContains(w.t, it.Difference, "-", "the pool owes more than it has")
	}
}

// powers are those that the pool knows, by operator.
func (w *world) powers() map[string]string {
	w.t.Helper()
	var answer struct {
		Validators []struct {
			Validator string `json:"validator"`
			Power     string `json:"power"`
		} `json:"validators"`
	}
	w.Ask(w.pool, M{"validator_set": M{}}, &answer)
	powers := map[string]string{}
	for _, it := range answer.Validators {
		powers[it.Validator] = it.Power
	}
	return powers
}

// status says how a contract's calls went.
func (w *world) status(contract sdk.AccAddress) types.CallStatus {
	w.t.Helper()
	answer, err := types.NewQueryClient(w.Queries()).Contract(w.Context(), &types.QueryContractRequest{Contract: contract.String()})
	require.NoError(w.t, err)
	return answer.Status
}
