// Package gas measures what the messages of the contracts cost on wasmd, in gas of the Cosmos SDK,
// and what x/distribution takes for the same jobs.
//
// A figure is the consumption of the message itself, without ante handler, signature and
// transaction bytes. It is the same in every run: a test holds the table against the committed one.
//
// Each contract has a [section] with a file of its own, and bars there: what its figures may be at
// most. The README shows the rows of [displays], and what the same jobs take elsewhere.
package gas

import (
	"encoding/json"
	"fmt"
	"strings"

	"cw-distribution/tests/chain/node"
)

// Row is what one message costs at one size.
type Row struct {
	// Contract is the contract that is measured, or the module.
	Contract string `json:"contract"`
	// Message is the name of the message.
	Message string `json:"message"`
	// Case names the sizes at which it was measured.
	Case string `json:"case"`
	// NotPinned is its gas when the code has to be loaded; nothing for messages that call no
	// contract.
	NotPinned node.Gas `json:"not_pinned"`
	// Pinned is its gas when the code is pinned.
	Pinned *node.Gas `json:"pinned,omitempty"`
}

// Table is all rows in order.
type Table []Row

// Encode is the table as a file that is compared: one row per line.
func (t Table) Encode() ([]byte, error) {
	lines := make([]string, len(t))
	for index, row := range t {
		line, err := json.Marshal(row)
		if err != nil {
			return nil, err
		}
		lines[index] = string(line)
	}
	return []byte("[\n" + strings.Join(lines, ",\n") + "\n]\n"), nil
}

// Decode reads such a file.
func Decode(text []byte) (Table, error) {
	var table Table
	err := json.Unmarshal(text, &table)
	return table, err
}

// Of is the rows of one contract.
func (t Table) Of(contract string) Table {
	var rows Table
	for _, row := range t {
		if row.Contract == contract {
			rows = append(rows, row)
		}
	}
	return rows
}

// Find is the row of a message at one size.
func (t Table) Find(contract, message, at string) (Row, error) {
	for _, row := range t {
		if row.Contract == contract && row.Message == message && row.Case == at {
			return row, nil
		}
	}
	wanted := Row{Contract: contract, Message: message, Case: at}
	return Row{}, fmt.Errorf("the table has no row %s", wanted.name())
}

// Differences says line by line how a table differs from the one before it.
func (t Table) Differences(before Table) []string {
	old := map[string]Row{}
	for _, row := range before {
		old[row.name()] = row
	}
	var lines []string
	for _, row := range t {
		was, known := old[row.name()]
		delete(old, row.name())
		switch {
		case !known:
			lines = append(lines, row.name()+": new")
		case was.NotPinned != row.NotPinned || (was.Pinned == nil) != (row.Pinned == nil) || was.Pinned != nil && *was.Pinned != *row.Pinned:
			lines = append(lines, fmt.Sprintf("%s: %d gas before, %d now", row.name(), was.NotPinned.Total, row.NotPinned.Total))
		}
	}
	for name := range old {
		lines = append(lines, name+": gone")
	}
	return lines
}

// name is unique in a table.
func (r Row) name() string {
	name := r.Contract + ": " + r.Message
	if r.Case != "" {
		name += ", " + r.Case
	}
	return name
}

// Markdown is the table for people: a heading for each section.
func (t Table) Markdown() string {
	var text strings.Builder
	text.WriteString("# Gas of every message\n\n" +
		"Written by `cargo gas`; README.md beside this file says what the columns mean.\n")
	section := ""
	for _, row := range t {
		if row.Contract != section {
			section = row.Contract
			text.WriteString("\n## " + section + "\n\n" +
				"| message | case | total | set-up | bank, IBC | rest | total, pinned | rest, pinned |\n" +
				"|---|---|--:|--:|--:|--:|--:|--:|\n")
		}
		pinned := "| |"
		if row.Pinned != nil {
			pinned = fmt.Sprintf("%d | %d |", row.Pinned.Total, row.Pinned.Rest())
		}
		fmt.Fprintf(&text, "| %s | %s | %d | %d | %d | %d | %s\n",
			row.Message, row.Case, row.NotPinned.Total, row.NotPinned.SetUp, row.NotPinned.Bank+row.NotPinned.IBC, row.NotPinned.Rest(), pinned)
	}
	return text.String()
}
