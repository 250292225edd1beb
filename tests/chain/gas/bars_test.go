package gas_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/gas"
	"cw-distribution/tests/chain/suite"
)

func committed(t *testing.T) gas.Table {
	t.Helper()
	text, err := os.ReadFile("../gas_table.json")
	require.NoError(t, err)
	table, err := gas.Decode(text)
	require.NoError(t, err)
	return table
}

func TestEveryFigureMeetsItsBar(t *testing.T) {
	verdicts, err := committed(t).Verdicts()
	require.NoError(t, err)
	require.NotEmpty(t, verdicts)
	for _, verdict := range verdicts {
		if verdict.Missed() {
			t.Error(verdict)
		}
	}
}

func TestABarIsMissedByOneGasMore(t *testing.T) {
	table := committed(t)
	for _, above := range []uint64{0, 1} {
		for index := range table {
			row := &table[index]
			if row.Contract == "fee-pool" && row.Message == "withdraw_delegator_reward" && row.Case == "1 denom" {
				row.NotPinned.Total = row.NotPinned.SetUp + row.NotPinned.Bank + 48_000 + above
			}
		}
		verdicts, err := table.Verdicts()
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(verdicts, func(it gas.Verdict) bool {
			return it.Limit == 48_000 && it.Figure == 48_000+above && it.Missed() == (above == 1)
		}))
	}
}

func TestTheTablesForPeopleAreThoseOfTheCommittedFigures(t *testing.T) {
	table := committed(t)
	text, err := os.ReadFile("../gas_table.md")
	require.NoError(t, err)
	require.True(t, table.Markdown() == string(text), "gas_table.md: run `cargo gas`")

	readme, err := os.ReadFile(filepath.Join(suite.Repository(), "README.md"))
	require.NoError(t, err)
	written, err := table.Readme(string(readme))
	require.NoError(t, err)
	require.True(t, written == string(readme), "README.md: run `cargo gas`")
}
