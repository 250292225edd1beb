package shadow

import (
	"math/big"
	"strings"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/cw-distribution/chain-module/types"
)

// refusals are events that say that a pool or the module did not do something.
var refusals = []string{
	types.EventTypeCallFailed, types.EventTypeTransferRefused, "wasm-hook_ignored", "wasm-units_bound", "wasm-already_done",
	"wasm-old_height", "wasm-receipt_bound", "wasm-payout_failed", "wasm-announcement_dropped", "wasm-validator_recorded",
}

// take reads events: who paid whom, and what was refused.
func (w *world) take(events sdk.Events) {
	for _, event := range events {
		at := map[string]string{}
		for _, it := range event.Attributes {
			at[it.Key] = it.Value
		}
		for _, refusal := range refusals {
			if event.Type == refusal {
				w.found("%s: %v", event.Type, at)
			}
		}
		of := pair{at["delegator"], at["validator"]}
		if event.Type == distrtypes.EventTypeWithdrawRewards {
			w.paid = append(w.paid, payment{of, *parsed(at[sdk.AttributeKeyAmount])})
			continue
		}
		for _, p := range w.pools {
			if at["_contract_address"] == p.address.String() {
				p.take(strings.TrimPrefix(event.Type, "wasm-"), of, at)
				// At most one settlement of the validator for each of its events.
				w.exact.settled(of.validator, 1)
			}
		}
	}
}

// take reads an event of a pool.
func (p *feePool) take(action string, of pair, at map[string]string) {
	switch action {
	case "withdraw_rewards":
		sumUp(p.rewards, of, parsed(at["amount"]))
		// What a withdrawal closes comes before it.
		if closed := p.closing[of.validator]; closed != nil {
			sumUp(p.closed, of, closed)
			delete(p.closing, of.validator)
		}
	case "withdraw_commission":
		sumUp(p.commissions, of.validator, parsed(at["amount"]))
	case "to_community_pool":
		if at["reason"] == "closed_delegation" {
			perPoint := new(big.Rat).SetFrac(big.NewInt(1), pow10(36))
			sumUp(p.closing, of.validator, parsed(at["points"]).times(perPoint))
		}
	}
}

func sumUp[K comparable](sums map[K]*amounts, key K, amount *amounts) {
	if sums[key] == nil {
		sums[key] = &amounts{}
	}
	sums[key].add(amount)
}

// sumOf is a sum, or zero.
func sumOf[K comparable](sums map[K]*amounts, key K) *amounts {
	if sums[key] == nil {
		return &amounts{}
	}
	return sums[key]
}

// parsed reads a list like 12uatom,3uosmo, whatever its numbers count. Other denoms are passed over.
func parsed(list string) *amounts {
	var found amounts
	for _, item := range strings.Split(list, ",") {
		for denom, name := range denoms {
			digits, is := strings.CutSuffix(item, name)
			number, isNumber := new(big.Int).SetString(digits, 10)
			if is && isNumber {
				found[denom].SetInt(number)
			}
		}
	}
	return &found
}
