package gas

import (
	"errors"
	"fmt"
)

// Verdict is a figure of a row held against what it may be at most.
type Verdict struct {
	Row Row
	// Figure and Limit are gas.
	Figure, Limit uint64
	// Rule says what the limit is made of.
	Rule string
	// Flat is true when the limit is another figure of the same message: it tells that a figure does
	// not grow, and not how high it may be.
	Flat bool
	// Excuse says why a figure above its limit stays; empty when there is no reason.
	Excuse string
}

// Missed tells whether the figure is above the limit.
func (v Verdict) Missed() bool { return v.Figure > v.Limit }

func (v Verdict) String() string {
	return fmt.Sprintf("%s: %d, at most %d (%s)", v.Row.name(), v.Figure, v.Limit, v.Rule)
}

// Verdicts hold a table against all bars.
func (t Table) Verdicts() ([]Verdict, error) {
	var all []Verdict
	for _, section := range sections {
		if section.bars == nil {
			continue
		}
		j := &judge{section: section, table: t}
		section.bars(j)
		if j.failed != nil {
			return nil, j.failed
		}
		all = append(all, j.verdicts...)
	}
	return all, nil
}

// judge holds the rows of a section against their bars.
type judge struct {
	section  section
	table    Table
	verdicts []Verdict
	// failed is why rows were not found.
	failed error
}

// row is one of the section.
func (j *judge) row(message, at string) Row { return j.rowOf(j.section.variant, message, at) }

// rowOf is one of the same contract in another variant.
func (j *judge) rowOf(variant, message, at string) Row {
	row, err := j.table.Find(j.section.contract, variant, message, at)
	j.failed = errors.Join(j.failed, err)
	return row
}

// rest holds what a row uses above set-up and bank sends against a limit.
func (j *judge) rest(row Row, limit uint64, rule string) {
	j.atMost(row, row.NotPinned.Rest(), limit, rule)
}

// total holds everything that a row uses, not pinned, against a limit.
func (j *judge) total(row Row, limit uint64, rule string) {
	j.atMost(row, row.NotPinned.Total, limit, rule)
}

func (j *judge) atMost(row Row, figure, limit uint64, rule string) {
	verdict := Verdict{Row: row, Figure: figure, Limit: limit, Rule: rule}
	if verdict.Missed() {
		verdict.Excuse = j.section.excuses[row.Message]
	}
	j.verdicts = append(j.verdicts, verdict)
}

// flat holds rows against a first one: larger numbers have more bytes, so they may use a few
// hundredths more.
func (j *judge) flat(message, from string, hundredths uint64, others ...string) {
	least := j.row(message, from).NotPinned.Rest()
	for _, at := range others {
		row := j.row(message, at)
		j.atMost(row, row.NotPinned.Rest(), least+least*hundredths/100, fmt.Sprintf("%d %% above \"%s\"", hundredths, from))
		j.verdicts[len(j.verdicts)-1].Flat = true
	}
}
