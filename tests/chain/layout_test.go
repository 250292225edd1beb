package chain_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/store/prefix"

	sdk "github.com/cosmos/cosmos-sdk/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/scenario"
	"cw-distribution/tests/chain/suite"
)

// fixture is a contract's raw state, written by the version in its name, and what the contract said
// of it. `tests/layout` writes them and holds them on an embedded chain. Answers are without what the chain
// decides and not the state: there are no channels here.
type fixture struct {
	Contract string `json:"contract"`
	Version  string `json:"version"`
	Name     string `json:"name"`
	// Time is that of its block in seconds, when answers depend on it.
	Time    int64     `json:"time"`
	Balance sdk.Coins `json:"balance"`
	State   []struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	} `json:"state"`
	Answers []struct {
		Query  json.RawMessage `json:"query"`
		Answer json.RawMessage `json:"answer"`
	} `json:"answers"`

	// instantiation makes some contract of its code, at the address, whose state is then replaced.
	instantiation []byte
	address       sdk.AccAddress
}

// A chain migrates contracts to new codes, is exported, and another one starts with its state: the answers stay.
func TestAMigrationOverEveryFixtureKeepsTheAnswers(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(suite.Repository(), "tests", "fixtures", "*", "[0-9]*.json"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 3)
	of := map[int64][]*fixture{}
	for _, file := range files {
		it := &fixture{}
		read(t, file, it)
		it.instantiation, err = os.ReadFile(filepath.Join(filepath.Dir(file), "instantiate.json"))
		require.NoError(t, err)
		of[it.Time] = append(of[it.Time], it)
	}
	// Where the time does not matter a chain of any other time does.
	times := slices.Sorted(maps.Keys(of))
	if len(times) > 1 && times[0] == 0 {
		of[times[1]] = append(of[times[1]], of[0]...)
		times = times[1:]
	}
	for _, at := range times {
		holdFixtures(t, at, of[at])
	}
}

// holdFixtures puts contracts with the state of fixtures onto one chain that begins at a time.
func holdFixtures(t *testing.T, at int64, fixtures []*fixture) {
	fees, owner := node.Account("fees"), node.Account("owner")
	genesis := node.Genesis{ChainID: "layout-1", Balances: map[string]sdk.Coins{}}
	for _, it := range fixtures {
		genesis.Balances[string(fees)] = genesis.Balances[string(fees)].Add(it.Balance...)
	}
	if at != 0 {
		genesis.Time = time.Unix(at, 0).UTC()
	}
	chain, err := node.New(genesis)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	codes, next := map[string]uint64{}, map[string]uint64{}
	contracts, err := suite.Contracts()
	require.NoError(t, err)
	for name, wasm := range contracts {
		codes[name], err = chain.StoreCode(owner, wasm)
		require.NoError(t, err)
		next[name], err = chain.StoreCode(owner, another(wasm))
		require.NoError(t, err)
		require.NotEqual(t, codes[name], next[name])
	}
	for _, it := range fixtures {
		it.address, _, err = chain.Instantiate(node.Contract{
			Code: codes[it.Contract], Sender: owner, Admin: owner, Label: it.Contract, Msg: it.instantiation,
		})
		require.NoError(t, err)
		replaceState(t, chain, it)
		if !it.Balance.Empty() {
			require.NoError(t, chain.App.BankKeeper.SendCoins(chain.Context(), fees, it.address, it.Balance))
		}
	}
	require.NoError(t, chain.Next())
	for _, it := range fixtures {
		refuseOthers(t, chain, it, codes)
		_, err = chain.Migrate(owner, it.address, next[it.Contract], []byte("{}"))
		require.NoError(t, err)
	}
	require.NoError(t, chain.Next())
	imported := exported(t, chain)
	for _, it := range fixtures {
		t.Run(it.Contract+" "+it.Version+" "+it.Name, func(t *testing.T) { it.requireAnswers(t, chain, imported) })
	}
}

