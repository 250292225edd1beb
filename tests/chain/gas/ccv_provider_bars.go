package gas

// arrivalLimit is what the provider may use in all for coins that arrive: wasmd's default for callbacks is
// 1 000 000.
const arrivalLimit = 300_000

// providerBars are those of ccv-provider.
func providerBars(j *judge) {
	// An arrival is recorded, and nothing more.
	j.flat(providerArrival, size(1, 64), 1, size(1, 512))
	for _, row := range j.table.Of(j.section.contract) {
		if row.Message == providerArrival {
			j.called(row, arrivalLimit, "an arrival in all, without ibc-go's part")
		}
	}
	acrossChainsBars(j)
}
