// Package hostile makes contracts that do what no honest one does, as the bytes that a chain
// stores: nothing but instructions, so that the compiler cannot be too clever for them.
package hostile

import "slices"

// Heard is the key under which a [Burner] writes that it was called.
const Heard = "heard"

// Done is the answer of an entry point that has nothing to say.
const Done = `{"ok":{"messages":[],"attributes":[],"events":[],"data":null}}`

// burn runs in a circle until the gas is gone.
var burn = []byte{opLoop, blockOfNone, opBranch, 0, opEnd, opUnreachable}

// Burner is a contract that takes any message, writes to its store that it was called, and then runs
// in a circle until its gas is gone.
func Burner() []byte {
	data := newMemory()
	done, key, value := data.region(Done), data.region(Heard), data.region("yes")
	return assemble(data,
		entry{"instantiate", entryWithSender, constant(done)},
		entry{"execute", entryWithSender, slices.Concat(constant(key), constant(value), []byte{opCall, functionWrite}, burn)},
	)
}
