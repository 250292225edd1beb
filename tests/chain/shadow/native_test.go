package shadow

import (
	"math/big"

	"cosmossdk.io/math"
)

// This file does what x/distribution of the SDK 0.53 does, and splits what it does not pay into its reasons.
// Where it rounds, it is with the SDK's own decimals, so each payment can be foreseen to the unit.

// nativeClaim is what x/distribution did with a delegation's share. In exact numbers:
//
//	byShares   what the delegators of the validator got, as x/distribution rounded it, by shares
//	empty      the part of it from blocks in which the validator had no tokens
//	byStake    the same by the stake that x/distribution remembers, over the validator's tokens
//	raw        what it reckoned, by ratios of 18 decimals
//	paid       what it paid; what is missing are fractions
type nativeClaim struct{ byShares, empty, byStake, raw, paid amounts }

// nativeCommission is a validator's commission: all of it, and what was paid.
type nativeCommission struct{ earned, paid amounts }

// payment is one of x/distribution; of commission the delegator is empty.
type payment struct {
	pair
	paid amounts
}

// native is x/distribution.
type native struct {
	tax        math.LegacyDec
	validators map[string]*nativeValidator
	starts     map[pair]start
	claims     map[pair]*nativeClaim
	operators  map[string]*nativeCommission
	// shared is what validators' delegators got, split by shares.
	shared, empty *split
	// payments are those since they were last taken.
	payments []payment
}

// nativeValidator is the state of a validator.
type nativeValidator struct {
	current, outstanding, commission decimals
	// ratios are the rewards per token since the beginning, by period; the last one has ended.
	ratios  []ratio
	slashes []slash
}

// ratio is rewards per token, as it is remembered and not rounded.
type ratio struct {
	rounded decimals
	exact   amounts
}

// slash ends a period.
type slash struct {
	height   int64
	period   int
	fraction math.LegacyDec
}

// start is where a delegation's rewards begin.
type start struct {
	period int
	stake  math.LegacyDec
	height int64
}

func newNative(tax math.LegacyDec) *native {
	return &native{
		tax: tax, validators: map[string]*nativeValidator{}, starts: map[pair]start{},
		claims: map[pair]*nativeClaim{}, operators: map[string]*nativeCommission{},
		shared: newSplit(), empty: newSplit(),
	}
}

func (n *native) claim(of pair) *nativeClaim {
	if n.claims[of] == nil {
		n.claims[of] = &nativeClaim{}
	}
	return n.claims[of]
}

func (n *native) operator(validator string) *nativeCommission {
	if n.operators[validator] == nil {
		n.operators[validator] = &nativeCommission{}
	}
	return n.operators[validator]
}

// allocate splits a block's fees.
func (n *native) allocate(b block) {
	if b.total == 0 {
		return
	}
	keep := math.LegacyOneDec().Sub(n.tax)
	kept := b.fees.each(keep.MulTruncate)
	for _, it := range b.votes {
		part := math.LegacyNewDec(it.power).QuoTruncate(math.LegacyNewDec(b.total))
		reward := kept.each(part.MulTruncate)
		commission := reward.each(it.rate.Mul)
		shared := reward.minus(commission)
		validator := n.validators[it.validator]
		validator.commission = validator.commission.plus(commission)
		validator.current = validator.current.plus(shared)
		validator.outstanding = validator.outstanding.plus(reward)
		n.operator(it.validator).earned.add(commission.exactly())
		n.shared.earn(it.validator, shared.exactly())
		if it.empty {
			n.empty.earn(it.validator, shared.exactly())
		}
	}
}

// apply follows what happened.
func (n *native) apply(o observation) {
	switch o.kind {
	case validatorCreated:
		zero := none()
		n.validators[o.validator] = &nativeValidator{
			current: zero, outstanding: zero, commission: zero, ratios: []ratio{{rounded: zero}},
		}
	case validatorRemoved:
		// Its commission is paid without an event, and the fraction of it is dropped.
		n.withdrawCommission(o.validator)
		delete(n.validators, o.validator)
	case validatorSlashed:
		validator := n.validators[o.validator]
		validator.endPeriod(o.tokens)
		validator.slashes = append(validator.slashes, slash{o.height, validator.period(), o.fraction})
	case delegationCreating:
		n.validators[o.validator].endPeriod(o.tokens)
	case delegationChanging:
		n.withdraw(o)
	case delegationChanged:
		n.begin(o)
		n.share(o, o.shares)
	case delegationRemoving:
		n.share(o, math.LegacyZeroDec())
	case rewardsWithdrawn:
		n.withdraw(o)
		n.begin(o)
	case commissionWithdrawn:
		n.payments = append(n.payments, payment{o.pair, *n.withdrawCommission(o.validator)})
	case validatorModified:
	}
}

