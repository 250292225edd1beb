package gas

import (
	"fmt"
	"strings"
)

const (
	signedPower = "begin_block signed_power"
	votes       = "begin_block votes"
	withdrawal  = "withdraw_delegator_reward"
)

// What a list of votes may cost above its reading, in which nothing changes: for the first place
// where the set is stored, for each further one, and for each validator whose power has changed.
const firstPlace, furtherPlace, changedValidator = 45_000, 20_000, 10_000

// hookLimit is below what chains give a hook: Juno 250 000 by default.
const hookLimit = 200_000

// feePoolBars are those of both accountings.
func feePoolBars(j *judge) {
	for _, validators := range []int{10, 100, 1000} {
		at := func(changed int) string {
			return fmt.Sprintf("1 denom, %d validators, %d changed", validators, changed)
		}
		reading := j.row(votes, at(0)).NotPinned.Rest()
		j.rest(j.row(votes, at(1)), reading+firstPlace+changedValidator, "reading, the first place, a validator")
		j.rest(j.row(votes, at(2)), reading+firstPlace+furtherPlace+2*changedValidator, "reading, two places, two validators")
		j.rest(j.row(votes, at(10)), reading+firstPlace+9*furtherPlace+10*changedValidator, "reading, ten places, ten validators")
	}
	j.flat(signedPower, "1 denom, 10 validators", 1, "1 denom, 100 validators", "1 denom, 1000 validators")
	j.flat(withdrawal, "1 denom, after 10 blocks", 3,
		"1 denom, 10 other delegators", "1 denom, 100 other delegators", "1 denom, 1000 other delegators",
		"1 denom, after 100 slashes",
		"1 denom, after 100 blocks", "1 denom, after 1000 blocks", "1 denom, after 100000 blocks")
	for _, whose := range []string{"own", "others'"} {
		at := func(changes int) string { return fmt.Sprintf("1 denom, after %d %s changes", changes, whose) }
		j.flat(withdrawal, at(10), 3, at(1000))
	}
	for _, row := range j.table.Of(j.section.contract, j.section.variant) {
		if isHook(row.Message) {
			j.total(row, hookLimit, "what a hook may use in all")
		}
	}
}

// isHook tells whether a message is what the chain forwards of staking.
func isHook(message string) bool {
	kind, _, _ := strings.Cut(message, " ")
	return kind == "juno" || kind == "neutron" || kind == "staking_event"
}

// f1Bars are those of the default accounting, in gas above set-up and bank sends.
func f1Bars(j *judge) {
	for _, validators := range []int{10, 100, 1000} {
		at := fmt.Sprintf("1 denom, %d validators", validators)
		j.rest(j.row(signedPower, at), 32_000, "above set-up")
		j.rest(j.row(signedPower, at+", no proposer rewards"), 24_000, "above set-up")
	}
	j.rest(j.row(withdrawal, "1 denom"), 48_000, "above set-up and the bank send")
	feePoolBars(j)
}

// lazyBars hold the other accounting against the default one.
func lazyBars(j *judge) {
	for _, row := range j.table.Of(j.section.contract, j.section.variant) {
		f1 := func() uint64 { return j.rowOf("f1", row.Message, row.Case).NotPinned.Rest() }
		switch row.Message {
		case withdrawal:
			j.rest(row, f1()*3/2, "1.5 times f1's")
		case signedPower:
			j.rest(row, f1()*6/5, "1.2 times f1's")
		}
	}
	feePoolBars(j)
}
