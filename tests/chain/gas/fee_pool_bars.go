package gas

import (
	"fmt"
	"strings"

	"cw-distribution/tests/chain/pool"
)

const (
	signedPower     = "begin_block signed_power"
	changedPowers   = "begin_block changed"
	votes           = "begin_block votes"
	commissionsRead = "begin_block signed_power, commissions read"
	powersChanged   = "staking_event powers_changed"
	withdrawal      = "withdraw_delegator_reward"
)

const (
	// f1HookLimit is below what chains give a hook, and lazyHookLimit is it: Juno 250 000 by default.
	f1HookLimit, lazyHookLimit = 200_000, 250_000
	// messageLimit is what any message may use with the most that it takes, in all.
	messageLimit = 5_000_000
)

// feePoolBars are those of both fee pools; hookLimit is what a hook may use in all.
func feePoolBars(j *judge, hookLimit uint64) {
	// A block costs the same for any number of validators, and a changed power as well. Larger sets
	// have larger numbers.
	j.flat(signedPower, "1 denom, 10 validators", 1, "1 denom, 100 validators", "1 denom, 1000 validators")
	at := func(validators, changed int) string {
		return fmt.Sprintf("1 denom, %d validators, %d changed", validators, changed)
	}
	for _, changed := range []int{1, 10} {
		j.flat(changedPowers, at(10, changed), 2, at(100, changed), at(1000, changed))
	}
	j.flat(changedPowers, at(100, 100), 2, at(1000, 100))

	// A claim costs the same among any number of others, and after any number of blocks and changes.
	j.flat(withdrawal, "1 denom, after 10 blocks", 3,
		"1 denom, 10 other delegators", "1 denom, 100 other delegators", "1 denom, 1000 other delegators",
		"1 denom, after 100 slashes",
		"1 denom, after 100 blocks", "1 denom, after 1000 blocks", "1 denom, after 100000 blocks")
	for _, whose := range []string{"own", "others'"} {
		at := func(changes int) string { return fmt.Sprintf("1 denom, after %d %s changes", changes, whose) }
		j.flat(withdrawal, at(10), 3, at(1000))
	}

	for _, row := range j.table.Of(j.section.contract) {
		if isHook(row.Message) {
			j.total(row, hookLimit, "what a hook may use in all")
		}
	}
}

// steps holds the largest step of changed powers, with some denoms, against what a message may use.
func (j *judge) steps(count int) {
	j.total(j.row(powersChanged, denoms(count)+", 100 changes"), messageLimit, "a step of changed powers, in all")
	at := fmt.Sprintf("%s, 1000 validators, 100 changed", denoms(count))
	j.total(j.row(changedPowers, at), messageLimit, "a block with as many changed powers as it takes, in all")
}

// isHook says whether a message is what the chain forwards of a single change in staking.
func isHook(message string) bool {
	kind, _, _ := strings.Cut(message, " ")
	return kind == "juno" || kind == "neutron" || kind == "staking_event" && message != powersChanged
}

// f1Bars are those of fee-pool, in gas above set-up and bank sends unless they say otherwise.
func f1Bars(j *judge) {
	for _, validators := range []int{10, 100, 1000} {
		at := fmt.Sprintf("1 denom, %d validators", validators)
		j.rest(j.row(signedPower, at), 32_000, "above set-up")
		j.rest(j.row(signedPower, at+", no proposer rewards"), 24_000, "above set-up")
	}
	j.rest(j.row(withdrawal, "1 denom"), 48_000, "above set-up and the bank send")
	feePoolBars(j, f1HookLimit)
	j.steps(8)
}

// lazyBars hold lazy-fee-pool against fee-pool.
func lazyBars(j *judge) {
	for _, row := range j.table.Of(j.section.contract) {
		f1 := func() uint64 { return j.rowOf(string(pool.F1), row.Message, row.Case).NotPinned.Rest() }
		switch row.Message {
		case withdrawal:
			j.rest(row, f1()*3/2, "1.5 times that of fee-pool")
		case signedPower:
			j.rest(row, f1()*6/5, "1.2 times that of fee-pool")
		}
	}
	feePoolBars(j, lazyHookLimit)
	j.steps(4)
}
