package shadow

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// result is what a comparison found, for the report.
type result struct {
	plan                    plan
	delegators, commissions []*line
	claims                  int
	done                    map[string]int
}

// row is a line of a table: something of each delegator or operator. One that is 0 for all is left out.
type row struct {
	name string
	of   func(l *line, denom int) *big.Rat
}

// nativeRows are what x/distribution pays less than the exact share, and why.
var nativeRows = []row{
	{"exact share", func(l *line, denom int) *big.Rat { return &l.exact[denom] }},
	{"paid less", func(l *line, denom int) *big.Rat { return less(&l.exact[denom], &l.native[denom]) }},
	{"by fractions dropped at withdrawals", func(l *line, denom int) *big.Rat { return &l.dropped[denom] }},
	{"by stakes remembered before whole tokens left", func(l *line, denom int) *big.Rat { return &l.stakes[denom] }},
	{"by validators without tokens", func(l *line, denom int) *big.Rat { return &l.empty[denom] }},
	{"by ratios of 18 places", func(l *line, denom int) *big.Rat { return &l.ratios[denom] }},
	{"by 18 places when fees are allocated", func(l *line, denom int) *big.Rat { return &l.allocation[denom] }},
}

// poolRows are what the pools pay, against x/distribution and the exact share.
var poolRows = []row{
	{"`fee-pool` paid more than x/distribution", func(l *line, denom int) *big.Rat { return less(&l.pools[0][denom], &l.native[denom]) }},
	{"`lazy-fee-pool` paid more than x/distribution", func(l *line, denom int) *big.Rat { return less(&l.pools[1][denom], &l.native[denom]) }},
	{"`lazy-fee-pool` paid more than `fee-pool`", func(l *line, denom int) *big.Rat { return less(&l.pools[1][denom], &l.pools[0][denom]) }},
	{"fractions that `fee-pool` still owes, or closed", func(l *line, denom int) *big.Rat { return &l.fractions[0][denom] }},
	{"share by units above share by shares", func(l *line, denom int) *big.Rat { return less(&l.byUnits[denom], &l.exact[denom]) }},
	{"bound on what is left", func(l *line, _ int) *big.Rat { return &l.bound }},
	{"left: share by units above `fee-pool`", func(l *line, denom int) *big.Rat { return &l.missing[0][denom] }},
	{"left: share by units above `lazy-fee-pool`", func(l *line, denom int) *big.Rat { return &l.missing[1][denom] }},
}

func less(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }

// report writes tables of the results, which are of the same history.
func report(results []result) string {
	var out strings.Builder
	first := results[0]
	fmt.Fprintf(&out, `# Fee pools beside x/distribution: results

One chain, one history: %d validators at genesis, %d delegators, %d blocks; %d claims of a delegation. Written by
`+"`%s=full %s=%d go test -timeout=120m ./shadow`"+`; the [README](../README.md#beside-xdistribution) says what is compared.

In base units, of what is paid over the whole history. A line is a delegator with all its delegations, or an operator's commission.

"Share by units above share by shares" is the price of how a pool learns of stakes: what whole tokens (Neutron's hooks) or fewer places cannot
tell. The delegators of a validator carry it among themselves: what one gets less others get more, or the community pool where nobody has units.

| operation | times |
|---|---|
`, first.plan.validators, first.plan.delegators, first.plan.blocks, first.claims, modeVariable, seedVariable, first.plan.seed)
	for _, operation := range slices.Sorted(maps.Keys(first.done)) {
		fmt.Fprintf(&out, "| %s | %d |\n", operation, first.done[operation])
	}
	out.WriteString("\n## What x/distribution pays less than the exact share\n")
	tables(&out, first, nativeRows)
	for _, it := range results {
		fmt.Fprintf(&out, "\n## Pools: %s\n", it.plan.name)
		tables(&out, it, poolRows)
	}
	return out.String()
}

// tables are one for each kind of recipient and denom.
func tables(out *strings.Builder, of result, rows []row) {
	for _, who := range []struct {
		name  string
		lines []*line
	}{{"delegators", of.delegators}, {"commissions", of.commissions}} {
		for denom, name := range denoms {
			fmt.Fprintf(out, "\n%d %s, %.8s\n\n| | not 0 | least | median | 90 %% | 99 %% | most | sum |\n|---|---|---|---|---|---|---|---|\n",
				len(who.lines), who.name, name)
			for _, row := range rows {
				if cells := distribution(who.lines, func(l *line) *big.Rat { return row.of(l, denom) }); cells != "" {
					fmt.Fprintf(out, "| %s | %s |\n", row.name, cells)
				}
			}
		}
	}
}

// distribution describes numbers; it is empty when all are 0. Floating-point numbers do for that, and the sum of
// thousands of fractions without a common denominator would have millions of digits.
func distribution(lines []*line, of func(*line) *big.Rat) string {
	var values []float64
	sum, nonzero := 0.0, 0
	for _, l := range lines {
		value, _ := of(l).Float64()
		values = append(values, value)
		sum += value
		if value != 0 {
			nonzero++
		}
	}
	if nonzero == 0 {
		return ""
	}
	slices.Sort(values)
	cells := []string{fmt.Sprint(nonzero)}
	for _, percent := range []int{0, 50, 90, 99, 100} {
		cells = append(cells, short(values[(len(values)-1)*percent/100]))
	}
	return strings.Join(append(cells, short(sum)), " | ")
}

// short is a number with three digits.
func short(value float64) string { return fmt.Sprintf("%.3g", value) }
