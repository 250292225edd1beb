package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Mismatch returns the first place where came does not contain expected, as a text, or nothing.
//
// Listed keys must match, arrays have as many elements and match one by one, anything else must be
// equal: the string "1" is not the number 1.
func Mismatch(expected, came any) string {
	return below("", present(expected), present(came))
}

// optional is a value, or nothing where there is no key or element.
type optional struct {
	value any
	there bool
}

func present(value any) optional { return optional{value, true} }

func (o optional) String() string {
	if !o.there {
		return "nothing"
	}
	text, err := encode(o.value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func below(pointer string, expected, came optional) string {
	switch wanted := expected.value.(type) {
	case map[string]any:
		object, isObject := came.value.(map[string]any)
		if !isObject {
			break
		}
		for _, key := range slices.Sorted(maps.Keys(wanted)) {
			value, there := object[key]
			if found := below(pointer+"/"+escaped(key), present(wanted[key]), optional{value, there}); found != "" {
				return found
			}
		}
		return ""
	case []any:
		array, isArray := came.value.([]any)
		if !isArray {
			break
		}
		for index := range max(len(wanted), len(array)) {
			if found := below(fmt.Sprintf("%s/%d", pointer, index), element(wanted, index), element(array, index)); found != "" {
				return found
			}
		}
		return ""
	default:
		if expected.there == came.there && !isContainer(came.value) && expected.value == came.value {
			return ""
		}
	}
	place := ""
	if pointer != "" {
		place = "at " + pointer + " "
	}
	return fmt.Sprintf("%sexpected %s, came %s", place, expected, came)
}

func isContainer(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return true
	default:
		return false
	}
}

func element(array []any, index int) optional {
	if index < len(array) {
		return present(array[index])
	}
	return optional{}
}

func escaped(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// pointed is what a JSON pointer finds in a value.
func pointed(value any, pointer string) (any, bool) {
	if pointer == "" {
		return value, true
	}
	for _, part := range strings.Split(pointer, "/")[1:] {
		key := strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch container := value.(type) {
		case map[string]any:
			found, there := container[key]
			if !there {
				return nil, false
			}
			value = found
		case []any:
			index, err := strconv.Atoi(key)
			if err != nil || index < 0 || index >= len(container) || strconv.Itoa(index) != key {
				return nil, false
			}
			value = container[index]
		default:
			return nil, false
		}
	}
	return value, true
}
