package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// tree is a JSON value with its place in a file, so that errors can name it.
type tree struct {
	place  Place
	offset int64
	// value is a string, json.Number, bool or nil; []tree of an array, []member of an object.
	value any
}

type member struct {
	key  string
	tree tree
}

// reader reads a file into a tree. Unlike encoding/json it refuses a key that comes twice.
type reader struct {
	text    []byte
	decoder *json.Decoder
}

func readTree(text []byte) (tree, error) {
	r := &reader{text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	r.decoder.UseNumber()
	root, err := r.value(Place{})
	if err != nil {
		return tree{}, err
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return tree{}, r.wrong(Place{}, r.decoder.InputOffset(), "there is more after the end of the file's object")
	}
	return root, nil
}

func (r *reader) value(place Place) (tree, error) {
	token, err := r.decoder.Token()
	// Where the token ends; for a scalar that is as good a place as its beginning.
	at := tree{place: place, offset: r.decoder.InputOffset()}
	if err != nil {
		return at, r.wrong(place, at.offset, "no JSON: "+err.Error())
	}
	switch token {
	case json.Delim('{'):
		at.value, err = r.members(place)
	case json.Delim('['):
		at.value, err = r.items(place)
	default:
		at.value = token
	}
	return at, err
}

func (r *reader) members(place Place) ([]member, error) {
	members := []member{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return nil, r.wrong(place, r.decoder.InputOffset(), "no JSON: "+err.Error())
		}
		key, _ := token.(string)
		if slices.ContainsFunc(members, func(other member) bool { return other.key == key }) {
			return nil, r.wrong(place, r.decoder.InputOffset(), fmt.Sprintf("`%s` is there twice", key))
		}
		value, err := r.value(place.Key(key))
		if err != nil {
			return nil, err
		}
		members = append(members, member{key: key, tree: value})
	}
	return members, r.end(place)
}

func (r *reader) items(place Place) ([]tree, error) {
	items := []tree{}
	for r.decoder.More() {
		item, err := r.value(place.Index(len(items)))
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, r.end(place)
}

// end takes the closing bracket.
func (r *reader) end(place Place) error {
	if _, err := r.decoder.Token(); err != nil {
		return r.wrong(place, r.decoder.InputOffset(), "no JSON: "+err.Error())
	}
	return nil
}

func (r *reader) wrong(place Place, offset int64, message string) error {
	return locate(r.text, &Error{Place: place, Message: message}, offset)
}

// locate adds line and column to an error.
func locate(text []byte, err *Error, offset int64) *Error {
	before := string(text[:min(int(offset), len(text))])
	err.Line = strings.Count(before, "\n") + 1
	err.Column = len([]rune(before[strings.LastIndex(before, "\n")+1:]))
	return err
}

// wrong is an error at this value.
func (t tree) wrong(format string, arguments ...any) error {
	return &treeError{cause: Error{Place: t.place, Message: fmt.Sprintf(format, arguments...)}, offset: t.offset}
}

// treeError is an error that does not know line and column yet.
type treeError struct {
	cause  Error
	offset int64
}

func (e *treeError) Error() string { return e.cause.Error() }

// plain is the value as encoding/json has it.
func (t tree) plain() any {
	switch value := t.value.(type) {
	case []member:
		object := make(map[string]any, len(value))
		for _, member := range value {
			object[member.key] = member.tree.plain()
		}
		return object
	case []tree:
		array := make([]any, len(value))
		for index, item := range value {
			array[index] = item.plain()
		}
		return array
	default:
		return value
	}
}

// kind names a value's type for an error.
func (t tree) kind() string {
	switch t.value.(type) {
	case []member:
		return "an object"
	case []tree:
		return "an array"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "a boolean"
	default:
		return "null"
	}
}

func (t tree) text() (string, error) {
	if text, ok := t.value.(string); ok {
		return text, nil
	}
	return "", t.wrong("expected a string, came %s", t.kind())
}

func (t tree) boolean() (bool, error) {
	if value, ok := t.value.(bool); ok {
		return value, nil
	}
	return false, t.wrong("expected a boolean, came %s", t.kind())
}

func (t tree) array() ([]tree, error) {
	if items, ok := t.value.([]tree); ok {
		return items, nil
	}
	return nil, t.wrong("expected an array, came %s", t.kind())
}

func (t tree) object() ([]member, error) {
	if members, ok := t.value.([]member); ok {
		return members, nil
	}
	return nil, t.wrong("expected an object, came %s", t.kind())
}
