package gas

import (
	"fmt"
	"strings"

	"cw-distribution/tests/chain/pool"
)

// What stands between these lines of a README is written by `cargo gas`.
const (
	readmeBegin = "<!-- gas: written by `cargo gas` -->\n"
	readmeEnd   = "<!-- end of gas -->\n"
)

// shown is a row of the README's tables.
type shown struct{ message, at string }

// display is one of the README's tables: rows of a contract, and what the others use beside it.
type display struct {
	contract string
	others   []string
	rows     []shown
}

// displays are the README's tables of contracts.
var displays = []display{
	{contract: string(pool.F1), others: []string{string(pool.Lazy)}, rows: feePoolShown},
	{contract: "poa-fee-pool", rows: poaShown},
	{contract: "reward-gauges", rows: gaugesShown},
	{contract: "holding-pools", rows: holdingShown},
	{contract: "ccv-provider", rows: providerShown},
}

// Readme is a README with the table in the place for it.
func (t Table) Readme(text string) (string, error) {
	before, rest, found := strings.Cut(text, readmeBegin)
	if !found {
		return "", fmt.Errorf("the README has no line %q", readmeBegin)
	}
	_, after, found := strings.Cut(rest, readmeEnd)
	if !found {
		return "", fmt.Errorf("the README has no line %q", readmeEnd)
	}
	section, err := t.readmeSection()
	if err != nil {
		return "", err
	}
	return before + readmeBegin + section + readmeEnd + after, nil
}

func (t Table) readmeSection() (string, error) {
	var text strings.Builder
	text.WriteString("\n")
	for _, display := range displays {
		if err := t.show(&text, display); err != nil {
			return "", err
		}
	}
	if err := t.showOthers(&text); err != nil {
		return "", err
	}
	return text.String(), nil
}

// show writes a table of the README.
func (t Table) show(text *strings.Builder, it display) error {
	fmt.Fprintf(text, "| `%s` | total | pinned | above set-up |", it.contract)
	for _, other := range it.others {
		fmt.Fprintf(text, " `%s` above set-up |", other)
	}
	text.WriteString("\n|---|" + strings.Repeat("--:|", 3+len(it.others)) + "\n")
	for _, line := range it.rows {
		row, err := t.Find(it.contract, line.message, line.at)
		if err != nil {
			return err
		}
		fmt.Fprintf(text, "| `%s`, %s | %s | %s | %s |", line.message, line.at,
			grouped(row.NotPinned.Total), grouped(row.Pinned.Total), grouped(row.NotPinned.Rest()))
		for _, other := range it.others {
			row, err := t.Find(other, line.message, line.at)
			if err != nil {
				return err
			}
			fmt.Fprintf(text, " %s |", grouped(row.NotPinned.Rest()))
		}
		text.WriteString("\n")
	}
	text.WriteString("\n")
	return nil
}

// grouped is a number with a space after every three digits from its end.
func grouped(number uint64) string {
	digits := fmt.Sprint(number)
	for place := len(digits) - 3; place > 0; place -= 3 {
		digits = digits[:place] + " " + digits[place:]
	}
	return digits
}
