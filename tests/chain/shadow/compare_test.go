package shadow

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/pool"
)

// line is how one delegator, or the commission of one operator, fared on each side.
type line struct {
	who string
	// exact is by shares, in rational numbers; byUnits the same by the units of the pools.
	exact, byUnits amounts
	// native is what x/distribution paid; the others are why it is not exact: roundings to 18 places when fees are
	// allocated, validators without tokens, remembered stakes, ratios of 18 places, dropped fractions.
	native, allocation, empty, stakes, ratios, dropped amounts
	// pools is what each pool paid; fractions are what it still owes and what it gave away with closed records;
	// missing is what it owed less than by units, and bound what that may be.
	pools, fractions, missing [2]amounts
	bound                     big.Rat
}

// add adds up lines.
func (l *line) add(other *line) {
	for _, it := range []struct{ to, more *amounts }{
		{&l.exact, &other.exact}, {&l.byUnits, &other.byUnits}, {&l.native, &other.native}, {&l.allocation, &other.allocation},
		{&l.empty, &other.empty}, {&l.stakes, &other.stakes}, {&l.ratios, &other.ratios}, {&l.dropped, &other.dropped},
	} {
		it.to.add(it.more)
	}
	for index := range l.pools {
		l.pools[index].add(&other.pools[index])
		l.fractions[index].add(&other.fractions[index])
		l.missing[index].add(&other.missing[index])
	}
	l.bound.Add(&l.bound, &other.bound)
}

// shown is one unit of the 18th place: queries round amounts down to it.
var shown = new(big.Rat).SetFrac(big.NewInt(1), pow10(18))

// inBaseUnits is a bound in 10^-36 with what the query for the rest rounds down.
func inBaseUnits(points *big.Int) *big.Rat {
	if points == nil {
		return new(big.Rat).Set(shown)
	}
	bound := new(big.Rat).SetFrac(points, pow10(36))
	return bound.Add(bound, shown)
}

// claims compares every delegation's claim and adds them up for each delegator.
func (h *history) claims() []*line {
	h.t.Helper()
	units, shares := h.exact.byUnits.all(), h.exact.byShares.all()
	h.finishBounds()
	found := map[string]*line{}
	for _, it := range h.pairs() {
		l := &line{who: it.delegator}
		l.exact.add(sumOf(shares, it))
		l.byUnits.add(sumOf(units, it))
		claim := h.native.claim(it)
		l.native.add(&claim.paid)
		l.allocation.add(l.exact.minus(&claim.byShares))
		l.empty.add(&claim.empty)
		l.stakes.add(claim.byShares.minus(&claim.empty).minus(&claim.byStake))
		l.ratios.add(claim.byStake.minus(&claim.raw))
		l.dropped.add(claim.raw.minus(&claim.paid))
		l.bound.Set(inBaseUnits(h.exact.bounds.claims[it]))
		for index, p := range h.pools {
			l.pools[index].add(sumOf(p.rewards, it))
			l.fractions[index].add(h.owed(p, pool.M{"delegation_rewards": pool.M{"delegator": it.delegator, "validator": it.validator}}))
			l.fractions[index].add(sumOf(p.closed, it))
		}
		h.check(l, it)
		if found[it.delegator] == nil {
			found[it.delegator] = &line{who: it.delegator}
		}
		found[it.delegator].add(l)
	}
	return sorted(found)
}

// commissions compares every operator's commission.
func (h *history) commissions() []*line {
	h.t.Helper()
	found := map[string]*line{}
	for validator, earned := range h.exact.commissions {
		l := &line{who: validator}
		l.exact.add(earned)
		l.byUnits.add(earned)
		native := h.native.operator(validator)
		l.native.add(&native.paid)
		l.allocation.add(l.exact.minus(&native.earned))
		l.dropped.add(native.earned.minus(&native.paid))
		l.bound.Set(inBaseUnits(h.exact.bounds.commissions[validator]))
		for index, p := range h.pools {
			l.pools[index].add(sumOf(p.commissions, validator))
			l.fractions[index].add(h.owed(p, pool.M{"validator_commission": pool.M{"validator": validator}}))
		}
		h.check(l, pair{validator: validator})
		found[validator] = l
	}
	return sorted(found)
}

// finishBounds counts what a query now settles.
func (h *history) finishBounds() {
	for validator := range h.exact.byUnits.weights {
		h.exact.settled(validator, 1)
		h.exact.spread(h.exact.byUnits, pair{validator: validator})
	}
}

// check checks that a pool owes nobody more than the exact share, and less only within the bound.
func (h *history) check(l *line, of pair) {
	for index, p := range h.pools {
		entitled := amounts{}
		entitled.add(&l.pools[index])
		entitled.add(&l.fractions[index])
		l.missing[index].add(l.byUnits.minus(&entitled))
		for denom := range denoms {
			missing := &l.missing[index][denom]
			if missing.Sign() < 0 || missing.Cmp(&l.bound) > 0 {
				h.found("%s owes %v %s %s less than the exact %s, the bound is %s", p.name, of, missing.FloatString(36), denoms[denom],
					l.byUnits[denom].FloatString(18), l.bound.FloatString(36))
			}
		}
	}
}

