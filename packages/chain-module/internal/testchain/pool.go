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

// Wasm is the file of a contract of the suite, gzipped.
func Wasm(t testing.TB, crate string) []byte {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(file), "..", "..", "..", "..", "artifacts", strings.ReplaceAll(crate, "-", "_")+".wasm")
	wasm, err := os.ReadFile(path)
	require.NoError(t, err, "build the contracts with `cargo wasm`")
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err = writer.Write(wasm)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

// Store stores a contract's code.
func (c *Chain) Store(sender, crate string) uint64 {
	c.t.Helper()
	var response wasmtypes.MsgStoreCodeResponse
	c.Response(c.Deliver(sender, &wasmtypes.MsgStoreCode{Sender: Account(sender).String(), WASMByteCode: Wasm(c.t, crate)}), &response)
	return response.CodeID
}

// Instantiate makes a contract.
func (c *Chain) Instantiate(sender string, code uint64, msg M) sdk.AccAddress {
	c.t.Helper()
	var response wasmtypes.MsgInstantiateContractResponse
	c.Response(c.Deliver(sender, &wasmtypes.MsgInstantiateContract{
		Sender: Account(sender).String(), CodeID: code, Label: "test", Msg: encoded(msg),
	}), &response)
	return sdk.MustAccAddressFromBech32(response.Address)
}

// Execute is a message to a contract.
func Execute(sender string, contract sdk.AccAddress, msg M, funds ...sdk.Coin) sdk.Msg {
	return &wasmtypes.MsgExecuteContract{
		Sender: Account(sender).String(), Contract: contract.String(), Msg: encoded(msg), Funds: funds,
	}
}

func encoded(msg M) []byte {
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
		&wasmtypes.QuerySmartContractStateRequest{Address: contract.String(), QueryData: encoded(query)})
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
