package distributionfacade

import (
	"fmt"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/bech32"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
)

// Bodies of the pool's queries and messages, by the names of their fields.
type (
	ofValidator struct {
		Validator string `json:"validator"`
	}
	ofDelegator struct {
		Delegator string `json:"delegator"`
	}
	ofDelegation struct {
		Delegator string `json:"delegator"`
		Validator string `json:"validator"`
	}
	paramsUpdate struct {
		CommunityTax        math.LegacyDec `json:"community_tax"`
		WithdrawAddrEnabled bool           `json:"withdraw_addr_enabled"`
	}
	pageOfDelegator struct {
		Delegator  string  `json:"delegator"`
		StartAfter *string `json:"start_after"`
		Limit      int     `json:"limit"`
	}
)

// pageSize is how many entries a page of the pool has at most.
const pageSize = 100

// Answers of the pool.
type (
	rewardsAnswer struct {
		Rewards sdk.DecCoins `json:"rewards"`
	}
	delegationAnswer struct {
		Units math.Int `json:"units"`
	}
	infoAnswer struct {
		OperatorAddress string       `json:"operator_address"`
		SelfBondRewards sdk.DecCoins `json:"self_bond_rewards"`
		Commission      sdk.DecCoins `json:"commission"`
	}
	delegationReward struct {
		Validator string       `json:"validator"`
		Rewards   sdk.DecCoins `json:"rewards"`
	}
	totalRewardsAnswer struct {
		Rewards []delegationReward `json:"rewards"`
		Next    *string            `json:"next"`
	}
	validatorsAnswer struct {
		Validators []string `json:"validators"`
	}
	withdrawAddressAnswer struct {
		WithdrawAddress string `json:"withdraw_address"`
	}
	communityPoolAnswer struct {
		Pool sdk.DecCoins `json:"pool"`
	}
	paramsAnswer struct {
		CommunityTax        math.LegacyDec `json:"community_tax"`
		BaseProposerReward  math.LegacyDec `json:"base_proposer_reward"`
		BonusProposerReward math.LegacyDec `json:"bonus_proposer_reward"`
		WithdrawAddrEnabled bool           `json:"withdraw_addr_enabled"`
	}
)

// poolEvents are what a message has left behind.
type poolEvents struct {
	pool   string
	events sdk.Events
}

// about are the accounts that an event names, by the keys of its attributes.
type about map[string]sdk.AccAddress

// isOf says whether an event names these accounts. The pool writes validators in the form in which it was told
// of the first one, so bytes are compared.
func (a about) isOf(event sdk.Event) bool {
	for key, account := range a {
		attribute, _ := event.GetAttribute(key)
		if _, named, err := bech32.DecodeAndConvert(attribute.Value); err != nil || !account.Equals(sdk.AccAddress(named)) {
			return false
		}
	}
	return true
}

// paid is what a withdrawal has paid to an account: what it claimed, with what could not be delivered before and
// without what could not be delivered now.
func (e poolEvents) paid(account sdk.AccAddress, claim string, of about) (sdk.Coins, error) {
	claimed, err := e.amount(claim, of)
	if err != nil {
		return nil, err
	}
	brought, err := e.amount("undelivered_paid", about{"account": account})
	if err != nil {
		return nil, err
	}
	failed, err := e.amount("payout_failed", about{"account": account})
	if err != nil {
		return nil, err
	}
	paid, negative := claimed.Add(brought...).SafeSub(failed...)
	if negative {
		return nil, fmt.Errorf("fee pool %s failed to pay %s of %s and %s", e.pool, failed, claimed, brought)
	}
	return paid, nil
}

// amount is the sum of the amounts in the pool's events of a type that name these accounts. Others may have
// withdrawn meanwhile: the hook of a token that is paid calls whatever it likes.
func (e poolEvents) amount(action string, of about) (sdk.Coins, error) {
	sum := sdk.NewCoins()
	for _, event := range e.events {
		emitter, _ := event.GetAttribute(wasmtypes.AttributeKeyContractAddr)
		if event.Type != wasmtypes.CustomContractEventPrefix+action || emitter.Value != e.pool || !of.isOf(event) {
			continue
		}
		amount, _ := event.GetAttribute(sdk.AttributeKeyAmount)
		coins, err := sdk.ParseCoinsNormalized(amount.Value)
		if err != nil {
			return nil, err
		}
		sum = sum.Add(coins...)
	}
	return sum, nil
}