// pairs are all who ever earned something, or should have.
func (h *history) pairs() []pair {
	all := map[pair]bool{}
	for of := range h.exact.byUnits.claims {
		all[of] = true
	}
	for of := range h.exact.byShares.claims {
		all[of] = true
	}
	for of := range h.native.claims {
		all[of] = true
	}
	for _, p := range h.pools {
		for of := range p.rewards {
			all[of] = true
		}
	}
	return slices.SortedFunc(maps.Keys(all), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.delegator, b.delegator), cmp.Compare(a.validator, b.validator))
	})
}

func sorted(lines map[string]*line) []*line {
	return slices.SortedFunc(maps.Values(lines), func(a, b *line) int { return cmp.Compare(a.who, b.who) })
}

// owed is what a pool's query says.
func (h *history) owed(p *feePool, query pool.M) *amounts {
	h.t.Helper()
	var answer struct {
		Rewards []struct {
			Denom  string         `json:"denom"`
			Amount math.LegacyDec `json:"amount"`
		} `json:"rewards"`
	}
	h.ask(p, query, &answer)
	var found amounts
	for denom, name := range denoms {
		for _, it := range answer.Rewards {
			if it.Denom == name {
				found[denom].Set(exactly(it.Amount))
			}
		}
	}
	return &found
}

// compare compares everything and returns delegators and commissions.
func (h *history) compare() (delegators, commissions []*line) {
	h.t.Helper()
	delegators, commissions = h.claims(), h.commissions()
	h.unitsAreThoseOfThePools()
	h.balancesAreWhatWasPaid()
	h.ledgersAddUp()
	h.callsSucceeded()
	return delegators, commissions
}

// unitsAreThoseOfThePools checks that pools know the delegations that the models share among.
func (h *history) unitsAreThoseOfThePools() {
	h.t.Helper()
	for _, it := range h.delegations {
		of := pair{it.DelegatorAddress, it.ValidatorAddress}
		for _, p := range h.pools {
			var answer struct {
				Units string `json:"units"`
			}
			h.ask(p, pool.M{"delegation": pool.M{"delegator": of.delegator, "validator": of.validator}}, &answer)
			if expected := h.exact.byUnits.weight(of).String(); answer.Units != expected {
				h.found("%s knows %s units of %v and not %s", p.name, answer.Units, of, expected)
			}
		}
	}
}

// balancesAreWhatWasPaid checks that everybody has what events said, and what x/distribution pays without one.
func (h *history) balancesAreWhatWasPaid() {
	h.t.Helper()
	native, pools := map[string]*amounts{}, [2]map[string]*amounts{{}, {}}
	for of, claim := range h.native.claims {
		sumUp(native, of.delegator, &claim.paid)
	}
	for validator, commission := range h.native.operators {
		sumUp(native, h.self(validator), &commission.paid)
	}
	for index, p := range h.pools {
		for of, paid := range p.rewards {
			sumUp(pools[index], of.delegator, paid)
		}
		for validator, paid := range p.commissions {
			sumUp(pools[index], h.self(validator), paid)
		}
	}
	check := func(side, who string, at sdk.AccAddress, paid *amounts) {
		if has := amountsOf(h.App.BankKeeper.GetAllBalances(h.Context(), at)); !has.equal(paid) {
			h.found("%s has %sof %s and not %s", who, has, side, paid)
		}
	}
	for who, paid := range native {
		check("x/distribution", who, account(who), paid)
		for index, p := range h.pools {
			check(string(p.name), who, purse(p, account(who)), sumOf(pools[index], who))
		}
	}
}

// ledgersAddUp checks that each pool has exactly what it owes: all fees are split.
func (h *history) ledgersAddUp() {
	h.t.Helper()
	for _, p := range h.pools {
		var ledger struct {
			Denoms []struct {
				Difference string `json:"difference"`
			} `json:"denoms"`
		}
		h.ask(p, pool.M{"invariants": pool.M{}}, &ledger)
		require.Len(h.t, ledger.Denoms, denomCount)
		for denom, it := range ledger.Denoms {
			if it.Difference != "0" {
				h.found("the ledger of %s has a difference of %s %s", p.name, it.Difference, denoms[denom])
			}
		}
	}
}

// callsSucceeded checks that the pools took all that the module told them.
func (h *history) callsSucceeded() {
	h.t.Helper()
	for _, p := range h.pools {
		status, err := h.module.Statuses.Get(h.Context(), p.address)
		require.NoError(h.t, err)
		if status.Failures > 0 || status.Height != h.Height() {
			h.found("%s failed %d times, last %v; its last block is %d of %d", p.name, status.Failures, status.LastFailure, status.Height, h.Height())
		}
	}
}
