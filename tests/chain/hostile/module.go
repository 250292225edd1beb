package hostile

import (
	"encoding/binary"
	"slices"
)

// What wasm calls its sections, types and instructions, as far as they are needed here.
const (
	sectionType     = 1
	sectionImport   = 2
	sectionFunction = 3
	sectionMemory   = 5
	sectionGlobal   = 6
	sectionExport   = 7
	sectionCode     = 10
	sectionData     = 11

	kindFunction = 0
	kindMemory   = 2

	typeI32      = 0x7f
	typeFunction = 0x60
	blockOfNone  = 0x40

	opUnreachable = 0x00
	opLoop        = 0x03
	opEnd         = 0x0b
	opBranch      = 0x0c
	opCall        = 0x10
	opLocalGet    = 0x20
	opGlobalGet   = 0x23
	opGlobalSet   = 0x24
	opI32Store    = 0x36
	opI32Const    = 0x41
	opI32Add      = 0x6a
)

// unsigned is a number as wasm has sizes and indices.
func unsigned(number int) []byte { return binary.AppendUvarint(nil, uint64(number)) }

// constant puts a number that is not negative onto the stack.
func constant(number int) []byte {
	code := []byte{opI32Const}
	for {
		low := byte(number & 0x7f)
		number >>= 7
		// The highest bit of the last byte is the sign.
		if number == 0 && low&0x40 == 0 {
			return append(code, low)
		}
		code = append(code, low|0x80)
	}
}

// store writes the topmost number where the one below it says, and so many bytes further.
func store(further int) []byte {
	const align = 2
	return append([]byte{opI32Store, align}, unsigned(further)...)
}

// text is a name or anything else of a length of its own.
func text(bytes []byte) []byte { return append(unsigned(len(bytes)), bytes...) }

// section is a list of items under a number.
func section(id byte, items ...[]byte) []byte {
	content := append(unsigned(len(items)), slices.Concat(items...)...)
	return append([]byte{id}, text(content)...)
}

// signature is a function's type, with numbers of 32 bits only.
func signature(parameters, results int) []byte {
	list := func(count int) []byte {
		return append(unsigned(count), slices.Repeat([]byte{typeI32}, count)...)
	}
	return slices.Concat([]byte{typeFunction}, list(parameters), list(results))
}

// body is a function without variables of its own.
func body(code ...[]byte) []byte {
	const variables = 0
	return text(slices.Concat([]byte{variables}, slices.Concat(code...), []byte{opEnd}))
}

// export names a function or memory for the host.
func export(name string, kind byte, index int) []byte {
	return slices.Concat(text([]byte(name)), []byte{kind}, unsigned(index))
}

// memory is what a contract has in its memory from the beginning, from an address on.
type memory struct {
	from  int
	bytes []byte
}

// newMemory has nothing in it, and leaves the first addresses alone.
func newMemory() memory {
	const first = 1024
	return memory{from: first}
}

// end is the first address behind everything, a multiple of what numbers are aligned to.
func (m *memory) end() int {
	const align = 8
	return (m.from + len(m.bytes) + align - 1) / align * align
}

// region adds a text, and returns the address of the record by which the host finds it.
func (m *memory) region(content string) int {
	const header = 12
	at := m.from + len(m.bytes)
	for _, field := range []int{at + header, len(content), len(content)} {
		m.bytes = binary.LittleEndian.AppendUint32(m.bytes, uint32(field))
	}
	m.bytes = append(m.bytes, content...)
	return at
}

func (m *memory) segment() []byte {
	const ofFirstMemory = 0
	return slices.Concat([]byte{ofFirstMemory}, constant(m.from), []byte{opEnd}, text(m.bytes))
}
