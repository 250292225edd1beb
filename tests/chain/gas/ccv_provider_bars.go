package gas

import "strings"

// arrivalLimit is what the provider may use in all for coins that arrive: wasmd's default for callbacks is
// 1 000 000.
const arrivalLimit = 300_000

// providerBars are those of ccv-provider.
func providerBars(j *judge) {
	// An arrival is recorded, and nothing more.
	j.flat(providerArrival, size(1, 64), 1, size(1, 512))
	for _, row := range j.table.Of(j.section.contract) {
		switch {
		case row.Message == providerArrival:
			j.called(row, arrivalLimit, "an arrival in all, without ibc-go's part")
		case row.Message == providerProcess && !strings.HasSuffix(row.Case, paidMost):
			j.total(row, messageLimit, "a page with the default limit, in all, with what the target does")
		case row.Message == providerRemove:
			j.total(row, messageLimit, "the removal of a consumer, in all")
		}
	}
	wholeUnitBars(j)
}
