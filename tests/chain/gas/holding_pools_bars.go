package gas

// answerLimit is what the consumer may use when it is told of a packet or transfer: a fifth of the
// 1 000 000 that wasmd gives callbacks by default, for chains that give less.
const answerLimit = 200_000

// holdingBars are those of holding-pools.
func holdingBars(j *judge) {
	for _, count := range ccvDenomCounts {
		for _, message := range []string{holdingBlock, holdingReport} {
			blockBars(j, message, count)
		}
		from := size(count, 100) + ", 100 changed"
		j.flat(holdingPowers, from, 2, size(count, 512)+", 100 changed")
		// A step of a closing takes the same, however many validators there are. With 512 a unit is full, and
		// the cursor of the next one keeps in its unit where it began: an address more to write.
		for _, step := range []string{deleting, settling, counted, idle} {
			j.flat(holdingClock, size(count, 180)+step, 8, size(count, 512)+step)
		}
		for _, step := range []string{deleting, settling, weighing, sending, idle} {
			j.flat(holdingTick, size(count, 180)+step, 2, size(count, 512)+step)
		}
	}
	for _, row := range j.table.Of(j.section.contract) {
		switch row.Message {
		case holdingAck, holdingTimeout, holdingCallback:
			j.called(row, answerLimit, "what an answer may use in all, without ibc-go's part")
		case holdingClock:
			j.pinned(row, clockLimit, "one step of the clock, pinned, in all")
		}
	}
	acrossChainsBars(j)
}

// blockBars say that a block takes the same for any number of validators, but for longer numbers.
func blockBars(j *judge, message string, count int) {
	at := func(validators int, what string) string { return size(count, validators) + ", " + what }
	j.flat(message, at(10, "0 changed"), 1, at(100, "0 changed"), at(512, "0 changed"))
	j.flat(message, at(10, "1 changed"), 2, at(100, "1 changed"), at(512, "1 changed"))
	j.flat(message, at(10, "due"), 1, at(100, "due"), at(512, "due"))
	j.flat(message, at(100, "100 changed"), 2, at(512, "100 changed"))
}
