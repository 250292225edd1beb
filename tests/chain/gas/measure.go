package gas

import (
	"errors"
	"fmt"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// The fees of a block, in base units of every denom.
const fees = 1_234_567

// recorder measures messages on one pool after the other.
type recorder struct {
	table Table
	pool  *pool.Pool
	// accounting is that of the pools; the default when empty.
	accounting string
}

// on puts a pool onto a chain of its own and measures there. The pool has split a few blocks, and
// has the fees of the next.
func (r *recorder) on(setup pool.Setup, measure func() error) error {
	chain, err := node.New(pool.Genesis())
	if err != nil {
		return err
	}
	setup.Accounting = r.accounting
	r.pool, err = pool.New(chain, setup)
	if err == nil {
		err = r.blocks(blocksBefore)
	}
	if err == nil {
		err = measure()
	}
	return errors.Join(err, chain.Close())
}

// blocksBefore is how many blocks a pool has split before it is measured.
const blocksBefore = 3

// blocks has the pool split the fees of some blocks, and leaves those of the next with it.
func (r *recorder) blocks(count int) error {
	for block := range count {
		if err := r.pool.Fees(fees); err != nil {
			return err
		}
		if _, err := r.pool.BeginBlock(pool.Validator(block%2), r.pool.SignedPower()); err != nil {
			return err
		}
		// A block of the chain has several hundred of the pool's.
		if block%500 == 499 {
			if err := r.pool.Next(); err != nil {
				return err
			}
		}
	}
	return r.pool.Fees(fees)
}

// message is something whose gas is measured.
type message func() (node.Outcome, error)

// row measures a message in the pool's present state, not pinned and pinned, and changes nothing.
func (r *recorder) row(name, at string, send message) error {
	if r.accounting != "" {
		at = r.accounting + ", " + at
	}
	row := Row{Message: name, Case: at}
	gas, err := r.gas(send)
	if err != nil {
		return fmt.Errorf("%s: %w", row.name(), err)
	}
	row.NotPinned = gas
	if gas.Calls > 0 {
		if err := r.pool.Pin(r.pool.Code); err != nil {
			return err
		}
		pinned, err := r.gas(send)
		if err := errors.Join(err, r.pool.Unpin(r.pool.Code)); err != nil {
			return fmt.Errorf("%s, pinned: %w", row.name(), err)
		}
		row.Pinned = &pinned
	}
	r.table = append(r.table, row)
	return nil
}

func (r *recorder) gas(send message) (gas node.Gas, err error) {
	err = r.pool.Try(func() error {
		outcome, err := send()
		gas = outcome.Gas
		return err
	})
	return gas, err
}

// execute is a message of an account.
func (r *recorder) execute(sender string, msg pool.M) message {
	return func() (node.Outcome, error) { return r.pool.Execute(sender, msg) }
}

// sudo is a call of the chain.
func (r *recorder) sudo(msg pool.M) message {
	return func() (node.Outcome, error) { return r.pool.Sudo(msg) }
}
