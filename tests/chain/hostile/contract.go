package hostile

// Types of functions by their indices.
const (
	typeMarker = iota
	typeAllocate
	typeDeallocate
	typeWrite
	entryWithSender
	entryPoint
)

// Functions that every contract here has by their indices, the imported one first and its entry
// points behind them.
const (
	functionWrite = iota
	functionMarker
	functionAllocate
	functionDeallocate
	functionOfFirstEntry
)

// entry is an entry point of a contract: its code leaves the address of an answer, or never ends.
type entry struct {
	name string
	kind byte
	code []byte
}

// assemble makes a contract of its memory and entry points.
func assemble(data memory, entries ...entry) []byte {
	const pages, size, free = 16, 0, 0
	// A region of the size asked for, behind all the others; nothing is ever given back.
	allocate := body(
		[]byte{opGlobalGet, free, opGlobalGet, free}, constant(12), []byte{opI32Add}, store(0),
		[]byte{opGlobalGet, free, opLocalGet, size}, store(4),
		[]byte{opGlobalGet, free}, constant(0), store(8),
		[]byte{opGlobalGet, free},
		[]byte{opGlobalGet, free}, constant(12), []byte{opI32Add, opLocalGet, size, opI32Add, opGlobalSet, free},
	)
	functions := [][]byte{{typeMarker}, {typeAllocate}, {typeDeallocate}}
	exports := [][]byte{
		export("memory", kindMemory, 0),
		export("interface_version_8", kindFunction, functionMarker),
		export("allocate", kindFunction, functionAllocate),
		export("deallocate", kindFunction, functionDeallocate),
	}
	code := [][]byte{body(), allocate, body()}
	for index, entry := range entries {
		functions = append(functions, []byte{entry.kind})
		exports = append(exports, export(entry.name, kindFunction, functionOfFirstEntry+index))
		code = append(code, body(entry.code))
	}

	const limits, isMutable = 0, 1
	module := []byte("\x00asm\x01\x00\x00\x00")
	for _, part := range [][]byte{
		section(sectionType, signature(0, 0), signature(1, 1), signature(1, 0), signature(2, 0), signature(3, 1), signature(2, 1)),
		section(sectionImport, append(append(text([]byte("env")), text([]byte("db_write"))...), kindFunction, typeWrite)),
		section(sectionFunction, functions...),
		section(sectionMemory, []byte{limits, pages}),
		section(sectionGlobal, append(append([]byte{typeI32, isMutable}, constant(data.end())...), opEnd)),
		section(sectionExport, exports...),
		section(sectionCode, code...),
		section(sectionData, data.segment()),
	} {
		module = append(module, part...)
	}
	return module
}
