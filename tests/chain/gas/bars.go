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
}

// Missed says whether the figure is above the limit.
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
func (j *judge) row(message, at string) Row { return j.rowOf(j.section.contract, message, at) }

// rowOf is one of another contract.
func (j *judge) rowOf(contract, message, at string) Row {
	row, err := j.table.Find(contract, message, at)
	j.failed = errors.Join(j.failed, err)
	return row
}

// rest holds what a row uses above set-up, bank sends and ibc-go's part against a limit.
func (j *judge) rest(row Row, limit uint64, rule string) {
	j.atMost(row, row.NotPinned.Rest(), limit, rule)
}

// total holds everything that a row uses, not pinned, against a limit.
func (j *judge) total(row Row, limit uint64, rule string) {
	j.atMost(row, row.NotPinned.Total, limit, rule)
}

// called holds what the contracts use that a message calls against a limit, not pinned: everything but
// ibc-go's part.
func (j *judge) called(row Row, limit uint64, rule string) {
	j.atMost(row, row.NotPinned.Total-row.NotPinned.IBC, limit, rule)
}

// pinned holds everything that a row uses against a limit when the code is pinned.
func (j *judge) pinned(row Row, limit uint64, rule string) {
	if row.Pinned == nil {
		j.failed = errors.Join(j.failed, fmt.Errorf("%s was not measured pinned", row.name()))
		return
	}
	j.atMost(row, row.Pinned.Total, limit, rule)
}

func (j *judge) atMost(row Row, figure, limit uint64, rule string) {
	j.verdicts = append(j.verdicts, Verdict{Row: row, Figure: figure, Limit: limit, Rule: rule})
}

// flat holds rows against a first one: larger numbers have more bytes, so they may use a few
// hundredths more.
func (j *judge) flat(message, from string, hundredths uint64, others ...string) {
	least := j.row(message, from).NotPinned.Rest()
	for _, at := range others {
		j.rest(j.row(message, at), least+least*hundredths/100, fmt.Sprintf("%d %% above \"%s\"", hundredths, from))
	}
}
