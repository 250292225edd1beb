package scenario

import (
	"fmt"
	"strconv"
	"strings"
)

// Place is where something is in a file, printed like steps[3].execute.sender.
type Place []string

// Key is the value of a key here.
func (p Place) Key(key string) Place {
	if !isPlain(key) {
		return p.down("[" + strconv.Quote(key) + "]")
	}
	if len(p) == 0 {
		return p.down(key)
	}
	return p.down("." + key)
}

// Index is an element of the array here, counted from 0.
func (p Place) Index(index int) Place { return p.down(fmt.Sprintf("[%d]", index)) }

func (p Place) down(segment string) Place {
	// A copy: places share their beginnings.
	return append(append(make(Place, 0, len(p)+1), p...), segment)
}

func (p Place) String() string {
	if len(p) == 0 {
		return "the file"
	}
	return strings.Join(p, "")
}

func step(index int) Place { return Place{}.Key("steps").Index(index) }

// isPlain says whether a key can be read without quotes.
func isPlain(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(letter rune) bool { return !isPlainLetter(letter) && letter != '-' })
}

func isPlainLetter(letter rune) bool {
	return letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter >= '0' && letter <= '9' || letter == '_'
}

// Error is what is wrong with a file.
type Error struct {
	// Place is where.
	Place Place
	// Line and Column are counted from 1; 0 when they are not known.
	Line, Column int
	// Message is what.
	Message string
	// cause is the kind of what is wrong, for errors.Is; nil for most.
	cause error
}

// Unwrap is the kind of what is wrong.
func (e *Error) Unwrap() error { return e.cause }

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Place, e.Message)
	}
	return fmt.Sprintf("%s (line %d, column %d): %s", e.Place, e.Line, e.Column, e.Message)
}

func (p Place) errorf(format string, arguments ...any) error {
	return &Error{Place: p, Message: fmt.Sprintf(format, arguments...)}
}
