package gas

import (
	"errors"
	"fmt"

	"cw-distribution/tests/chain/node"
)

// recorder measures the messages of a section one after the other.
type recorder struct {
	section section
	table   Table
}

// place is a chain on which messages are measured. A node is one, and whatever embeds a node.
type place interface {
	Try(func() error) error
	Pin(code uint64) error
	Unpin(code uint64) error
}

// message is something whose gas is measured.
type message func() (node.Outcome, error)

// row measures a message in the chain's present state, with the contract's code not pinned and
// pinned, and changes nothing. The code does not matter for messages that call no contract.
func (r *recorder) row(on place, code uint64, name, at string, send message) error {
	row := Row{Contract: r.section.contract, Message: name, Case: at}
	gas, err := gasOf(on, send)
	if err != nil {
		return fmt.Errorf("%s: %w", row.name(), err)
	}
	row.NotPinned = gas
	if gas.Calls > 0 {
		if err := on.Pin(code); err != nil {
			return err
		}
		pinned, err := gasOf(on, send)
		if err := errors.Join(err, on.Unpin(code)); err != nil {
			return fmt.Errorf("%s, pinned: %w", row.name(), err)
		}
		row.Pinned = &pinned
	}
	r.table = append(r.table, row)
	return nil
}

func gasOf(on place, send message) (gas node.Gas, err error) {
	err = on.Try(func() error {
		outcome, err := send()
		gas = outcome.Gas
		return err
	})
	return gas, err
}

// inOrder measures one group of rows after the other.
func inOrder(measures ...func() error) error {
	for _, measure := range measures {
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}

func denoms(count int) string {
	if count == 1 {
		return "1 denom"
	}
	return fmt.Sprintf("%d denoms", count)
}

// denomCounts are the numbers of reward denoms that are measured: one, and as many as can be.
var denomCounts = []int{1, 8}
