package gas

import (
	"fmt"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
)

// ccvTargets are all targets.
var ccvTargets = []ccv.Target{ccv.FeePool, ccv.Native, ccv.Group}

// Cases of process, all of them with as much as there can be: 512 validators, 64 of them overridden, and a
// unit of each of 4 denoms waits.
const (
	counting    = ", counts"
	firstPaid   = ", pays for the first time"
	paidAgain   = ", pays again"
	paidMost    = ", pays again, limit 100"
	notPaid     = ", payments fail"
	mostWaiting = ", 512 validators, 4 units"
)

// targets measures how units are processed for each target.
func (p *provider) targets() error {
	for _, target := range ccvTargets {
		setup := ccv.Setup{Denoms: 4, Validators: 512, Target: target}
		at := string(target) + mostWaiting
		err := p.on(setup, func() error {
			return inOrder(
				func() error { return p.pair.Override(ccv.ID) },
				func() error { return p.pair.Blocks(blocksBefore) }, p.unit,
				func() error { return p.firstUnit(at) }, p.unit,
				func() error { return p.secondUnit(at) },
				func() error { return p.failures(at) },
			)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// firstUnit measures units whose validators have never been paid, and ends those of all denoms.
func (p *provider) firstUnit(at string) error {
	if err := inOrder(
		func() error { return p.counted(1) },
		func() error { return p.process(at+firstPaid, "reward_validator", 1, 0) },
	); err != nil {
		return err
	}
	for denom := range p.pair.Setup.Denoms {
		if err := p.pair.Pay(denom, 1, mostWork, &ccv.Costs{}); err != nil {
			return err
		}
	}
	return nil
}

// secondUnit measures units whose validators have been paid before in all denoms.
func (p *provider) secondUnit(at string) error {
	return inOrder(
		func() error { return p.process(at+counting, "process", 2, 0) },
		func() error { return p.counted(2) },
		func() error { return p.process(at+paidAgain, "reward_validator", 2, 0) },
		func() error { return p.process(at+paidMost, "reward_validator", 2, mostWork) },
	)
}

// failures are payments that the target refuses, and one that is tried again.
func (p *provider) failures(at string) error {
	chain := p.pair.Provider
	return inOrder(
		func() error { return chain.Refuse(0, true) },
		func() error { return p.process(at+notPaid, "payment_failed", 2, 0) },
		func() error {
			_, err := chain.Process(0, 2, 0)
			return err
		},
		func() error { return chain.Refuse(0, false) },
		func() error {
			validator, err := chain.Owed()
			if err != nil {
				return err
			}
			return p.provider(providerRetry, at, "wasm-retry_payment", func() (node.Outcome, error) {
				return chain.RetryPayment(validator, 0)
			})
		},
	)
}

// counted does the first pass over an epoch's unit of the first denom.
func (p *provider) counted(epoch int) error {
	for left := p.pair.Setup.Validators; left > 0; left -= mostWork {
		if _, err := p.pair.Provider.Process(0, epoch, min(mostWork, left)); err != nil {
			return err
		}
	}
	return nil
}

// process measures a message about the first denom's unit.
func (p *provider) process(at, event string, epoch, limit int) error {
	err := p.provider(providerProcess, at, "wasm-"+event, func() (node.Outcome, error) {
		return p.pair.Provider.Process(0, epoch, limit)
	})
	if err != nil {
		return fmt.Errorf("epoch %d: %w", epoch, err)
	}
	return nil
}
