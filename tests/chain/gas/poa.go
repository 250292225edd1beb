package gas

import (
	"errors"
	"fmt"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/poa"
	"cw-distribution/tests/chain/pool"
)

// Messages of a PoA fee pool.
const (
	poaCheckpoint = "checkpoint"
	poaPowers     = "update_validators"
	poaWithdrawal = "withdraw_fees"
)

// poaPool measures the messages of PoA fee pools, on one pool after the other.
type poaPool struct {
	*recorder
	pool *poa.Pool
}

func poaFeePool(r *recorder) error {
	p := &poaPool{recorder: r}
	return inOrder(p.start, p.sizes, p.manyDenoms, p.batches, p.operators, p.age)
}

// on puts a pool onto a chain of its own, with a few checkpoints behind it and the next fees in it.
func (p *poaPool) on(setup poa.Setup, measure func() error) error {
	chain, err := node.New(pool.Genesis())
	if err != nil {
		return err
	}
	p.pool, err = poa.New(chain, setup)
	if err == nil {
		err = p.checkpoints(blocksBefore)
	}
	if err == nil {
		err = measure()
	}
	return errors.Join(err, chain.Close())
}

// checkpoints has the pool allocate fees some times, and leaves more fees with it. Every operator
// that is measured has been paid once: its record is as long as it will be.
func (p *poaPool) checkpoints(count int) error {
	for number := range count {
		if err := p.pool.Fees(fees); err != nil {
			return err
		}
		if _, err := p.pool.Execute("anyone", poa.M{"checkpoint": poa.M{}}); err != nil {
			return err
		}
		if number%500 == 499 {
			if err := p.pool.Next(); err != nil {
				return err
			}
		}
	}
	if _, err := p.pool.Execute(pool.Validator(0), withdrawFees); err != nil {
		return err
	}
	return p.pool.Fees(fees)
}

var withdrawFees = poa.M{"withdraw_fees": poa.M{}}

// row measures a message in the pool's present state.
func (p *poaPool) row(name, at, sender string, msg poa.M) error {
	return p.recorder.row(p.pool, p.pool.Code, name, at, func() (node.Outcome, error) {
		return p.pool.Execute(sender, msg)
	})
}

func (p *poaPool) start() error {
	for _, validators := range []int{4, 400} {
		setup := poa.Setup{Denoms: pool.Denoms(1), Validators: validators}
		err := p.on(setup, func() error {
			at := fmt.Sprintf("1 denom, %d validators", validators)
			return p.recorder.row(p.pool, p.pool.Code, "instantiate", at, func() (node.Outcome, error) {
				_, outcome, err := p.pool.Instantiate(p.pool.Instantiation())
				return outcome, err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sizes are the main messages with few and with many validators.
func (p *poaPool) sizes() error {
	for _, validators := range []int{4, 400} {
		setup := poa.Setup{Denoms: pool.Denoms(1), Validators: validators}
		at := fmt.Sprintf("1 denom, %d validators", validators)
		if err := p.on(setup, func() error { return p.main(at) }); err != nil {
			return err
		}
	}
	return nil
}

func (p *poaPool) manyDenoms() error {
	setup := poa.Setup{Denoms: pool.Denoms(8), Validators: 4}
	return p.on(setup, func() error { return p.main("8 denoms, 4 validators") })
}

func (p *poaPool) main(at string) error {
	return inOrder(
		func() error { return p.row(poaCheckpoint, at, "anyone", poa.M{"checkpoint": poa.M{}}) },
		func() error { return p.row(poaPowers, at+", 1 change", poa.Admin, p.pool.Powers(1)) },
		func() error { return p.row(poaWithdrawal, at, pool.Validator(0), withdrawFees) },
		func() error { return p.row(poaWithdrawal, at+", payout fails", pool.Validator(0), refusedWithdrawal) },
		func() error {
			if _, err := p.pool.Execute(pool.Validator(0), withdrawFees); err != nil {
				return err
			}
			if err := p.row(poaWithdrawal, at+", again at once", pool.Validator(0), withdrawFees); err != nil {
				return err
			}
			return p.row(poaCheckpoint, at+", without fees", "anyone", poa.M{"checkpoint": poa.M{}})
		},
	)
}

// refusedWithdrawal goes to a module account, to which the bank sends nothing.
var refusedWithdrawal = poa.M{"withdraw_fees": poa.M{
	"withdraw_address": authtypes.NewModuleAddress(distrtypes.ModuleName).String(),
}}

// batches are changes of several powers at once.
func (p *poaPool) batches() error {
	setup := poa.Setup{Denoms: pool.Denoms(1), Validators: 400}
	return p.on(setup, func() error {
		for _, changes := range []int{2, 10, 100} {
			at := fmt.Sprintf("1 denom, 400 validators, %d changes", changes)
			if err := p.row(poaPowers, at, poa.Admin, p.pool.Powers(changes)); err != nil {
				return err
			}
		}
		return nil
	})
}

// operators are the messages about single validators.
func (p *poaPool) operators() error {
	setup := poa.Setup{Denoms: pool.Denoms(1), Validators: 4}
	return p.on(setup, func() error {
		const at = "1 denom"
		metadata := poa.M{"moniker": "candidate", "description": "one more of the consortium"}
		create := poa.M{"create_validator": poa.M{"metadata": metadata}}
		handOver := poa.M{"update_operator": poa.M{
			"operator": poa.Operator(0), "new_operator": node.Account("heir").String(),
		}}
		accept := poa.M{"accept_operator": poa.M{"id": 1}}
		add := poa.M{"update_members": poa.M{
			"remove": []string{}, "add": []poa.M{{"addr": node.Account("newcomer").String(), "weight": 1000}},
		}}
		return inOrder(
			func() error { return p.row("create_validator", at, "candidate", create) },
			func() error { return p.row("update_operator", at, poa.Admin, handOver) },
			func() error { return p.row("update_operator", at+", an offer", pool.Validator(0), handOver) },
			func() error {
				// A row leaves the chain as it was.
				_, err := p.pool.Execute(pool.Validator(0), handOver)
				return err
			},
			func() error { return p.row("accept_operator", at, "heir", accept) },
			func() error { return p.row("update_members", at+", a new member", poa.Admin, add) },
			func() error {
				deposit := func() (node.Outcome, error) { return p.pool.Deposit(fees) }
				return p.recorder.row(p.pool, p.pool.Code, "deposit", at, deposit)
			},
		)
	})
}

// age is what a withdrawal costs after many checkpoints.
func (p *poaPool) age() error {
	for _, count := range []int{10, 1000, 10_000} {
		setup := poa.Setup{Denoms: pool.Denoms(1), Validators: 4}
		err := p.on(setup, func() error {
			if err := p.checkpoints(count); err != nil {
				return err
			}
			at := fmt.Sprintf("1 denom, 4 validators, after %d checkpoints", count)
			return p.row(poaWithdrawal, at, pool.Validator(0), withdrawFees)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
