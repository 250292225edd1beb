package gas_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/gas"
)

// committed is the rest of each row of the committed table: what a message uses above set-up and
// bank sends.
func committed(t *testing.T) func(message, at string) uint64 {
	t.Helper()
	text, err := os.ReadFile("../gas_table.json")
	require.NoError(t, err)
	table, err := gas.Decode(text)
	require.NoError(t, err)
	return func(message, at string) uint64 {
		t.Helper()
		for _, row := range table {
			if row.Message == message && row.Case == at {
				return row.NotPinned.Rest()
			}
		}
		require.Fail(t, "no such row", "%s, %s", message, at)
		return 0
	}
}

const signedPower, votes, withdrawal = "begin_block signed_power", "begin_block votes", "withdraw_delegator_reward"

func TestABlockOfSignedPowerIsCheapWhateverTheNumberOfValidators(t *testing.T) {
	rest := committed(t)
	ten := rest(signedPower, "1 denom, 10 validators")
	require.LessOrEqual(t, ten, uint64(32_000))
	require.LessOrEqual(t, rest(signedPower, "1 denom, 10 validators, no proposer rewards"), uint64(24_000))
	require.InEpsilon(t, ten, rest(signedPower, "1 denom, 1000 validators"), 0.01)
}

func TestAListOfVotesCostsWhatHasChanged(t *testing.T) {
	rest := committed(t)
	for _, validators := range []int{10, 100, 1000} {
		row := func(changed int) uint64 {
			return rest(votes, fmt.Sprintf("1 denom, %d validators, %d changed", validators, changed))
		}
		// The first place where the set is stored, the further ones, and each validator.
		const first, place, validator = 45_000, 20_000, 10_000
		require.LessOrEqual(t, row(1), row(0)+first+validator, "%d validators", validators)
		require.LessOrEqual(t, row(10), row(0)+first+9*place+10*validator, "%d validators", validators)
	}
}

func TestAWithdrawalCostsTheSameAfterAnyHistory(t *testing.T) {
	rest := committed(t)
	require.LessOrEqual(t, rest(withdrawal, "1 denom"), uint64(48_000))
	least := rest(withdrawal, "1 denom, after 10 blocks")
	for _, at := range []string{
		"10 other delegators", "1000 other delegators", "after 100 slashes", "after 1000 blocks", "after 100000 blocks",
	} {
		// Larger numbers have more bytes.
		require.InEpsilon(t, least, rest(withdrawal, "1 denom, "+at), 0.03, at)
	}
}

func TestEveryHookFitsIntoWhatChainsAllowWithTheDefaultAccounting(t *testing.T) {
	text, err := os.ReadFile("../gas_table.json")
	require.NoError(t, err)
	table, err := gas.Decode(text)
	require.NoError(t, err)
	hooks := 0
	for _, row := range table {
		if strings.HasPrefix(row.Case, "lazy") {
			continue
		}
		prefix, _, _ := strings.Cut(row.Message, " ")
		if prefix == "juno" || prefix == "neutron" || prefix == "staking_event" {
			hooks++
			require.LessOrEqual(t, row.NotPinned.Total, uint64(200_000), "%s, %s", row.Message, row.Case)
		}
	}
	require.Greater(t, hooks, 40)
}
