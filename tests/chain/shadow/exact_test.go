package shadow

import (
	"math/big"

	"cosmossdk.io/math"
)

// This file does what the specification of the fee pools says, in rational numbers: of a block's fees the
// community tax is the community's, the rest is split by the powers of those who voted, each part into
// commission and a part that the delegators share by their units.

// variant is how a pool learns of delegations, and what it keeps of them.
type variant struct {
	name string
	// neutron has the pool hear Neutron's hooks, which do not say shares: it asks for tokens.
	neutron bool
	// places are the decimal places of shares, or tokens, that are kept.
	places int64
}

// exact is the exact model.
type exact struct {
	variant
	tax *big.Rat
	// byUnits are claims by the units that a pool keeps, byShares those by x/staking's shares.
	byUnits, byShares *split
	commissions       map[string]*amounts
	// rates are the exchange rates of validators whose source gives tokens, in 10^-36.
	rates map[string]*big.Int
	bounds
}

func newExact(variant variant, tax math.LegacyDec) *exact {
	return &exact{
		variant: variant, tax: exactly(tax), byUnits: newSplit(), byShares: newSplit(),
		commissions: map[string]*amounts{}, rates: map[string]*big.Int{}, bounds: newBounds(),
	}
}

// start is when the pool imports what x/staking knows: exchange rates begin at 1, and so do the roundings.
func (e *exact) start(delegations map[pair]observation) {
	e.rates, e.bounds = map[string]*big.Int{}, newBounds()
	for of, now := range delegations {
		units := e.unitsOf(now)
		e.byUnits.set(of, units)
		e.changed(e.byUnits, of, units)
	}
}

// allocate splits a block's fees.
func (e *exact) allocate(b block) {
	if b.total > 0 {
		kept := b.fees.exactly().times(new(big.Rat).Sub(big.NewRat(1, 1), e.tax))
		for _, it := range b.votes {
			reward := kept.times(big.NewRat(it.power, b.total))
			rate := exactly(it.rate)
			if e.commissions[it.validator] == nil {
				e.commissions[it.validator] = &amounts{}
			}
			e.commissions[it.validator].add(reward.times(rate))
			shared := reward.times(new(big.Rat).Sub(big.NewRat(1, 1), rate))
			e.byUnits.earn(it.validator, shared)
			e.byShares.earn(it.validator, shared)
		}
	}
	e.allocated(b)
}

// apply follows what happened.
func (e *exact) apply(o observation) {
	switch o.kind {
	case delegationChanged:
		e.set(o, o.shares, e.unitsOf(o))
	case delegationRemoving:
		e.set(o, math.LegacyZeroDec(), new(big.Int))
	case validatorSlashed:
		e.slash(o)
	case validatorCreated:
		delete(e.rates, o.validator)
	case validatorModified:
		// It is announced, and read in the next block.
		e.settled(o.validator, 2)
	case delegationCreating, delegationChanging, validatorRemoved, rewardsWithdrawn, commissionWithdrawn:
	}
}

func (e *exact) set(o observation, shares math.LegacyDec, units *big.Int) {
	e.changed(e.byUnits, o.pair, units)
	e.byUnits.set(o.pair, units)
	e.byShares.set(o.pair, shares.BigInt())
}

// unitsOf are floor(shares * 10^places), or floor(tokens * 10^places / rate).
func (e *exact) unitsOf(o observation) *big.Int {
	if !e.neutron {
		units := new(big.Int).Mul(o.shares.BigInt(), pow10(e.places))
		return units.Quo(units, pow10(18))
	}
	units := new(big.Int).Mul(o.stake().TruncateInt().BigInt(), pow10(e.places+36))
	return units.Quo(units, e.rate(o.validator))
}

func (e *exact) rate(validator string) *big.Int {
	if e.rates[validator] == nil {
		return pow10(36)
	}
	return e.rates[validator]
}

// slash lowers a validator's exchange rate, rounded up, but not below 10^-9.
func (e *exact) slash(o observation) {
	left := math.LegacyOneDec().Sub(o.fraction).BigInt()
	product := new(big.Int).Mul(e.rate(o.validator), left)
	rate, cut := product.QuoRem(product, pow10(18), new(big.Int))
	if cut.Sign() > 0 {
		rate.Add(rate, big.NewInt(1))
	}
	if rate.Cmp(pow10(27)) >= 0 {
		e.rates[o.validator] = rate
	}
}
