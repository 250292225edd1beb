package node

import (
	"encoding/json"
	"sort"
	"time"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client/flags"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/CosmWasm/wasmd/app"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
)

// BondDenom is what validators are bonded with and what the chain mints.
const BondDenom = "stake"

// TokensPerPower is how many base units of BondDenom give one voting power.
const TokensPerPower = 1_000_000

// GenesisTime is when a chain begins that says nothing else.
var GenesisTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Validator is a bonded validator at genesis. Its operator delegates all of its stake.
type Validator struct {
	// Name gives the operator's address and the consensus key.
	Name string
	// Power is the voting power, at least 1.
	Power int64
	// Commission is the rate in force; it may become anything at any time.
	Commission math.LegacyDec
}

// Genesis is how a chain begins.
type Genesis struct {
	// ChainID has the form name-N.
	ChainID string
	// Time is that of the first block; zero stands for GenesisTime.
	Time time.Time
	// Validators are bonded; with none there is one of power 1, since a chain needs one.
	Validators []Validator
	// Balances are what accounts have, by the bytes of their address.
	Balances map[string]sdk.Coins
	// ContractMemory is how many MiB a call of a contract has; zero stands for an eighth of
	// ChainMemory.
	ContractMemory uint32
	// Contracts is how many contracts were made before, so that new ones have other addresses than those
	// of another chain.
	Contracts uint64
	// Inflation has the chain mint new tokens for the fee collector in every block.
	Inflation bool
	// VisibleProofs makes the block that a proof needs a block like any other, as contracts need it that
	// the chain itself calls in each one; see Node.Settle.
	VisibleProofs bool
}

// state returns the application's state at genesis.
func (g Genesis) state(a *app.WasmApp) ([]byte, error) {
	codec := a.AppCodec()
	state := a.DefaultGenesis()

	bonded, err := g.bonded()
	if err != nil {
		return nil, err
	}
	balances := []banktypes.Balance{{
		Address: authtypes.NewModuleAddress(stakingtypes.BondedPoolName).String(),
		Coins:   sdk.NewCoins(sdk.NewCoin(BondDenom, bonded.tokens)),
	}}
	for address, coins := range g.Balances {
		balances = append(balances, banktypes.Balance{Address: sdk.AccAddress(address).String(), Coins: coins})
	}
	sort.Slice(balances, func(i, j int) bool { return balances[i].Address < balances[j].Address })
	supply := sdk.NewCoins()
	for _, balance := range balances {
		supply = supply.Add(balance.Coins...)
	}

	params := stakingtypes.DefaultParams()
	params.BondDenom = BondDenom
	params.MaxValidators = max(params.MaxValidators, uint32(len(g.Validators)))
	state[stakingtypes.ModuleName] = codec.MustMarshalJSON(
		stakingtypes.NewGenesisState(params, bonded.validators, bonded.delegations))
	state[slashingtypes.ModuleName] = codec.MustMarshalJSON(
		slashingtypes.NewGenesisState(slashingtypes.DefaultParams(), bonded.signing, nil))
	state[banktypes.ModuleName] = codec.MustMarshalJSON(
		banktypes.NewGenesisState(banktypes.DefaultParams(), balances, supply, nil, nil))
	if g.Contracts > 0 {
		var wasm wasmtypes.GenesisState
		codec.MustUnmarshalJSON(state[wasmtypes.ModuleName], &wasm)
		// The next number that a contract gets; the first one is 1.
		wasm.Sequences = append(wasm.Sequences, wasmtypes.Sequence{
			IDKey: wasmtypes.KeySequenceInstanceID, Value: g.Contracts + 1,
		})
		state[wasmtypes.ModuleName] = codec.MustMarshalJSON(&wasm)
	}
	if !g.Inflation {
		state["mint"] = json.RawMessage(noInflation)
	}
	return json.Marshal(state)
}

// noInflation is a state of x/mint that mints nothing.
const noInflation = `{
	"minter": {"inflation": "0", "annual_provisions": "0"},
	"params": {"mint_denom": "` + BondDenom + `", "inflation_rate_change": "0", "inflation_max": "0",
		"inflation_min": "0", "goal_bonded": "0.67", "blocks_per_year": "6311520"}
}`

// bondedSet is what staking and slashing know of the validators at genesis.
type bondedSet struct {
	validators  []stakingtypes.Validator
	delegations []stakingtypes.Delegation
	signing     []slashingtypes.SigningInfo
	tokens      math.Int
}

func (g Genesis) bonded() (bondedSet, error) {
	set := bondedSet{tokens: math.ZeroInt()}
	for _, validator := range g.Validators {
		key := consensusKey(validator.Name).PubKey()
		packed, err := codectypes.NewAnyWithValue(key)
		if err != nil {
			return set, err
		}
		tokens := math.NewInt(validator.Power).MulRaw(TokensPerPower)
		shares := math.LegacyNewDecFromInt(tokens)
		operator := Operator(validator.Name).String()
		set.tokens = set.tokens.Add(tokens)
		set.validators = append(set.validators, stakingtypes.Validator{
			OperatorAddress: operator, ConsensusPubkey: packed, Status: stakingtypes.Bonded,
			Tokens: tokens, DelegatorShares: shares, UnbondingTime: time.Unix(0, 0).UTC(),
			Commission:        stakingtypes.NewCommission(validator.Commission, math.LegacyOneDec(), math.LegacyOneDec()),
			MinSelfDelegation: math.ZeroInt(),
		})
		set.delegations = append(set.delegations,
			stakingtypes.NewDelegation(Account(validator.Name).String(), operator, shares))
		address := sdk.ConsAddress(key.Address()).String()
		set.signing = append(set.signing, slashingtypes.SigningInfo{
			Address:              address,
			ValidatorSigningInfo: slashingtypes.ValidatorSigningInfo{Address: address},
		})
	}
	return set, nil
}

// options are the application's settings: the folder for its files.
func options(home string) simtestutil.AppOptionsMap {
	return simtestutil.AppOptionsMap{flags.FlagHome: home}
}
