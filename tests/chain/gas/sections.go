package gas

import (
	"fmt"
	"slices"
	"strings"

	"cw-distribution/tests/chain/pool"
)

// section is what is measured of one contract: its rows stand together.
type section struct {
	contract string
	// measure adds the rows.
	measure func(*recorder) error
	// bars hold the rows against what they may cost; nil when nothing is promised.
	bars func(*judge)
}

// sections are all of the table, in its order. A contract that is to be measured adds its own, with
// a function in a file of its own that puts the contract onto a chain and calls recorder.row for
// each message.
var sections = []section{
	{contract: string(pool.F1), measure: feePoolWith(pool.F1), bars: f1Bars},
	{contract: string(pool.Lazy), measure: feePoolWith(pool.Lazy), bars: lazyBars},
	{contract: "poa-fee-pool", measure: poaFeePool, bars: poaBars},
	{contract: "reward-gauges", measure: rewardGauges, bars: gaugeBars},
	{contract: "holding-pools", measure: holdingPools, bars: holdingBars},
	{contract: "ccv-provider", measure: ccvProvider, bars: providerBars},
	{contract: "x/distribution", measure: distribution},
}

// Contracts are the names of everything that is measured.
func Contracts() []string {
	var names []string
	for _, section := range sections {
		names = append(names, section.contract)
	}
	return names
}

// Measure makes the whole table.
func Measure() (Table, error) { return MeasureOnly(nil, nil) }

// MeasureOnly makes the table's rows of some contracts anew, and takes the others as they were
// before. It measures all when no contract is named.
func MeasureOnly(contracts []string, before Table) (Table, error) {
	for _, contract := range contracts {
		if !slices.Contains(Contracts(), contract) {
			return nil, fmt.Errorf("%s is not measured; what is: %s", contract, strings.Join(Contracts(), ", "))
		}
	}
	var table Table
	for _, section := range sections {
		if len(contracts) > 0 && !slices.Contains(contracts, section.contract) {
			table = append(table, before.Of(section.contract)...)
			continue
		}
		rows, err := section.rows()
		if err != nil {
			return nil, err
		}
		table = append(table, rows...)
	}
	return table, nil
}

func (s section) rows() (Table, error) {
	r := &recorder{section: s}
	err := s.measure(r)
	return r.table, err
}
