package gas

import (
	"fmt"
	"slices"
	"strings"
)

// What stands between these lines of a README is written by `cargo gas`.
const (
	readmeBegin = "<!-- gas: written by `cargo gas` -->\n"
	readmeEnd   = "<!-- end of gas -->\n"
)

// shown is a row of the README's table.
type shown struct{ message, at string }

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
	verdicts, err := t.Verdicts()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	text.WriteString("\n")
	for _, section := range sections {
		if section.shown == nil {
			continue
		}
		if err := t.showContract(&text, section, verdicts); err != nil {
			return "", err
		}
	}
	if err := t.showOthers(&text); err != nil {
		return "", err
	}
	showMisses(&text, verdicts)
	return text.String(), nil
}

// showContract writes the rows of a contract, with two columns for each of its variants and what
// the first of them uses in all.
func (t Table) showContract(text *strings.Builder, first section, verdicts []Verdict) error {
	variants := variantsOf(first.contract)
	fmt.Fprintf(text, "| `%s` | ", first.contract)
	for _, variant := range variants {
		fmt.Fprintf(text, "%s | bar | ", strings.TrimSpace(variant+" above set-up"))
	}
	text.WriteString("total | pinned |\n|---|" + strings.Repeat("--:|", 2*len(variants)+2) + "\n")
	for _, line := range first.shown {
		fmt.Fprintf(text, "| `%s`, %s | ", line.message, line.at)
		for _, variant := range variants {
			row, err := t.Find(first.contract, variant, line.message, line.at)
			if err != nil {
				return err
			}
			fmt.Fprintf(text, "%s | %s | ", grouped(row.NotPinned.Rest()), barOf(row, verdicts))
		}
		row, err := t.Find(first.contract, variants[0], line.message, line.at)
		if err != nil {
			return err
		}
		fmt.Fprintf(text, "%s | %s |\n", grouped(row.NotPinned.Total), grouped(row.Pinned.Total))
	}
	text.WriteString("\n")
	return nil
}

func variantsOf(contract string) []string {
	var variants []string
	for _, section := range sections {
		if section.contract == contract {
			variants = append(variants, section.variant)
		}
	}
	return variants
}

// barOf is the lowest limit of what a row uses above set-up, if it has any. One of everything that
// it uses is lower by the set-up.
func barOf(row Row, verdicts []Verdict) string {
	bar, missed := uint64(0), false
	for _, verdict := range verdicts {
		if verdict.Row.name() != row.name() || verdict.Flat && !verdict.Missed() {
			continue
		}
		limit := verdict.Limit + row.NotPinned.Rest() - verdict.Figure
		if bar == 0 || limit < bar {
			bar = limit
		}
		missed = missed || verdict.Missed()
	}
	switch {
	case bar == 0:
		return ""
	case missed:
		return "**" + grouped(bar) + "**"
	default:
		return grouped(bar)
	}
}

// showMisses writes the bars that are missed, the worst case of each message, and why.
func showMisses(text *strings.Builder, verdicts []Verdict) {
	var worst []Verdict
	missed, count := 0, map[string]int{}
	for _, verdict := range verdicts {
		if !verdict.Missed() {
			continue
		}
		missed++
		message := verdict.message()
		count[message]++
		place := slices.IndexFunc(worst, func(it Verdict) bool { return it.message() == message })
		if place < 0 {
			worst = append(worst, verdict)
		} else if verdict.above() > worst[place].above() {
			worst[place] = verdict
		}
	}
	if missed == 0 {
		fmt.Fprintf(text, "All %d figures that are held against a bar meet it.\n\n", len(verdicts))
		return
	}
	fmt.Fprintf(text, "%d of %d figures that are held against a bar miss it:\n\n", missed, len(verdicts))
	for _, it := range worst {
		fmt.Fprintf(text, "- %s, %d: the farthest is %s with %s for %s (%s). %s\n", it.message(), count[it.message()],
			it.Row.Case, grouped(it.Figure), grouped(it.Limit), it.Rule, it.Excuse)
	}
	text.WriteString("\n")
}

func (v Verdict) message() string {
	return heading(v.Row.Contract, v.Row.Variant) + " `" + v.Row.Message + "`"
}

func (v Verdict) above() uint64 { return v.Figure - v.Limit }

// grouped is a number with a space after every three digits from its end.
func grouped(number uint64) string {
	digits := fmt.Sprint(number)
	for place := len(digits) - 3; place > 0; place -= 3 {
		digits = digits[:place] + " " + digits[place:]
	}
	return digits
}
