package hostile

// Script is a contract that says the same to whatever it is asked, without a look at it: its next
// answer is another code, to which it is migrated. An answer is the JSON of a contract's result,
// like [Done] or {"error":"no"}; the empty one burns all gas.
type Script struct {
	// Execute is the answer to messages.
	Execute string
	// Query is the answer to queries.
	Query string
}

// Wasm is the contract's code.
func (s Script) Wasm() []byte {
	data := newMemory()
	done := constant(data.region(Done))
	answer := func(text string) []byte {
		if text == "" {
			return burn
		}
		return constant(data.region(text))
	}
	execute, query := answer(s.Execute), answer(s.Query)
	return assemble(data,
		entry{"instantiate", entryWithSender, done},
		entry{"execute", entryWithSender, execute},
		entry{"migrate", entryPoint, done},
		entry{"reply", entryPoint, done},
		entry{"query", entryPoint, query},
	)
}
