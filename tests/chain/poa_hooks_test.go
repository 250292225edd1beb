package chain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"

	"cw-distribution/tests/chain/hostile"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/poa"
	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/suite"
)

// What the README promises a hook.
const (
	hookGas        = 500_000
	hookGasPerDiff = 250_000
)

func addHook(t *testing.T, p *poa.Pool, hook sdk.AccAddress) {
	t.Helper()
	_, err := p.Execute(poa.Admin, poa.M{"add_hook": poa.M{"addr": hook.String()}})
	require.NoError(t, err)
}

// feePoolBelow makes a fee pool whose group is the PoA pool, and which is a hook of it.
func feePoolBelow(t *testing.T, p *poa.Pool, accounting pool.Accounting, more poa.M) sdk.AccAddress {
	t.Helper()
	wasm, err := suite.Wasm(string(accounting))
	require.NoError(t, err)
	code, err := p.StoreCode(node.Account(poa.Admin), wasm)
	require.NoError(t, err)
	msg := poa.M{"reward_denoms": p.Setup.Denoms, "group": p.Address.String(), "active": true}
	for field, value := range more {
		msg[field] = value
	}
	below, _, err := p.Instantiate(node.Contract{
		Code: code, Sender: node.Account(poa.Admin), Label: string(accounting), Msg: encode(t, msg),
	})
	require.NoError(t, err)
	addHook(t, p, below)
	return below
}

// powerBelow is the total power that a fee pool knows.
func powerBelow(t *testing.T, p *poa.Pool, below sdk.AccAddress) string {
	t.Helper()
	var answer struct {
		TotalPower string `json:"total_power"`
	}
	outcome, err := p.Node.Query(below, encode(t, poa.M{"last_block": poa.M{}}))
	require.NoError(t, err)
	decode(t, outcome.Data, &answer)
	return answer.TotalPower
}

func totalPower(t *testing.T, p *poa.Pool) string {
	t.Helper()
	var answer struct {
		TotalPower string `json:"total_power"`
	}
	require.NoError(t, p.Query(poa.M{"total_power": poa.M{}}, &answer))
	return answer.TotalPower
}

// failedHooks are the hooks of which events say that they failed.
func failedHooks(t *testing.T, outcome node.Outcome) []string {
	t.Helper()
	var failed []string
	for _, event := range outcome.Events {
		if event.Type != "wasm-hook_failed" {
			continue
		}
		hook, found := event.GetAttribute("hook")
		require.True(t, found)
		failed = append(failed, hook.Value)
	}
	return failed
}

func TestAPowerChangeReachesAFeePoolInTheSameTransaction(t *testing.T) {
	p := startPoa(t, poa.Setup{Denoms: pool.Denoms(1), Validators: 4})
	admin := []string{node.Account(poa.Admin).String()}
	below := feePoolBelow(t, p, pool.F1, poa.M{"reporters": poa.M{"block": admin, "staking": admin}})
	require.Equal(t, "0", powerBelow(t, p, below))
	outcome, err := p.Execute(poa.Admin, p.Powers(4))
	require.NoError(t, err)
	require.EqualValues(t, 2, outcome.Gas.Calls, "the message and its hook")
	require.Empty(t, failedHooks(t, outcome))
	require.Equal(t, "499000004", powerBelow(t, p, below))

	// A hook that cannot be called is an event, and the others are called.
	nobody := node.Account("nobody")
	addHook(t, p, nobody)
	outcome, err = p.Execute(poa.Admin, poa.M{"update_validators": poa.M{"validators": []poa.M{poa.Validator(0, 7)}}})
	require.NoError(t, err)
	require.Equal(t, "399000010", powerBelow(t, p, below))
	require.Equal(t, []string{nobody.String()}, failedHooks(t, outcome))
}

func TestALargeBatchReachesAFeePoolWithinTheGasOfItsHook(t *testing.T) {
	p := startPoa(t, poa.Setup{Denoms: pool.Denoms(8), Validators: 400})
	below := feePoolBelow(t, p, pool.Lazy, nil)
	for range 2 {
		for _, changes := range []int{1, 100} {
			outcome, err := p.Execute(poa.Admin, p.Powers(changes))
			require.NoError(t, err)
			require.Empty(t, failedHooks(t, outcome))
			coins := sdk.NewCoins()
			for _, denom := range p.Setup.Denoms {
				coins = coins.Add(sdk.NewInt64Coin(denom, 1_000_003))
			}
			require.NoError(t, p.App.BankKeeper.SendCoins(p.Context(), node.Account(pool.Funder), below, coins))
			_, err = p.Node.Sudo(below, encode(t, poa.M{"begin_block": poa.M{"last_commit": poa.M{"signed_power": "1"}}}))
			require.NoError(t, err)
			require.NoError(t, p.Next())
			t.Logf("%d changes and the hook: %d gas", changes, outcome.Gas.Total)
		}
	}
}

// burners are contracts that burn all the gas they get.
func burners(t *testing.T, p *poa.Pool, count int) []sdk.AccAddress {
	t.Helper()
	code, err := p.StoreCode(node.Account("mallory"), hostile.Burner())
	require.NoError(t, err)
	made := make([]sdk.AccAddress, count)
	for index := range made {
		made[index], _, err = p.Instantiate(node.Contract{
			Code: code, Sender: node.Account("mallory"), Label: "burner", Msg: []byte("{}"),
		})
		require.NoError(t, err)
	}
	return made
}

