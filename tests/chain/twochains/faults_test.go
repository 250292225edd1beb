package twochains

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// Beyond these a packet has timed out, and a transfer can be reconciled.
const (
	weightsTimeout  = 2 * time.Minute
	transferTimeout = 2 * time.Hour
	reconcileAfter  = 8 * 24 * time.Hour
)

// faults have something go wrong with closed units, and end with all of them at the provider.
var faults = map[string]func(*world) []unit{
	"weights time out": func(w *world) []unit {
		w.setWeightsTimeout(time.Minute)
		w.ticks()
		w.setWeightsTimeout(28 * 24 * time.Hour)
		w.pass(weightsTimeout)
		w.relay(ibc.Orders{Timeouts: true})
		w.requireEquation("weights have timed out")
		if !w.pair.Setup.Unordered {
			require.NoError(w.t, w.pair.Reopen())
		}
		w.close()
		return w.deliver()
	},
	"the answers to weights are lost": func(w *world) []unit {
		w.ticks()
		w.require(w.pair.RelayOnly(ccv.OfPackets(ibc.Receive), uint64(len(denoms))))
		w.require(w.pair.Lose(ccv.OfPackets(ibc.Acknowledge)))
		w.requireEquation("the provider has weights of which the consumer does not know")
		w.require(w.pair.Abandon())
		w.require(w.pair.Open())
		w.close()
		return w.deliver()
	},
	"coins time out": func(w *world) []unit {
		units := w.sendCoins()
		w.pass(transferTimeout)
		w.relay(ibc.Orders{Timeouts: true})
		w.requireEquation("coins have come back")
		w.close()
		w.ticks()
		w.relay(ibc.Orders{})
		return units
	},
	"the answers to coins are lost": func(w *world) []unit {
		units := w.sendCoins()
		w.require(w.pair.RelayOnly(ccv.OfTransfers(ibc.Receive), uint64(len(units))))
		w.require(w.pair.Lose(ccv.OfTransfers(ibc.Acknowledge)))
		w.reconcile()
		return units
	},
	"the callbacks of coins that come back are lost": func(w *world) []unit {
		units := w.sendCoins()
		w.pass(transferTimeout)
		keeper := w.consumer.App.IBCKeeper.PortKeeper
		whole := keeper.Router
		w.require(ibc.WithoutCallbacks(w.consumer.App))
		w.relay(ibc.Orders{Timeouts: true})
		keeper.Router = whole
		// The contract takes them for fees.
		for _, it := range units {
			w.holdings.returned = w.holdings.returned.Add(sdk.NewCoin(it.denom, it.amount))
			w.model.consumer[it.denom] = w.model.consumer[it.denom].Add(ownPart(it.amount))
		}
		w.step(1)
		w.requireEquation("coins that came back are split again")
		w.reconcile()
		w.close()
		return w.deliver()
	},
}

// Nothing that happens between the chains, or to validators of the provider meanwhile, takes a point from the equation.
func TestFaultsBetweenTheChainsLoseNothing(t *testing.T) {
	for _, setup := range []ccv.Setup{{Target: ccv.Native, Unordered: true}, {Target: ccv.FeePool}} {
		t.Run(fmt.Sprintf("%s unordered %t", setup.Target, setup.Unordered), func(t *testing.T) {
			w := newWorldOver(t, setup, usual)
			w.rename(moved, renamed)
			w.provider.delegate("stayer", second, 77_777_777)
			w.step(3)
			for _, name := range sorted(faults) {
				w.collect(40_000_001, 5_000_003)
				w.close()
				units := faults[name](w)
				w.requireEquation(name)
				w.provider.slash(second, true)
				w.pay(units)
				w.provider.slash(second, false)
				w.requireEquation("a validator was slashed before and after its payment")
			}
			w.withdraw()
			w.requireEquation("everybody has withdrawn")
			w.requireEverybodyPaid()
			w.requireFed()
		})
	}
}

// slash takes a part of a validator's stake, and jails it or lets it come back.
func (s *side) slash(name string, jail bool) {
	s.t.Helper()
	staking := s.App.StakingKeeper
	validator, err := staking.GetValidator(s.Context(), node.Operator(name))
	require.NoError(s.t, err)
	consensus, err := validator.GetConsAddr()
	require.NoError(s.t, err)
	_, err = s.Run(func(ctx sdk.Context) error {
		power := sdk.TokensToConsensusPower(validator.Tokens, sdk.DefaultPowerReduction)
		if _, err := staking.Slash(ctx, consensus, ctx.BlockHeight(), power, math.LegacyNewDecWithPrec(7, 2)); err != nil {
			return err
		}
		if jail {
			return staking.Jail(ctx, consensus)
		}
		return staking.Unjail(ctx, consensus)
	})
	require.NoError(s.t, err)
	after, err := staking.GetValidator(s.Context(), node.Operator(name))
	require.NoError(s.t, err)
	require.True(s.t, after.Tokens.LT(validator.Tokens))
	require.NoError(s.t, s.Next())
}

// sendCoins brings weights to the provider, and has the coins leave.
func (w *world) sendCoins() []unit {
	w.t.Helper()
	w.ticks()
	units := weighed(w.t, w.relay(ibc.Orders{}))
	for _, it := range units {
		w.requireWeights(it)
	}
	w.ticks()
	w.requireEquation("coins are under way")
	return units
}

// reconcile has the consumer ask what has become of its coins, when it may.
func (w *world) reconcile() {
	w.t.Helper()
	w.pass(reconcileAfter)
	for _, denom := range denoms {
		_, err := w.pair.Consumer.Execute("anyone", M{"reconcile": M{"denom": denom}})
		require.NoError(w.t, err)
	}
	w.relay(ibc.Orders{})
}

func (w *world) setWeightsTimeout(timeout time.Duration) {
	w.t.Helper()
	_, err := w.pair.Consumer.Execute(pool.Owner, M{"update_params": M{"weights_timeout_seconds": int(timeout.Seconds())}})
	require.NoError(w.t, err)
}

func (w *world) pass(time time.Duration) { w.t.Helper(); w.require(w.pair.Pass(time)) }

func (w *world) ticks() { w.t.Helper(); w.require(w.pair.Ticks(0, &ccv.Costs{})) }

func (w *world) relay(orders ibc.Orders) []ibc.Relayed {
	w.t.Helper()
	relayed, err := w.pair.Relay(orders)
	require.NoError(w.t, err)
	return relayed
}

func (w *world) require(err error) { w.t.Helper(); require.NoError(w.t, err) }
