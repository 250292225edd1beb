package shadow

import "math/big"

// bounds add up how far below the exact share an entitlement may be, in 10^-36 base units, as the pools'
// specification says: for each block and each change of a power twice the power of the validator and 3, for
// each change of units at the validator twice the delegation's own units, for each settlement of the
// validator 2.
type bounds struct {
	// claims are those of delegations, commissions those of operators.
	claims      map[pair]*big.Int
	commissions map[string]*big.Int
	// steps are those of a validator since its units last changed.
	steps  map[string]*big.Int
	powers map[string]int64
}

func newBounds() bounds {
	return bounds{
		claims: map[pair]*big.Int{}, commissions: map[string]*big.Int{},
		steps: map[string]*big.Int{}, powers: map[string]int64{},
	}
}

func grow[K comparable](sums map[K]*big.Int, key K, by *big.Int) {
	if sums[key] == nil {
		sums[key] = new(big.Int)
	}
	sums[key].Add(sums[key], by)
}

// step adds to what all claims of a validator may miss.
func (b bounds) step(validator string, points int64) {
	grow(b.steps, validator, big.NewInt(points))
	grow(b.commissions, validator, big.NewInt(points))
}

// settled counts settlements of a validator.
func (b bounds) settled(validator string, times int64) { b.step(validator, 2*times) }

// allocated is a block. Everybody's power matters for everybody.
func (b bounds) allocated(it block) {
	now := map[string]int64{}
	for _, vote := range it.votes {
		now[vote.validator] = vote.power
	}
	most := map[string]int64{}
	times := int64(1)
	for validator, power := range b.powers {
		if now[validator] != power {
			times++
		}
		most[validator] = power
		if now[validator] == 0 {
			b.powers[validator] = 0
		}
	}
	for validator, power := range now {
		if _, known := b.powers[validator]; !known {
			times++
		}
		most[validator] = max(most[validator], power)
		b.powers[validator] = power
	}
	for validator, power := range most {
		b.step(validator, times*(2*power+3)+2)
	}
}

// changed is a change of units; others are the units before it.
func (b bounds) changed(before *split, of pair, after *big.Int) {
	b.settled(of.validator, 1)
	for delegator, units := range before.weights[of.validator] {
		if delegator != of.delegator {
			grow(b.claims, pair{delegator, of.validator}, new(big.Int).Lsh(units, 1))
		}
	}
	most := before.weight(of)
	if after.Cmp(most) > 0 {
		most = after
	}
	grow(b.claims, of, new(big.Int).Lsh(most, 1))
	b.spread(before, of)
}

// spread gives the steps of a validator to all who share in it.
func (b bounds) spread(before *split, of pair) {
	steps := b.steps[of.validator]
	delete(b.steps, of.validator)
	if steps == nil {
		return
	}
	for delegator := range before.weights[of.validator] {
		grow(b.claims, pair{delegator, of.validator}, steps)
	}
	if before.weight(of).Sign() == 0 {
		grow(b.claims, of, steps)
	}
}
