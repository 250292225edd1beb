package gas

import "strings"

// unitLimit is what all messages of a unit of 180 validators in one denom may use in all, pinned.
const unitLimit = 4_000_000

// acrossChainsBars are those of both contracts.
func acrossChainsBars(j *judge) {
	for _, row := range j.table.Of(j.section.contract) {
		if row.Message != wholeUnit && !strings.HasSuffix(row.Case, paidMost) {
			j.total(row, messageLimit, "a message with its default limit, in all")
		}
	}
	for _, unit := range wholeUnits {
		j.pinned(j.row(wholeUnit, unit.at), unitLimit, "all messages of a unit in all, pinned")
	}
}
