package chain_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
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
}

func TestAMigrationOverEveryFixtureKeepsTheAnswers(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(suite.Repository(), "tests", "fixtures", "*", "[0-9]*.json"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 3)
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			holdFixture(t, file)
		})
	}
}

func holdFixture(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var it fixture
	require.NoError(t, json.Unmarshal(text, &it))
	instantiation, err := os.ReadFile(filepath.Join(filepath.Dir(file), "instantiate.json"))
	require.NoError(t, err)
	wasm, err := suite.Wasm(it.Contract)
	require.NoError(t, err)

	fees := node.Account("fees")
	genesis := node.Genesis{ChainID: "layout-1", Balances: map[string]sdk.Coins{string(fees): it.Balance}}
	if it.Time != 0 {
		genesis.Time = time.Unix(it.Time, 0).UTC()
	}
	chain, err := node.New(genesis)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	owner := node.Account("owner")
	code, err := chain.StoreCode(owner, wasm)
	require.NoError(t, err)
	contract, _, err := chain.Instantiate(node.Contract{
		Code: code, Sender: owner, Admin: owner, Label: it.Contract, Msg: instantiation,
	})
	require.NoError(t, err)

	replaceState(t, chain, contract, it)
	if !it.Balance.Empty() {
		require.NoError(t, chain.App.BankKeeper.SendCoins(chain.Context(), fees, contract, it.Balance))
	}
	require.NoError(t, chain.Next())
	refuseOthers(t, chain, contract, it.Contract)
	_, err = chain.Migrate(owner, contract, code, []byte("{}"))
	require.NoError(t, err)
	require.NoError(t, chain.Next())

	require.NotEmpty(t, it.Answers)
	for _, expected := range it.Answers {
		outcome, err := chain.Query(contract, expected.Query)
		require.NoError(t, err, string(expected.Query))
		require.Empty(t, scenario.Mismatch(value(t, expected.Answer), value(t, outcome.Data)), string(expected.Query))
	}
}

// withPort are the contracts with IBC entry points.
var withPort = []string{"ccv-provider", "holding-pools"}

// refuseOthers requires that no other contract takes over the state of this one. A contract with
// a port the chain itself does not move to code without IBC entry points.
func refuseOthers(t *testing.T, chain *node.Node, contract sdk.AccAddress, name string) {
	codes, err := suite.Contracts()
	require.NoError(t, err)
	owner := node.Account("owner")
	for other, wasm := range codes {
		if other == name {
			continue
		}
		refusal := "Cannot migrate from cw-distribution:" + name + " to cw-distribution:" + other
		if slices.Contains(withPort, name) && !slices.Contains(withPort, other) {
			refusal = "requires ibc callbacks"
		}
		code, err := chain.StoreCode(owner, wasm)
		require.NoError(t, err)
		_, err = chain.Migrate(owner, contract, code, []byte("{}"))
		require.ErrorContains(t, err, refusal)
	}
}

// replaceState writes a fixture's records in place of those that a contract has.
func replaceState(t *testing.T, chain *node.Node, contract sdk.AccAddress, it fixture) {
	records := prefix.NewStore(
		chain.Context().KVStore(chain.App.GetKey(wasmtypes.StoreKey)), wasmtypes.GetContractStorePrefix(contract))
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
