package ccv_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// closed is a pair with a unit whose weights can be sent.
func closed(t *testing.T) *ccv.Pair {
	t.Helper()
	pair, err := ccv.New(ccv.Setup{Denoms: 2, Validators: 3, Target: ccv.FeePool})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pair.Close()) })
	require.NoError(t, pair.Blocks(1))
	require.NoError(t, pair.Due())
	return pair
}

func TestAUnitIsPaidFromBeginningToEnd(t *testing.T) {
	pair := closed(t)
	var costs ccv.Costs
	require.NoError(t, pair.Deliver(0, &costs))
	// The first unit of each denom, and nothing behind it.
	for denom := range 2 {
		require.NoError(t, pair.Pay(denom, 1, 0, &costs))
		require.Error(t, pair.Pay(denom, 1, 0, &costs))
	}
	for _, gas := range []uint64{costs.Consumer.IBC, costs.Consumer.Rest(), costs.Provider.IBC, costs.Provider.Rest()} {
		require.Positive(t, gas)
	}
}

func TestNobodyRelaysWhatWasOnlyTried(t *testing.T) {
	pair := closed(t)
	require.NoError(t, pair.Consumer.Try(func() error { return pair.Ticks(0, &ccv.Costs{}) }))
	_, err := pair.Prepare(ccv.OfPackets(ibc.Receive))
	require.ErrorContains(t, err, "no message waits")
}

func TestAPreparedMessageCanBeTriedAgainAndAgain(t *testing.T) {
	pair := closed(t)
	require.NoError(t, pair.Ticks(0, &ccv.Costs{}))
	prepared, err := pair.Prepare(ccv.OfPackets(ibc.Receive))
	require.NoError(t, err)
	var used []uint64
	for range 2 {
		require.NoError(t, pair.Provider.Try(func() error {
			outcome, err := prepared.Deliver()
			used = append(used, outcome.Gas.Total)
			return err
		}))
	}
	require.Equal(t, used[0], used[1])
	// It waits still.
	require.NoError(t, pair.RelayOnly(ccv.OfPackets(ibc.Receive), 1))
	require.NoError(t, pair.RelayOnly(ccv.OfPackets(ibc.Acknowledge), 1))
}

func TestNoMoreIsKeptOfAConsumerThanOfTheOneWithManyDenoms(t *testing.T) {
	pair, err := ccv.New(ccv.Setup{Denoms: 4, Target: ccv.Native, Inactive: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pair.Close()) })
	require.NoError(t, pair.RegisterManyDenoms())
	change := ccv.M{"id": ccv.ManyID, "remove": []string{"uatom"}, "add": []string{"another"}}
	_, err = pair.Provider.Execute(pool.Owner, ccv.M{"update_consumer_denoms": change})
	require.ErrorContains(t, err, "31 denoms")
	validator := ccv.M{"consumer": ccv.ManyID, "validator": node.Operator("another").String(), "pay_to": node.Operator("another").String()}
	_, err = pair.Provider.Execute(pool.Owner, ccv.M{"override_validator": validator})
	require.ErrorContains(t, err, "64 overridden validators")
	_, err = pair.Provider.Execute(pool.Owner, ccv.M{"remove_consumer": ccv.M{"id": ccv.ManyID}})
	require.NoError(t, err)
}
