package distributionfacade

import (
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cosmossdk.io/math"

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

// paid is what a withdrawal has paid: what it claimed, with what could not be delivered before and
// without what could not be delivered now.
func (e poolEvents) paid(claim string) (sdk.Coins, error) {
	claimed, err := e.amount(claim)
	if err != nil {
		return nil, err
	}
	brought, err := e.amount("undelivered_paid")
	if err != nil {
		return nil, err
	}
	failed, err := e.amount("payout_failed")
	if err != nil {
		return nil, err
	}
	paid, negative := claimed.Add(brought...).SafeSub(failed...)
	if negative {
		return nil, fmt.Errorf("fee pool %s failed to pay %s of %s and %s", e.pool, failed, claimed, brought)
	}
	return paid, nil
}

// amount is the sum of the amounts in the pool's events of a type.
func (e poolEvents) amount(action string) (sdk.Coins, error) {
	sum := sdk.NewCoins()
	for _, event := range e.events {
		emitter, _ := event.GetAttribute(wasmtypes.AttributeKeyContractAddr)
		if event.Type != wasmtypes.CustomContractEventPrefix+action || emitter.Value != e.pool {
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
