package testchain

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/types"
)

// CallGas is what each call may use.
const CallGas = 2_000_000

// M is a JSON object.
type M = map[string]any

// File is what a file of the repository holds, by its path from the top.
func File(t testing.TB, path ...string) []byte {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	path = append([]string{filepath.Dir(file), "..", "..", "..", ".."}, path...)
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err, "`cargo wasm` builds the contracts")
	return text
}

// Wasm is the file of a contract of the suite, gzipped. More bytes may follow those of the file.
func Wasm(t testing.TB, crate string, more ...byte) []byte {
	t.Helper()
	wasm := File(t, "artifacts", strings.ReplaceAll(crate, "-", "_")+".wasm")
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write(append(wasm, more...))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

// Store stores a contract's code.
func (c *Chain) Store(sender, crate string) uint64 {
	c.t.Helper()
	return c.store(sender, Wasm(c.t, crate))
}

// StoreAnother stores a contract's code as another one: it has one more section, without meaning.
func (c *Chain) StoreAnother(sender, crate string) uint64 {
	c.t.Helper()
	name := "another"
	section := append([]byte{0, byte(len(name) + 1), byte(len(name))}, name...)
	return c.store(sender, Wasm(c.t, crate, section...))
}

func (c *Chain) store(sender string, packed []byte) uint64 {
	c.t.Helper()
	var response wasmtypes.MsgStoreCodeResponse
	c.Response(c.Deliver(sender, &wasmtypes.MsgStoreCode{Sender: Account(sender).String(), WASMByteCode: packed}), &response)
	return response.CodeID
}

// Instantiate makes a contract, whose admin is the sender.
func (c *Chain) Instantiate(sender string, code uint64, msg M) sdk.AccAddress {
	c.t.Helper()
	var response wasmtypes.MsgInstantiateContractResponse
	c.Response(c.Deliver(sender, &wasmtypes.MsgInstantiateContract{
		Sender: Account(sender).String(), Admin: Account(sender).String(), CodeID: code, Label: "test", Msg: Encoded(msg),
	}), &response)
	return sdk.MustAccAddressFromBech32(response.Address)
}

// Execute is a message to a contract.
func Execute(sender string, contract sdk.AccAddress, msg M, funds ...sdk.Coin) sdk.Msg {
	return &wasmtypes.MsgExecuteContract{
		Sender: Account(sender).String(), Contract: contract.String(), Msg: Encoded(msg), Funds: funds,
	}
}

// Encoded is an object as text.
func Encoded(msg M) []byte {
	text, err := json.Marshal(msg)
	if err != nil {
		panic(err)
	}
	return text
}

// Ask queries a contract.
func (c *Chain) Ask(contract sdk.AccAddress, query M, answer any) {
	c.t.Helper()
	response, err := wasmtypes.NewQueryClient(c.Queries()).SmartContractState(c.Context(),
		&wasmtypes.QuerySmartContractStateRequest{Address: contract.String(), QueryData: Encoded(query)})
	require.NoError(c.t, err)
	require.NoError(c.t, json.Unmarshal(response.Data, answer))
}

// FeePool makes a fee pool whose owner is the sender and whose source is the chain's hooks. It is not
// active yet.
func (c *Chain) FeePool(owner string, denoms ...string) sdk.AccAddress {
	c.t.Helper()
	return c.Instantiate(owner, c.Store(owner, "fee-pool"), M{
		"reward_denoms": denoms, "source": M{"hooks": M{"dialect": "juno"}},
		"params": M{"base_proposer_reward": "0", "bonus_proposer_reward": "0"},
	})
}

// FeePoolParams have the module feed a fee pool.
func FeePoolParams(pool sdk.AccAddress) types.Params {
	return types.Params{
		Routes: []types.Route{{
			Contract: pool.String(), Mode: types.MODE_FEE_POOL, Source: authtypes.FeeCollectorName,
			Denoms: []string{BondDenom, "uatom"}, GasLimit: CallGas,
		}},
		Hooks: types.Subscription{Contracts: []string{pool.String()}, GasLimit: CallGas},
	}
}

// FedFeePool makes a fee pool that the module feeds: the owner proposes it to governance, and the voters agree.
func (c *Chain) FedFeePool(owner string, voters ...string) sdk.AccAddress {
	c.t.Helper()
	pool := c.FeePool(owner, BondDenom, "uatom")
	authority := authtypes.NewModuleAddress(govtypes.ModuleName).String()
	c.Pass(owner, voters, &types.MsgUpdateParams{Authority: authority, Params: FeePoolParams(pool)})
	c.Activate(owner, pool)
	c.Block()
	return pool
}

// Activate imports what x/staking knows into a fee pool and activates it.
func (c *Chain) Activate(owner string, pool sdk.AccAddress) {
	c.t.Helper()
	c.Import(owner, pool)
	c.Deliver(owner, Execute(owner, pool, M{"activate": M{}}))
}

// Import imports what x/staking knows into a fee pool; the module tells it powers.
func (c *Chain) Import(owner string, pool sdk.AccAddress) {
	c.t.Helper()
	staking := stakingtypes.NewQueryClient(c.Queries())
	found, err := staking.Validators(c.Context(), &stakingtypes.QueryValidatorsRequest{})
	require.NoError(c.t, err)
	var validators, delegations []M
	for _, it := range found.Validators {
		rates := it.Commission.CommissionRates
		validators = append(validators, M{
			"validator": it.OperatorAddress, "power": "0",
			"commission": M{
				"rate": rates.Rate.String(), "max_rate": rates.MaxRate.String(), "max_change_rate": rates.MaxChangeRate.String(),
			},
		})
		of, err := staking.ValidatorDelegations(c.Context(), &stakingtypes.QueryValidatorDelegationsRequest{ValidatorAddr: it.OperatorAddress})
		require.NoError(c.t, err)
		for _, delegation := range of.DelegationResponses {
			delegations = append(delegations, M{
				"delegator": delegation.Delegation.DelegatorAddress, "validator": it.OperatorAddress,
				"shares": delegation.Delegation.Shares.String(),
			})
		}
	}
	c.Deliver(owner, Execute(owner, pool, M{"import": M{"validators": validators, "delegations": delegations}}))
}
