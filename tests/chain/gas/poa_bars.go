package gas

// poaBars are those of the PoA fee pool.
func poaBars(j *judge) {
	// Not a unit of gas more, nor less, with a hundred times the validators.
	for message, at := range map[string]string{poaCheckpoint: "", poaPowers: ", 1 change", poaWithdrawal: ""} {
		few, many := "1 denom, 4 validators"+at, "1 denom, 400 validators"+at
		j.flat(message, few, 0, many)
		j.flat(message, many, 0, few)
	}
	for _, at := range []string{"1 denom, 4 validators", "1 denom, 400 validators"} {
		j.rest(j.row(poaWithdrawal, at), 38_000, "above set-up and the bank send")
	}
	j.flat(poaWithdrawal, "1 denom, 4 validators, after 10 checkpoints", 3,
		"1 denom, 4 validators, after 1000 checkpoints", "1 denom, 4 validators, after 10000 checkpoints")

	// A batch: one checkpoint, and the same for each of its changes.
	at := func(changes string) Row { return j.row(poaPowers, "1 denom, 400 validators, "+changes) }
	one, ten := at("1 change").NotPinned.Rest(), at("10 changes").NotPinned.Rest()
	each := (ten - one) / 9
	j.rest(at("100 changes"), one+99*(each+each/50), "one change, and 99 times what each of ten takes")
}

// poaShown are the PoA fee pool's rows in the README.
var poaShown = []shown{
	{poaCheckpoint, "1 denom, 400 validators"},
	{poaCheckpoint, "8 denoms, 4 validators"},
	{poaPowers, "1 denom, 400 validators, 1 change"},
	{poaPowers, "1 denom, 400 validators, 100 changes"},
	{poaWithdrawal, "1 denom, 400 validators"},
	{poaWithdrawal, "8 denoms, 4 validators"},
	{poaWithdrawal, "1 denom, 4 validators, after 10000 checkpoints"},
}
