package gas

import (
	"errors"
	"fmt"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
)

// wholeUnit is the name of rows that add up every message that one unit takes after its pools are closed.
const wholeUnit = "all messages of a unit"

// wholeUnits are those of a large chain, with the default limit and with the highest.
var wholeUnits = []struct {
	limit int
	at    string
}{
	{0, "1 denom, 180 validators, default limit"},
	{mostWork, "1 denom, 180 validators, limit 100"},
}

// addUp plays units, and adds up what a unit takes from closing to payment into a fee pool, on the side that is picked.
// Relayers' messages count with all that ibc-go does for them.
func (a *acrossChains) addUp(pick func(ccv.Costs) node.Gas) error {
	setup := ccv.Setup{Denoms: 1, Validators: 180, Target: ccv.FeePool}
	return a.on(setup, func() error {
		epoch := 0
		play := func(limit int) (node.Gas, error) {
			epoch++
			costs, err := a.pair.WholeUnit(epoch, limit)
			return pick(costs), err
		}
		// In the first unit records become as long as they will be.
		if _, err := play(mostWork); err != nil {
			return err
		}
		for _, it := range wholeUnits {
			row := Row{Contract: a.section.contract, Message: wholeUnit, Case: it.at}
			var err error
			if row.NotPinned, err = play(it.limit); err != nil {
				return fmt.Errorf("%s: %w", row.name(), err)
			}
			if err := a.pair.Pin(); err != nil {
				return err
			}
			pinned, err := play(it.limit)
			if err := errors.Join(err, a.pair.Unpin()); err != nil {
				return fmt.Errorf("%s, pinned: %w", row.name(), err)
			}
			row.Pinned = &pinned
			a.table = append(a.table, row)
		}
		return nil
	})
}

func (h *holding) wholeUnits() error {
	return h.addUp(func(costs ccv.Costs) node.Gas { return costs.Consumer })
}
