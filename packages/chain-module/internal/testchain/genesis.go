package testchain

import (
	"encoding/json"
	"time"

	"cosmossdk.io/math"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// BondDenom is staked, minted and paid as fees.
const BondDenom = "stake"

// OtherDenoms are what accounts have beside BondDenom.
var OtherDenoms = []string{"uatom", "uosmo"}

// TokensPerPower is how many base units give one voting power.
const TokensPerPower = 1_000_000

// wealth is what every account has of every denom.
const wealth = 1_000_000_000_000

// VotingPeriod is how long a proposal is voted on.
const VotingPeriod = 10 * time.Second

// Validator is a bonded validator at genesis; its operator delegates all of its stake.
type Validator struct {
	Name       string
	Power      int64
	Commission math.LegacyDec
}

// Genesis is how a chain begins.
type Genesis struct {
	Validators []Validator
	// Accounts are there beside the operators.
	Accounts []string
	// Change may change the state.
	Change func(app Application, state map[string]json.RawMessage)
}

func (g Genesis) state(app Application) map[string]json.RawMessage {
	codec := app.AppCodec()
	state := app.DefaultGenesis()

	staking := stakingtypes.DefaultGenesisState()
	staking.Params.BondDenom = BondDenom
	staking.Params.UnbondingTime = time.Minute
	staking.Params.MaxValidators = max(100, uint32(len(g.Validators)))
	slashing := slashingtypes.DefaultGenesisState()
	slashing.Params.SignedBlocksWindow = 10
	slashing.Params.MinSignedPerWindow = math.LegacyNewDecWithPrec(5, 1)
	slashing.Params.DowntimeJailDuration = 10 * time.Second
	slashing.Params.SlashFractionDowntime = math.LegacyNewDecWithPrec(7, 2)
	bank := banktypes.DefaultGenesisState()
	auth := authtypes.DefaultGenesisState()

	bonded := math.ZeroInt()
	names := append([]string{}, g.Accounts...)
	for _, it := range g.Validators {
		names = append(names, it.Name)
		tokens := math.NewInt(it.Power).MulRaw(TokensPerPower)
		bonded = bonded.Add(tokens)
		key, err := codectypes.NewAnyWithValue(ConsensusKey(it.Name))
		if err != nil {
			panic(err)
		}
		staking.Validators = append(staking.Validators, stakingtypes.Validator{
			OperatorAddress: Operator(it.Name).String(), ConsensusPubkey: key, Status: stakingtypes.Bonded,
			Tokens: tokens, DelegatorShares: math.LegacyNewDecFromInt(tokens), UnbondingTime: time.Unix(0, 0).UTC(),
			Description:       stakingtypes.Description{Moniker: it.Name},
			Commission:        stakingtypes.NewCommission(it.Commission, math.LegacyOneDec(), math.LegacyOneDec()),
			MinSelfDelegation: math.OneInt(),
		})
		staking.Delegations = append(staking.Delegations, stakingtypes.NewDelegation(
			Account(it.Name).String(), Operator(it.Name).String(), math.LegacyNewDecFromInt(tokens)))
		consensus := Consensus(it.Name).String()
		slashing.SigningInfos = append(slashing.SigningInfos, slashingtypes.SigningInfo{
			Address:              consensus,
			ValidatorSigningInfo: slashingtypes.ValidatorSigningInfo{Address: consensus},
		})
	}
	coins := sdk.NewCoins(sdk.NewInt64Coin(BondDenom, wealth))
	for _, denom := range OtherDenoms {
		coins = coins.Add(sdk.NewInt64Coin(denom, wealth))
	}
	var accounts []authtypes.GenesisAccount
	for _, name := range names {
		accounts = append(accounts, authtypes.NewBaseAccountWithAddress(Account(name)))
		bank.Balances = append(bank.Balances, banktypes.Balance{Address: Account(name).String(), Coins: coins})
	}
	bank.Balances = append(bank.Balances, banktypes.Balance{
		Address: authtypes.NewModuleAddress(stakingtypes.BondedPoolName).String(),
		Coins:   sdk.NewCoins(sdk.NewCoin(BondDenom, bonded)),
	})
	packed, err := authtypes.PackAccounts(accounts)
	if err != nil {
		panic(err)
	}
	auth.Accounts = packed

	gov := govv1.DefaultGenesisState()
	period, expedited := VotingPeriod, VotingPeriod/2
	gov.Params.VotingPeriod, gov.Params.ExpeditedVotingPeriod = &period, &expedited
	gov.Params.MinDeposit = sdk.NewCoins(sdk.NewInt64Coin(BondDenom, 1000))
	gov.Params.ExpeditedMinDeposit = sdk.NewCoins(sdk.NewInt64Coin(BondDenom, 2000))
	mint := minttypes.DefaultGenesisState()
	mint.Params.MintDenom = BondDenom

	state[authtypes.ModuleName] = codec.MustMarshalJSON(auth)
	state[banktypes.ModuleName] = codec.MustMarshalJSON(bank)
	state[stakingtypes.ModuleName] = codec.MustMarshalJSON(staking)
	state[slashingtypes.ModuleName] = codec.MustMarshalJSON(slashing)
	state[govtypes.ModuleName] = codec.MustMarshalJSON(gov)
	state[minttypes.ModuleName] = codec.MustMarshalJSON(mint)
	if g.Change != nil {
		g.Change(app, state)
	}
	return state
}
