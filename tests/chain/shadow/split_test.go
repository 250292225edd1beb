package shadow

import "math/big"

// split shares what the delegators of a validator get among all of them, by weights. What they get while the
// weights stay is shared when one changes; nothing is rounded.
type split struct {
	weights map[string]map[string]*big.Int
	totals  map[string]*big.Int
	since   map[string]*amounts
	claims  map[pair]*amounts
}

func newSplit() *split {
	return &split{
		weights: map[string]map[string]*big.Int{}, totals: map[string]*big.Int{},
		since: map[string]*amounts{}, claims: map[pair]*amounts{},
	}
}

// earn gives something to a validator's delegators.
func (s *split) earn(validator string, earned *amounts) {
	if s.since[validator] == nil {
		s.since[validator] = &amounts{}
	}
	s.since[validator].add(earned)
}

// set changes a weight.
func (s *split) set(of pair, weight *big.Int) {
	s.share(of.validator)
	weights, total := s.weights[of.validator], s.totals[of.validator]
	if weights == nil {
		weights, total = map[string]*big.Int{}, new(big.Int)
		s.weights[of.validator], s.totals[of.validator] = weights, total
	}
	if before := weights[of.delegator]; before != nil {
		total.Sub(total, before)
		delete(weights, of.delegator)
	}
	if weight.Sign() > 0 {
		total.Add(total, weight)
		weights[of.delegator] = new(big.Int).Set(weight)
	}
}

// weight is a delegation's.
func (s *split) weight(of pair) *big.Int {
	if weight := s.weights[of.validator][of.delegator]; weight != nil {
		return weight
	}
	return new(big.Int)
}

// share shares what a validator's delegators got. Without delegators it is the community's.
func (s *split) share(validator string) {
	earned := s.since[validator]
	delete(s.since, validator)
	if earned == nil || earned.isZero() {
		return
	}
	for delegator, weight := range s.weights[validator] {
		of := pair{delegator, validator}
		if s.claims[of] == nil {
			s.claims[of] = &amounts{}
		}
		s.claims[of].add(earned.times(new(big.Rat).SetFrac(weight, s.totals[validator])))
	}
}

// all is what every delegation has got.
func (s *split) all() map[pair]*amounts {
	for validator := range s.since {
		s.share(validator)
	}
	return s.claims
}
