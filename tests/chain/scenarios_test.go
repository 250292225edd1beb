package chain_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/scenario"
	"cw-distribution/tests/chain/suite"
)

// filesVariable names scenario files to play instead of those of the repository, separated like
// the folders of PATH. Each of their steps is printed as JSON.
const filesVariable = "SCENARIOS"

// embeddedOnly is the folder of files that only embedded chains play.
func embeddedOnly() string {
	return filepath.Join(suite.Repository(), "tests", "scenarios", "embedded")
}

func TestOnlyWhatARealChainCannotDoIsLeftOut(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(embeddedOnly(), "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	codes, err := suite.Codes()
	require.NoError(t, err)
	for _, path := range files {
		_, err := scenario.Run(readScenario(t, path), codes)
		require.ErrorIs(t, err, scenario.ErrEmbeddedOnly, path)
	}
}

func scenarioFiles(t *testing.T) []string {
	t.Helper()
	if named := os.Getenv(filesVariable); named != "" {
		return filepath.SplitList(named)
	}
	var files []string
	for _, pattern := range []string{"*.json", "*/*.json"} {
		found, err := filepath.Glob(filepath.Join(suite.Repository(), "tests", "scenarios", pattern))
		require.NoError(t, err)
		files = append(files, found...)
	}
	files = slices.DeleteFunc(files, func(path string) bool { return filepath.Dir(path) == embeddedOnly() })
	require.NotEmpty(t, files)
	return files
}

func TestScenariosHaveTheSameOutcomeOnARealChain(t *testing.T) {
	codes, err := suite.Codes()
	require.NoError(t, err)
	for _, path := range scenarioFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			report, err := scenario.Run(readScenario(t, path), codes)
			require.NoError(t, err)
			if os.Getenv(filesVariable) != "" {
				print(t, report)
			}
			require.Empty(t, report.Failures())
			require.Zero(t, report.NotRun, "steps that did not run")
		})
	}
}

// underLazy puts a lazy pool in the place of each fee pool of a file, and says whether there is one.
func underLazy(file scenario.File) bool {
	has := false
	lazy := func(code string) string {
		if code != string(pool.F1) {
			return code
		}
		has = true
		return string(pool.Lazy)
	}
	for index := range file.Steps {
		switch it := file.Steps[index].Do.(type) {
		case scenario.Instantiate:
			it.Code = lazy(it.Code)
			file.Steps[index].Do = it
		case scenario.Migrate:
			it.Code = lazy(it.Code)
			file.Steps[index].Do = it
		}
	}
	return has
}

// isHistory says whether a file names the accounting that it was made with: it expects what that rounds.
func isHistory(path string) bool { return filepath.Base(filepath.Dir(path)) == "histories" }

func TestScenariosHaveTheSameOutcomeUnderBothAccountings(t *testing.T) {
	if os.Getenv(filesVariable) != "" {
		t.Skip("files of one's own are played as they are")
	}
	codes, err := suite.Codes()
	require.NoError(t, err)
	for _, path := range scenarioFiles(t) {
		file := readScenario(t, path)
		if isHistory(path) || !underLazy(file) {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			report, err := scenario.Run(file, codes)
			require.NoError(t, err)
			require.Empty(t, report.Failures())
			require.Zero(t, report.NotRun, "steps that did not run")
		})
	}
}

func print(t *testing.T, report scenario.Report) {
	t.Helper()
	for _, outcome := range report.Outcomes {
		line, err := outcome.MarshalJSON()
		require.NoError(t, err)
		fmt.Println(string(line))
	}
}
