package scenario

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
)

// Outcome is what came of one step.
type Outcome struct {
	// Step is counted from 0, as in steps[0].
	Step int
	// Chain is where it happened.
	Chain string
	// Kind is the key that says what it does, like execute.
	Kind string
	// OK says whether the chain did it; a step that must fail and did has false and no failure.
	OK bool
	// Result is what expect and save see; the error's text when the chain did not do it.
	Result any
	// Gas is what the message consumed, without ante handler; nil for steps that are no message.
	Gas *node.Gas
	// Failure is how the outcome differs from what the file expects; empty when it does not.
	Failure string
	// stops says whether the run cannot go on.
	stops bool
}

// MarshalJSON writes what `cargo scenario --json` prints of the step, and the gas: gas is all of it,
// gas_set_up and gas_bank are parts.
func (o Outcome) MarshalJSON() ([]byte, error) {
	line := map[string]any{"step": o.Step, "chain": o.Chain, "kind": o.Kind, "ok": o.OK}
	fields, isObject := o.Result.(map[string]any)
	switch {
	case !o.OK:
		line["error"] = o.Result
	case o.Kind == "query":
		line["answer"] = o.Result
	case o.Kind == "balance":
		line["amount"] = o.Result
	case isObject:
		maps.Copy(line, fields)
	}
	if o.Gas != nil {
		line["gas"], line["gas_set_up"], line["gas_bank"] = o.Gas.Total, o.Gas.SetUp, o.Gas.Bank
	}
	if o.Failure != "" {
		line["failure"] = o.Failure
	}
	return encode(line)
}

// Report is what came of a run.
type Report struct {
	Name     string
	Outcomes []Outcome
	// NotRun is how many steps did not run because one before them stopped the run.
	NotRun int
}

// Failures are what was not as expected, one line each.
func (r Report) Failures() []string {
	var lines []string
	for _, it := range r.Outcomes {
		if it.Failure != "" {
			lines = append(lines, fmt.Sprintf("%s: %s", step(it.Step).Key(it.Kind), it.Failure))
		}
	}
	return lines
}

// Passed says whether every step ran and met its expectations.
func (r Report) Passed() bool { return r.NotRun == 0 && len(r.Failures()) == 0 }

// transaction is the result of a message: what the contract returned and the events of contracts.
func transaction(outcome node.Outcome) map[string]any {
	return map[string]any{"data": data(outcome.Data), "events": contractEvents(outcome.Events)}
}

// data is JSON when the bytes are JSON, else their base64, and null when there are none.
func data(content []byte) any {
	if len(content) == 0 {
		return nil
	}
	if value, err := decode(content); err == nil {
		return value
	}
	return base64.StdEncoding.EncodeToString(content)
}

func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return value, nil
}

// contractAttribute is where the chain names the contract of an event.
const contractAttribute = "_contract_address"

// contractEvents are the events of contracts, in order, each with its attributes as an object; a key
// that comes several times has the list of its values.
func contractEvents(events sdk.Events) []any {
	found := []any{}
	for _, event := range events {
		if event.Type != "wasm" && !strings.HasPrefix(event.Type, "wasm-") {
			continue
		}
		contract := ""
		attributes := map[string]any{}
		for _, attribute := range event.Attributes {
			if attribute.Key == contractAttribute {
				contract = attribute.Value
				continue
			}
			switch before := attributes[attribute.Key].(type) {
			case nil:
				attributes[attribute.Key] = attribute.Value
			case []any:
				attributes[attribute.Key] = append(before, attribute.Value)
			default:
				attributes[attribute.Key] = []any{before, attribute.Value}
			}
		}
		found = append(found, map[string]any{"type": event.Type, "contract": contract, "attributes": attributes})
	}
	return found
}
