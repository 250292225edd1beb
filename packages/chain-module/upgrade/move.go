// Package upgrade moves a chain from x/distribution to a fee pool, in the handler of the upgrade that
// takes x/distribution out of the application.
//
// The handler is the one moment at which everything can be moved: x/distribution pays nothing any
// more, so what it owes can be imported without being paid twice. The binary keeps the store of
// x/distribution, its account's permissions and a keeper to read it with; a later upgrade deletes the
// store.
package upgrade

import (
	"context"
	"encoding/json"
	"fmt"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// StakingKeeper is what the move reads of x/staking.
type StakingKeeper interface {
	GetAllValidators(ctx context.Context) ([]stakingtypes.Validator, error)
	GetValidatorDelegations(ctx context.Context, operator sdk.ValAddress) ([]stakingtypes.Delegation, error)
}

// BankKeeper is what moves the coins.
type BankKeeper interface {
	GetBalance(ctx context.Context, account sdk.AccAddress, denom string) sdk.Coin
	GetAllBalances(ctx context.Context, account sdk.AccAddress) sdk.Coins
	IsSendEnabledCoins(ctx context.Context, coins ...sdk.Coin) error
	SendCoins(ctx context.Context, from, to sdk.AccAddress, amount sdk.Coins) error
}

// WasmQuerier asks the pool.
type WasmQuerier interface {
	QuerySmart(ctx context.Context, contract sdk.AccAddress, query []byte) ([]byte, error)
}

// WasmExecutor sends messages to the pool.
type WasmExecutor interface {
	Execute(ctx sdk.Context, contract, caller sdk.AccAddress, msg []byte, funds sdk.Coins) ([]byte, error)
}

// Move is a move to one pool. The pool is instantiated and not active; its source is the chain's hooks.
type Move struct {
	Distribution distrkeeper.Keeper
	Staking      StakingKeeper
	Bank         BankKeeper
	Querier      WasmQuerier
	Executor     WasmExecutor

	// Pool is the contract.
	Pool sdk.AccAddress
	// Owner owns the pool: governance's account.
	Owner sdk.AccAddress
	// PageSize is how many lines one import has; 100 when 0.
	PageSize int
}

// Report says what was moved.
type Report struct {
	Validators, Delegations, WithdrawAddresses int
	// Moved are the coins that are in the pool now.
	Moved sdk.Coins
	// Left are coins of denoms that the pool does not take: they stay with x/distribution's account,
	// for a later decision.
	Left sdk.Coins
}

// Run takes x/distribution's params, sends its coins, imports in pages what it and x/staking know, and activates
// the pool. What x/distribution's rounding left to nobody goes to the community pool. The work grows
// with the number of delegations.
//
// It begins with checks, of the pool and of what it reads. After an error the upgrade must stop, as a part may
// be done. What only happens when it is tried: a send restriction that refuses x/distribution's account or the
// owner, and a delegation whose rewards x/distribution itself fails to compute.
func (m Move) Run(ctx sdk.Context) (Report, error) {
	config, err := m.checkPool(ctx)
	if err != nil {
		return Report{}, err
	}
	denoms, err := m.denoms(ctx)
	if err != nil {
		return Report{}, err
	}
	imported, err := m.read(ctx, denoms, config.SharePlaces)
	if err != nil {
		return Report{}, err
	}
	account := authtypes.NewModuleAddress(distrtypes.ModuleName)
	coins := sdk.NewCoins()
	for denom := range denoms {
		coins = coins.Add(m.Bank.GetBalance(ctx, account, denom))
	}
	if err := m.checkCoins(ctx, coins, imported); err != nil {
		return Report{}, err
	}
	if err := m.takeParams(ctx); err != nil {
		return Report{}, err
	}
	if err := m.importAll(ctx, imported); err != nil {
		return Report{}, err
	}
	if err := m.Bank.SendCoins(ctx, account, m.Owner, coins); err != nil {
		return Report{}, fmt.Errorf("coins of x/distribution: %w", err)
	}
	if err := m.execute(ctx, "activate", struct{}{}, coins); err != nil {
		return Report{}, err
	}
	return Report{
		Validators: len(imported.validators), Delegations: len(imported.delegations),
		WithdrawAddresses: len(imported.withdrawAddresses),
		Moved:             coins, Left: m.Bank.GetAllBalances(ctx, account),
	}, nil
}

// takeParams gives the pool the params of x/distribution, which pays no proposer rewards any more.
func (m Move) takeParams(ctx sdk.Context) error {
	params, err := m.Distribution.Params.Get(ctx)
	if err != nil {
		return err
	}
	return m.execute(ctx, "update_params", struct {
		CommunityTax        math.LegacyDec `json:"community_tax"`
		BaseProposerReward  math.LegacyDec `json:"base_proposer_reward"`
		BonusProposerReward math.LegacyDec `json:"bonus_proposer_reward"`
		WithdrawAddrEnabled bool           `json:"withdraw_addr_enabled"`
	}{params.CommunityTax, math.LegacyZeroDec(), math.LegacyZeroDec(), params.WithdrawAddrEnabled}, nil)
}

// denoms are those that the pool takes.
func (m Move) denoms(ctx sdk.Context) (map[string]bool, error) {
	var answer struct {
		RewardDenoms []struct {
			Denom  string `json:"denom"`
			Active bool   `json:"active"`
		} `json:"reward_denoms"`
	}
	if err := m.ask(ctx, `{"reward_denoms":{}}`, &answer); err != nil {
		return nil, err
	}
	denoms := map[string]bool{}
	for _, it := range answer.RewardDenoms {
		if it.Active {
			denoms[it.Denom] = true
		}
	}
	return denoms, nil
}

// ask queries the pool.
func (m Move) ask(ctx sdk.Context, query string, answer any) error {
	data, err := m.Querier.QuerySmart(ctx, m.Pool, []byte(query))
	if err == nil {
		err = json.Unmarshal(data, answer)
	}
	if err != nil {
		return fmt.Errorf("pool %s, query %s: %w", m.Pool, query, err)
	}
	return nil
}

func (m Move) execute(ctx sdk.Context, name string, body any, funds sdk.Coins) error {
	message, err := json.Marshal(map[string]any{name: body})
	if err != nil {
		return err
	}
	if _, err := m.Executor.Execute(ctx, m.Pool, m.Owner, message, funds); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