// requireAnswers requires a fixture's answers of a chain, and the same ones of another chain with its state.
func (f *fixture) requireAnswers(t *testing.T, chain *node.Node, imported query) {
	require.NotEmpty(t, f.Answers)
	for _, expected := range f.Answers {
		outcome, err := chain.Query(f.address, expected.Query)
		require.NoError(t, err, string(expected.Query))
		require.Empty(t, scenario.Mismatch(value(t, expected.Answer), value(t, outcome.Data)), string(expected.Query))
		answer, err := imported(f.address, expected.Query)
		require.NoError(t, err, string(expected.Query))
		require.Equal(t, string(outcome.Data), string(answer), string(expected.Query))
	}
}

// another is a contract's code as another one: it has one more section, without meaning.
func another(wasm []byte) []byte {
	name := "another"
	section := append([]byte{0, byte(len(name) + 1), byte(len(name))}, name...)
	return append(bytes.Clone(wasm), section...)
}

// foreign are queries that a contract has in its schema and does not answer: only the lazy accounting has adjustments
// and keeps changes of powers.
var foreign = map[string][]string{"fee-pool": {"delegation_adjustment", "commission_adjustment", "power_changes"}}

func TestTheFixturesHaveEveryQueryOfEveryContract(t *testing.T) {
	schemas, err := filepath.Glob(filepath.Join(suite.Repository(), "schema", "*", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, schemas)
	for _, file := range schemas {
		contract := filepath.Base(filepath.Dir(file))
		var schema struct {
			Query struct {
				OneOf []struct {
					Required []string `json:"required"`
				} `json:"oneOf"`
			} `json:"query"`
		}
		read(t, file, &schema)
		asked := map[string]bool{}
		fixtures, err := filepath.Glob(filepath.Join(suite.Repository(), "tests", "fixtures", contract, "[0-9]*.json"))
		require.NoError(t, err)
		for _, file := range fixtures {
			var it fixture
			read(t, file, &it)
			for _, answer := range it.Answers {
				var query map[string]json.RawMessage
				require.NoError(t, json.Unmarshal(answer.Query, &query))
				for name := range query {
					asked[name] = true
				}
			}
		}
		require.NotEmpty(t, schema.Query.OneOf)
		for _, variant := range schema.Query.OneOf {
			require.Len(t, variant.Required, 1)
			name := variant.Required[0]
			require.NotEqual(t, slices.Contains(foreign[contract], name), asked[name], "%s: %s", contract, name)
		}
	}
}

func read(t *testing.T, file string, to any) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, to))
}

// withPort are the contracts with IBC entry points.
var withPort = []string{"ccv-provider", "holding-pools"}

// refuseOthers requires that no other contract takes over the state of this one. A contract with
// a port the chain itself does not move to code without IBC entry points.
func refuseOthers(t *testing.T, chain *node.Node, it *fixture, codes map[string]uint64) {
	for other, code := range codes {
		if other == it.Contract {
			continue
		}
		refusal := "Cannot migrate from cw-distribution:" + it.Contract + " to cw-distribution:" + other
		if slices.Contains(withPort, it.Contract) && !slices.Contains(withPort, other) {
			refusal = "requires ibc callbacks"
		}
		_, err := chain.Migrate(node.Account("owner"), it.address, code, []byte("{}"))
		require.ErrorContains(t, err, refusal)
	}
}

// replaceState writes a fixture's records in place of those that a contract has.
func replaceState(t *testing.T, chain *node.Node, it *fixture) {
	records := prefix.NewStore(
		chain.Context().KVStore(chain.App.GetKey(wasmtypes.StoreKey)), wasmtypes.GetContractStorePrefix(it.address))
	var fresh [][]byte
	iterator := records.Iterator(nil, nil)
	for ; iterator.Valid(); iterator.Next() {
		fresh = append(fresh, bytes.Clone(iterator.Key()))
	}
	require.NoError(t, iterator.Close())
	for _, key := range fresh {
		records.Delete(key)
	}
	for _, record := range it.State {
		key, err := hex.DecodeString(record.Key)
		require.NoError(t, err)
		value, err := hex.DecodeString(record.Value)
		require.NoError(t, err)
		records.Set(key, value)
	}
}

// value reads JSON as scenario files are read: numbers stay as they are written.
func value(t *testing.T, text []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value))
	return value
}
