package chain_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"

	"github.com/CosmWasm/wasmd/app"

	"github.com/cw-distribution/chain-module/keeper"

	"cw-distribution/tests/chain/feed"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/poa"
	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/suite"
)

// startPoa puts a PoA pool onto a chain of its own.
func startPoa(t *testing.T, setup poa.Setup, options ...node.Option) *poa.Pool {
	t.Helper()
	chain, err := node.New(pool.Genesis(), options...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	p, err := poa.New(chain, setup)
	require.NoError(t, err)
	return p
}

func withdrawable(t *testing.T, p *poa.Pool, index int) rewards {
	t.Helper()
	var answer rewards
	require.NoError(t, p.Query(poa.M{"withdrawable_fees": poa.M{"operator": poa.Operator(index)}}, &answer))
	return answer
}

// undelivered is what waits for an operator's next withdrawal.
func undelivered(t *testing.T, p *poa.Pool, index int) []coin {
	t.Helper()
	var kept struct {
		Amount []coin `json:"amount"`
	}
	require.NoError(t, p.Query(poa.M{"undelivered": poa.M{"account": poa.Operator(index)}}, &kept))
	return kept.Amount
}

// poaLedger is what the pool owes of its first denom by class, in points, and what is not allocated yet.
func poaLedger(t *testing.T, p *poa.Pool) (map[string]string, string) {
	t.Helper()
	var answer struct {
		Denoms []struct {
			Liabilities []struct {
				Class  string `json:"class"`
				Points string `json:"points"`
			} `json:"liabilities"`
			Difference string `json:"difference"`
		} `json:"denoms"`
	}
	require.NoError(t, p.Query(poa.M{"invariants": poa.M{}}, &answer))
	require.NotEmpty(t, answer.Denoms)
	classes := map[string]string{}
	for _, liability := range answer.Denoms[0].Liabilities {
		classes[liability.Class] = liability.Points
	}
	require.NotContains(t, answer.Denoms[0].Difference, "-")
	return classes, answer.Denoms[0].Difference
}

func TestAModuleRoutesEverythingItCollectsToThePoaPool(t *testing.T) {
	var module keeper.Keeper
	p := startPoa(t, poa.Setup{Denoms: pool.Denoms(1), Validators: 4}, feed.Graft(&module))
	require.NoError(t, module.SetParams(p.Context(),
		feed.PoaFeePool(p.Address.String(), authtypes.FeeCollectorName, p.Setup.Denoms...)))
	const blocks, fees = 12, 499
	for range blocks {
		collect(t, p.Node, fees)
		require.NoError(t, p.Next())
	}
	collector := authtypes.NewModuleAddress(authtypes.FeeCollectorName)
	require.True(t, p.App.BankKeeper.GetAllBalances(p.Context(), collector).IsZero())
	denom := pool.Denoms(1)[0]
	received := p.App.BankKeeper.GetBalance(p.Context(), p.Address, denom).Amount
	require.EqualValues(t, blocks*fees, received.Int64(), "all fees are the pool's")

	// 100 of 499 parts of 12 * 499.
	require.Equal(t, []coin{{Denom: denom, Amount: "1200"}}, withdrawable(t, p, 0).Claimable)
	_, err := p.Execute(pool.Validator(0), poa.M{"withdraw_fees": poa.M{}})
	require.NoError(t, err)
	paid := p.App.BankKeeper.GetBalance(p.Context(), node.Account(pool.Validator(0)), denom).Amount
	require.EqualValues(t, 1200, paid.Int64())
}

// A denom that the bank refuses or whose hook panics waits with the module, while the others arrive and
// the chain goes on.
func TestADenomThatCannotBeSentStopsNeitherTheOthersNorTheChain(t *testing.T) {
	// x/distribution takes what is left with the fee collector: the fees have a module of their own here.
	const source = govtypes.ModuleName
	denoms := pool.Denoms(4)
	refused, panicking := denoms[0], denoms[2]
	broken := true
	breakDenoms := func(a *app.WasmApp) error {
		a.BankKeeper.AppendSendRestriction(func(_ context.Context, from, to sdk.AccAddress, amount sdk.Coins) (sdk.AccAddress, error) {
			if !broken || !from.Equals(authtypes.NewModuleAddress(source)) {
				return to, nil
			}
			if !amount.AmountOf(panicking).IsZero() {
				panic("a hook that panics")
			}
			if !amount.AmountOf(refused).IsZero() {
				return nil, fmt.Errorf("%s is frozen", refused)
			}
			return to, nil
		})
		return nil
	}
	var module keeper.Keeper
	p := startPoa(t, poa.Setup{Denoms: denoms, Validators: 4}, feed.Graft(&module, source), breakDenoms)
	require.NoError(t, module.SetParams(p.Context(), feed.PoaFeePool(p.Address.String(), source, denoms...)))
	const fees = 499
	coins := sdk.NewCoins()
	for _, denom := range denoms {
		coins = coins.Add(sdk.NewInt64Coin(denom, fees))
	}
	blocks := 0
	pass := func() {
		require.NoError(t, p.App.BankKeeper.SendCoinsFromAccountToModule(
			p.Context(), node.Account(pool.Funder), source, coins))
		require.NoError(t, p.Next())
		blocks++
	}
	received := func(denom string) int64 {
		return p.App.BankKeeper.GetBalance(p.Context(), p.Address, denom).Amount.Int64()
	}
	pass()
	pass()
	for _, denom := range denoms {
		if denom == refused || denom == panicking {
			require.Zero(t, received(denom), denom)
		} else {
			require.EqualValues(t, blocks*fees, received(denom), denom)
		}
	}
	broken = false
	pass()
	for _, denom := range denoms {
		require.EqualValues(t, blocks*fees, received(denom), denom)
	}
}

// The README shows the route as it is.
func TestTheReadmeOfThePoaPoolShowsTheRoute(t *testing.T) {
	read := func(path ...string) string {
		text, err := os.ReadFile(filepath.Join(append([]string{suite.Repository()}, path...)...))
		require.NoError(t, err)
		return string(text)
	}
	_, shown, found := strings.Cut(read("contracts", "poa-fee-pool", "README.md"), "```go\n")
	require.True(t, found)
	shown, _, _ = strings.Cut(shown, "```")
	require.Contains(t, read("tests", "chain", "feed", "feed.go"), shown)
}

func TestAPayoutOfThePoaPoolThatTheBankRefusesIsNeverAllocatedAgain(t *testing.T) {
	p := startPoa(t, poa.Setup{Denoms: pool.Denoms(1), Validators: 4})
	denom := p.Setup.Denoms[0]
	require.NoError(t, p.Fees(499))
	// The bank sends nothing to the account of a module.
	module := authtypes.NewModuleAddress(distrtypes.ModuleName).String()
	refused := poa.M{"withdraw_fees": poa.M{"withdraw_address": module}}
	outcome, err := p.Execute(pool.Validator(0), refused)
	require.NoError(t, err)
	require.EqualValues(t, 2, outcome.Gas.Calls, "the message and the reply")
	require.Equal(t, []coin{{Denom: denom, Amount: "100"}}, undelivered(t, p, 0))

	before, unallocated := poaLedger(t, p)
	require.Equal(t, "0", unallocated)
	require.Equal(t, "1"+strings.Repeat("0", 38), before["undelivered"])
	_, err = p.Execute("anyone", poa.M{"checkpoint": poa.M{}})
	require.NoError(t, err)
	after, _ := poaLedger(t, p)
	require.Equal(t, before, after)

	_, err = p.Execute(pool.Validator(0), poa.M{"withdraw_fees": poa.M{}})
	require.NoError(t, err)
	paid := p.App.BankKeeper.GetBalance(p.Context(), node.Account(pool.Validator(0)), denom).Amount
	require.EqualValues(t, 100, paid.Int64())
	require.Empty(t, undelivered(t, p, 0))
	after, _ = poaLedger(t, p)
	require.Equal(t, "0", after["undelivered"])
}

func TestCandidatesMakeNothingDearer(t *testing.T) {
	p := startPoa(t, poa.Setup{Denoms: pool.Denoms(1), Validators: 4})
	require.NoError(t, p.Fees(499))
	_, err := p.Execute(pool.Validator(0), poa.M{"withdraw_fees": poa.M{}})
	require.NoError(t, err)
	require.NoError(t, p.Fees(499))
	// The log of members is longest in a block of its own.
	require.NoError(t, p.Next())
	costs := func() map[string]uint64 {
		gas := map[string]uint64{}
		for sender, msg := range map[string]poa.M{
			"anyone": {"checkpoint": poa.M{}}, pool.Validator(0): {"withdraw_fees": poa.M{}}, poa.Admin: p.Powers(2),
		} {
			require.NoError(t, p.Try(func() error {
				outcome, err := p.Execute(sender, msg)
				gas[sender] = outcome.Gas.Total
				return err
			}))
		}
		return gas
	}
	before := costs()
	create := poa.M{"create_validator": poa.M{"metadata": poa.M{"moniker": "candidate"}}}
	for number := range 300 {
		_, err := p.Execute(fmt.Sprintf("candidate%d", number), create)
		require.NoError(t, err)
	}
	require.NoError(t, p.Next())
	require.Equal(t, before, costs())
}

func encode(t *testing.T, msg any) []byte {
	t.Helper()
	text, err := json.Marshal(msg)
	require.NoError(t, err)
	return text
}

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(text, into))
}