func TestAHookThatBurnsAllItsGasVetoesNoPowerChange(t *testing.T) {
	p := startPoa(t, poa.Setup{Denoms: pool.Denoms(1), Validators: 4})
	burner := burners(t, p, 1)[0]
	addHook(t, p, burner)
	below := feePoolBelow(t, p, pool.F1, nil)
	require.NoError(t, p.Fees(499))

	const changes = 4
	outcome, err := p.Execute(poa.Admin, p.Powers(changes))
	require.NoError(t, err)
	require.Equal(t, []string{burner.String()}, failedHooks(t, outcome), "the failure can be seen")
	require.Equal(t, "499000004", totalPower(t, p), "the change stands")
	require.Equal(t, "499000004", powerBelow(t, p, below), "the hook behind it is called")
	require.Nil(t, p.App.WasmKeeper.QueryRaw(p.Context(), burner, []byte(hostile.Heard)), "what it wrote is undone")
	require.Equal(t, []coin{{Denom: p.Setup.Denoms[0], Amount: "100"}}, withdrawable(t, p, 0).Claimable,
		"fees until then are shared by the powers until then")
	classes, _ := poaLedger(t, p)
	require.Equal(t, "0", classes["in_flight"])

	// It took what hooks may use, and nothing beyond.
	_, err = p.Execute(poa.Admin, poa.M{"remove_hook": poa.M{"addr": burner.String()}})
	require.NoError(t, err)
	others := make([]poa.M, changes)
	for index := range others {
		others[index] = poa.Validator(index, 7)
	}
	again, err := p.Execute(poa.Admin, poa.M{"update_validators": poa.M{"validators": others}})
	require.NoError(t, err)
	require.Empty(t, failedHooks(t, again))
	const limit, reply = hookGas + changes*hookGasPerDiff, 100_000
	burned := outcome.Gas.Total - again.Gas.Total
	require.InDelta(t, limit, burned, reply)
}

func TestTenHooksThatBurnAllTheirGasVetoNoHandOver(t *testing.T) {
	p := startPoa(t, poa.Setup{Denoms: pool.Denoms(1), Validators: 4})
	all := burners(t, p, 10)
	names := make([]string, len(all))
	for index, burner := range all {
		addHook(t, p, burner)
		names[index] = burner.String()
	}
	require.NoError(t, p.Fees(499))
	heir := node.Account("heir").String()
	offer := poa.M{"update_operator": poa.M{"operator": poa.Operator(0), "new_operator": heir}}
	outcome, err := p.Execute(pool.Validator(0), offer)
	require.NoError(t, err)
	require.EqualValues(t, 1, outcome.Gas.Calls, "an offer changes no power and calls no hook")
	outcome, err = p.Execute("heir", poa.M{"accept_operator": poa.M{"id": 1}})
	require.NoError(t, err)
	require.Equal(t, names, failedHooks(t, outcome))
	require.Equal(t, []coin{{Denom: p.Setup.Denoms[0], Amount: "100"}}, withdrawable(t, p, 0).Claimable)
	var member struct {
		Weight uint64 `json:"weight"`
	}
	require.NoError(t, p.Query(poa.M{"member": poa.M{"addr": heir}}, &member))
	require.EqualValues(t, poa.Power, member.Weight)

	// Nothing that changes no power calls them.
	for _, quiet := range []poa.M{{"withdraw_fees": poa.M{}}, {"checkpoint": poa.M{}}} {
		outcome, err = p.Execute(pool.Validator(0), quiet)
		require.NoError(t, err)
		require.EqualValues(t, 1, outcome.Gas.Calls)
	}
}

// A transaction brings what its hooks may use, or less: then it fails as a whole, and nothing is
// half done.
func TestAPowerChangeNeedsTheGasThatItsHooksMayUse(t *testing.T) {
	p := startPoa(t, poa.Setup{Denoms: pool.Denoms(1), Validators: 4})
	addHook(t, p, burners(t, p, 1)[0])
	below := feePoolBelow(t, p, pool.F1, nil)
	const changes, itself = 4, 900_000
	const hook = hookGas + changes*hookGasPerDiff
	change := func(gas uint64) error {
		_, err := p.Run(func(ctx sdk.Context) error {
			keeper := wasmkeeper.NewDefaultPermissionKeeper(p.App.WasmKeeper)
			ctx = ctx.WithGasMeter(storetypes.NewGasMeter(gas))
			_, err := keeper.Execute(ctx, p.Address, node.Account(poa.Admin), encode(t, p.Powers(changes)), nil)
			return err
		})
		return err
	}
	require.ErrorContains(t, change(hook), "panicked")
	require.Equal(t, "499000000", totalPower(t, p))
	require.Equal(t, "0", powerBelow(t, p, below))

	require.NoError(t, change(hook+itself))
	require.Equal(t, "499000004", totalPower(t, p))
	require.Equal(t, "499000004", powerBelow(t, p, below))
}
