// Package hostile makes contracts that do what no honest one does, as the bytes that a chain
// stores: nothing but instructions, so that the compiler cannot be too clever for them.
package hostile

// Heard is the key under which a [Burner] writes that it was called.
const Heard = "heard"

// The parts of a burner by their indices: types, and functions with the imported one first.
const (
	typeMarker = iota
	typeAllocate
	typeDeallocate
	typeEntry
	typeWrite
)
const (
	functionWrite = iota
	functionMarker
	functionAllocate
	functionDeallocate
	functionInstantiate
	functionExecute
)

// Burner is a contract that takes any message, writes to its store that it was called, and then runs
// in a circle until its gas is gone.
func Burner() []byte {
	const pages, texts, heap = 2, 1024, 4096
	data := memory{from: texts}
	done := data.region(`{"ok":{"messages":[],"attributes":[],"events":[],"data":null}}`)
	key, value := data.region(Heard), data.region("yes")

	const size, free = 0, 0
	// A region of the size asked for, behind all the others; nothing is ever given back.
	allocate := body(
		[]byte{opGlobalGet, free, opGlobalGet, free}, constant(12), []byte{opI32Add}, store(0),
		[]byte{opGlobalGet, free, opLocalGet, size}, store(4),
		[]byte{opGlobalGet, free}, constant(0), store(8),
		[]byte{opGlobalGet, free},
		[]byte{opGlobalGet, free}, constant(12), []byte{opI32Add, opLocalGet, size, opI32Add, opGlobalSet, free},
	)
	execute := body(
		constant(key), constant(value), []byte{opCall, functionWrite},
		[]byte{opLoop, blockOfNone, opBranch, 0, opEnd, opUnreachable},
	)

	const limits, isMutable = 0, 1
	module := []byte("\x00asm\x01\x00\x00\x00")
	for _, part := range [][]byte{
		section(sectionType, signature(0, 0), signature(1, 1), signature(1, 0), signature(3, 1), signature(2, 0)),
		section(sectionImport, append(append(text([]byte("env")), text([]byte("db_write"))...), kindFunction, typeWrite)),
		section(sectionFunction, []byte{typeMarker}, []byte{typeAllocate}, []byte{typeDeallocate}, []byte{typeEntry}, []byte{typeEntry}),
		section(sectionMemory, []byte{limits, pages}),
		section(sectionGlobal, append(append([]byte{typeI32, isMutable}, constant(heap)...), opEnd)),
		section(sectionExport,
			export("memory", kindMemory, 0),
			export("interface_version_8", kindFunction, functionMarker),
			export("allocate", kindFunction, functionAllocate),
			export("deallocate", kindFunction, functionDeallocate),
			export("instantiate", kindFunction, functionInstantiate),
			export("execute", kindFunction, functionExecute),
		),
		section(sectionCode, body(), allocate, body(), body(constant(done)), execute),
		section(sectionData, data.segment()),
	} {
		module = append(module, part...)
	}
	return module
}
