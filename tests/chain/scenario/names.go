package scenario

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
)

// reference is what a whole string value of a message stands for.
type reference struct {
	kind referenceKind
	// chain is empty for the step's own.
	chain string
	// text is the name, the denom on the chain, or the string itself.
	text string
}

type referenceKind int

const (
	// literal is a string that stands for itself.
	literal referenceKind = iota
	// address is @name or @chain/name.
	address
	// operator is @@name or @@chain/name.
	operator
	// port is port:name or port:chain/name.
	port
	// denom is ibc: and a trace.
	denom
	// saved is $x.
	saved
)

func parseReference(text string) (reference, error) {
	for _, prefix := range []struct {
		text string
		kind referenceKind
	}{{"@@", operator}, {"@", address}, {"port:", port}} {
		if rest, found := strings.CutPrefix(text, prefix.text); found {
			return parseOnChain(prefix.kind, text, rest)
		}
	}
	if name, found := strings.CutPrefix(text, "$"); found {
		if checkName(name) != nil {
			return reference{}, fmt.Errorf("%q names no saved value", text)
		}
		return reference{kind: saved, text: name}, nil
	}
	if strings.HasPrefix(text, "ibc:") {
		resolved, err := resolveDenom(text)
		return reference{kind: denom, text: resolved}, err
	}
	return reference{kind: literal, text: text}, nil
}

func parseOnChain(kind referenceKind, text, rest string) (reference, error) {
	it := reference{kind: kind, text: rest}
	parts := []string{rest}
	if chain, name, found := strings.Cut(rest, "/"); found {
		it.chain, it.text = chain, name
		parts = []string{chain, name}
	}
	for _, part := range parts {
		if err := checkName(part); err != nil {
			return it, fmt.Errorf("%q: %w", text, err)
		}
	}
	return it, nil
}

// checkName refuses what is no name of a chain, account, contract or saved value.
func checkName(name string) error {
	fits := func(letter rune) bool { return isPlainLetter(letter) || letter == '-' || letter == '.' }
	if name == "" || strings.ContainsFunc(name, func(letter rune) bool { return !fits(letter) }) {
		return fmt.Errorf("%q is no name: names have letters, digits, `_`, `-` and `.`", name)
	}
	return nil
}

// resolveDenom is a denom as it is on the chain: ibc: and a trace becomes ibc/ and its hash.
func resolveDenom(text string) (string, error) {
	trace, isTrace := strings.CutPrefix(text, "ibc:")
	if !isTrace {
		if err := sdk.ValidateDenom(text); err != nil {
			return "", fmt.Errorf("%q is no denom: those have 3 to 128 letters, digits and `/:._-`, a letter first", text)
		}
		return text, nil
	}
	parts := strings.Split(trace, "/")
	if len(parts) < 3 || strings.Contains("/"+trace+"/", "//") {
		return "", fmt.Errorf("%q is no trace like \"ibc:transfer/channel-0/uatom\"", text)
	}
	return fmt.Sprintf("ibc/%X", sha256.Sum256([]byte(trace))), nil
}

// names are what the names of a file stand for at one step of a run.
type names struct {
	contracts map[contractKey]sdk.AccAddress
	saved     map[string]any
}

type contractKey struct{ chain, name string }

func newNames() *names {
	return &names{contracts: map[contractKey]sdk.AccAddress{}, saved: map[string]any{}}
}

// address is that of a contract, or else of the account with this name.
func (n *names) address(chain, name string) sdk.AccAddress {
	if contract, known := n.contracts[contractKey{chain, name}]; known {
		return contract
	}
	return node.Account(name)
}

func (n *names) operator(chain, name string) sdk.ValAddress {
	return sdk.ValAddress(n.address(chain, name))
}

// value replaces every string that stands for something else, and writes a memo that is an object
// as text.
func (n *names) value(chain string, value any) (any, error) {
	switch value := value.(type) {
	case string:
		return n.text(chain, value)
	case []any:
		array := make([]any, len(value))
		for index, item := range value {
			resolved, err := n.value(chain, item)
			if err != nil {
				return nil, err
			}
			array[index] = resolved
		}
		return array, nil
	case map[string]any:
		return n.object(chain, value)
	default:
		return value, nil
	}
}

func (n *names) object(chain string, object map[string]any) (map[string]any, error) {
	resolved := make(map[string]any, len(object))
	for key, field := range object {
		value, err := n.value(chain, field)
		if err != nil {
			return nil, err
		}
		if _, isObject := field.(map[string]any); isObject && key == "memo" {
			text, err := encode(value)
			if err != nil {
				return nil, err
			}
			value = string(text)
		}
		resolved[key] = value
	}
	return resolved, nil
}

func (n *names) text(chain, text string) (any, error) {
	it, err := parseReference(text)
	if err != nil {
		return nil, err
	}
	if it.chain == "" {
		it.chain = chain
	}
	switch it.kind {
	case address:
		return n.address(it.chain, it.text).String(), nil
	case operator:
		return n.operator(it.chain, it.text).String(), nil
	case port:
		return contractPort(n.address(it.chain, it.text)), nil
	case saved:
		value, known := n.saved[it.text]
		if !known {
			return nil, fmt.Errorf("nothing is saved as %q", it.text)
		}
		return value, nil
	default:
		return it.text, nil
	}
}

// contractPort is where the channels of a contract end.
func contractPort(contract sdk.AccAddress) string { return "wasm." + contract.String() }

// message is a message as the contract gets it.
func (n *names) message(chain string, msg any) ([]byte, error) {
	resolved, err := n.value(chain, msg)
	if err != nil {
		return nil, err
	}
	return encode(resolved)
}

// encode writes JSON without escaping what is special in HTML.
func encode(value any) ([]byte, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(text.String(), "\n")), nil
}