// share sets a delegation's shares in the splits by shares.
func (n *native) share(o observation, shares math.LegacyDec) {
	n.shared.set(o.pair, shares.BigInt())
	n.empty.set(o.pair, shares.BigInt())
}

// period is the last one that has ended.
func (v *nativeValidator) period() int { return len(v.ratios) - 1 }

// endPeriod ends a period, in which the validator's tokens stayed the same. Rewards of a validator without
// tokens go to the community pool.
func (v *nativeValidator) endPeriod(tokens math.Int) {
	last := v.ratios[v.period()]
	next := ratio{rounded: last.rounded}
	next.exact.add(&last.exact)
	if tokens.IsZero() {
		v.outstanding = v.outstanding.minus(v.current)
	} else {
		all := math.LegacyNewDecFromInt(tokens)
		perToken := v.current.each(func(it math.LegacyDec) math.LegacyDec { return it.QuoTruncate(all) })
		next.rounded = last.rounded.plus(perToken)
		next.exact.add(v.current.exactly().times(new(big.Rat).Inv(exactly(all))))
	}
	v.current = none()
	v.ratios = append(v.ratios, next)
}

// begin remembers the stake of a delegation.
func (n *native) begin(o observation) {
	n.starts[o.pair] = start{period: n.validators[o.validator].period(), stake: o.stakeTruncated(), height: o.height}
}

// withdraw pays a delegation and forgets where it began. It drops what is less than one unit.
func (n *native) withdraw(o observation) {
	validator := n.validators[o.validator]
	validator.endPeriod(o.tokens)
	raw, byStake := n.reckon(o)
	rewards := raw.least(validator.outstanding)
	paid := rewards.whole()
	validator.outstanding = validator.outstanding.minus(rewards)
	claim := n.claim(o.pair)
	claim.byStake.add(byStake)
	claim.raw.add(raw.exactly())
	claim.paid.add(paid.exactly())
	delete(n.starts, o.pair)
	n.payments = append(n.payments, payment{o.pair, *paid.exactly()})
}

// reckon is what a delegation earned until the last period that has ended: as x/distribution rounds it, and
// by the same stakes without rounding.
func (n *native) reckon(o observation) (decimals, *amounts) {
	validator, from := n.validators[o.validator], n.starts[o.pair]
	rewards, exact := none(), &amounts{}
	if from.height == o.height {
		return rewards, exact
	}
	stake, period := from.stake, from.period
	upTo := func(end int) {
		first, last := &validator.ratios[period], &validator.ratios[end]
		rewards = rewards.plus(last.rounded.minus(first.rounded).each(stake.MulTruncate))
		exact.add(last.exact.minus(&first.exact).times(exactly(stake)))
		period = end
	}
	for _, it := range validator.slashes {
		if it.height >= from.height && it.height <= o.height && it.period > period {
			upTo(it.period)
			stake = stake.MulTruncate(math.LegacyOneDec().Sub(it.fraction))
		}
	}
	// Slashes that were rounded apart may leave more than the shares are worth.
	stake = math.LegacyMinDec(stake, o.stake())
	upTo(validator.period())
	return rewards, exact
}

// withdrawCommission pays an operator, who keeps the fraction.
func (n *native) withdrawCommission(name string) *amounts {
	validator := n.validators[name]
	paid := validator.commission.whole()
	validator.commission = validator.commission.minus(paid)
	validator.outstanding = validator.outstanding.minus(paid)
	n.operator(name).paid.add(paid.exactly())
	return paid.exactly()
}

// finish brings what is split by shares up to date, when everybody has withdrawn.
func (n *native) finish() {
	for of, earned := range n.shared.all() {
		n.claim(of).byShares.add(earned)
	}
	for of, earned := range n.empty.all() {
		n.claim(of).empty.add(earned)
	}
}

// taken hands out the payments since the last time.
func (n *native) taken() []payment {
	payments := n.payments
	n.payments = nil
	return payments
}
