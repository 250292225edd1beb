package app_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/cw-distribution/chain-module/app"
	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

// Every contract fails in every way in every call that the module was seen to make, and what it missed is made up.
func TestNoCallOfAContractStopsTheChain(t *testing.T) {
	s := newUnfedSuite(t)
	kinds := slices.Sorted(maps.Keys(misdeeds(0)))
	// Powers are sent ahead until a contract has taken a block, so they fail before that, in all contracts at once.
	clear(s.vm.calls)
	ofPowers := func(at heard) bool { return at.call == "powers_changed" }
	s.misbehave(kinds[0], ofPowers, s.feed)
	for _, kind := range kinds[1:] {
		s.misbehave(kind, ofPowers, func() { s.Blocks(2) })
	}
	s.live()
	s.lifeOfAValidator()
	s.requireMadeUp()

	calls := slices.SortedFunc(maps.Keys(s.vm.calls), func(a, b heard) int {
		return cmp.Or(cmp.Compare(a.contract, b.contract), cmp.Compare(a.call, b.call))
	})
	names := map[string]bool{}
	for _, at := range calls {
		names[at.call] = true
	}
	// All hooks but that of an unbonding, begin_block, powers_changed and clock_end_block.
	require.Len(t, names, reflect.TypeFor[stakingtypes.StakingHooks]().NumMethod()-1+3, "%v", names)
	for _, at := range slices.DeleteFunc(calls, ofPowers) {
		for _, kind := range kinds {
			t.Run(fmt.Sprint(s.crate(at.contract), " ", at.call, " ", kind), func(t *testing.T) {
				s.misbehave(kind, func(it heard) bool { return it == at }, s.lifeOfAValidator)
				s.correct(at.contract)
				s.requireMadeUp()
			})
		}
	}
}

// fees brings something of all denoms to all sources, and has the module send it.
func (s *suite) fees() {
	s.t.Helper()
	s.Deliver("dan", banktypes.NewMsgSend(testchain.Account("dan"), authtypes.NewModuleAddress(app.OperatorFees),
		sdk.NewCoins(stake(1003), sdk.NewInt64Coin("uatom", 2003))))
	s.Block()
}

// misbehave has contracts fail in some calls that deeds have the module make: nothing of a call stays, and no other
// contract notices.
func (s *suite) misbehave(kind string, at func(heard) bool, deeds func()) {
	s.t.Helper()
	before, failed := s.failures(), map[string]uint64{}
	s.vm.behave = func(contract, call string, gasLimit uint64) (misdeed, bool) {
		if !at(heard{contract, call}) {
			return misdeed{}, false
		}
		failed[contract]++
		return misdeeds(gasLimit)[kind], true
	}
	deeds()
	s.vm.behave = nil
	require.NotEmpty(s.t, failed, "the module does not make the call")
	for contract, failures := range s.failures() {
		require.Equal(s.t, before[contract]+failed[contract], failures, s.crate(contract))
		address := sdk.MustAccAddressFromBech32(contract)
		require.Nil(s.t, s.app.WasmKeeper.QueryRaw(s.Context(), address, []byte("hostile")), "a failed call leaves nothing")
	}
}

// failures counts those of each contract.
func (s *suite) failures() map[string]uint64 {
	failures := map[string]uint64{}
	for _, contract := range s.contracts {
		failures[contract.String()] = s.status(contract).Failures
	}
	return failures
}

// crate is what a contract is.
func (s *suite) crate(contract string) string {
	for crate, address := range s.contracts {
		if address.String() == contract {
			return crate
		}
	}
	return contract
}

// lifeOfAValidator has x/staking call all of its hooks: eve's validator comes, changes, is slashed and jailed, and goes.
func (s *suite) lifeOfAValidator() {
	s.t.Helper()
	s.Deliver("eve", createValidator(s.t, "eve", 20_000_000))
	s.Deliver("dan", delegate("dan", "eve", 4_000_000))
	s.Deliver("dan", delegate("dan", "eve", 1_000_000))
	s.Later(25 * time.Hour)
	s.Deliver("eve", editCommission("eve", math.LegacyNewDecWithPrec(3, 1)))
	s.Absent["eve"] = true
	s.Blocks(12)
	s.Absent["eve"] = false
	// 7% were slashed.
	s.Deliver("dan", undelegate("dan", "eve", 4_650_000))
	s.Deliver("eve", undelegate("eve", "eve", 18_600_000))
	s.Later(2 * time.Minute)
	s.Block()
	_, err := s.app.StakingKeeper.GetValidator(s.Context(), testchain.Operator("eve"))
	require.ErrorIs(s.t, err, stakingtypes.ErrNoValidatorFound)
}

// correct has the owner tell a pool what it may have missed of eve's validator; the pool refuses what it knows.
func (s *suite) correct(contract string) {
	s.t.Helper()
	pool := sdk.MustAccAddressFromBech32(contract)
	for _, event := range []M{
		{"delegation_changed": M{"delegator": account("dan"), "validator": operator("eve"), "shares": "0"}},
		{"delegation_changed": M{"delegator": account("eve"), "validator": operator("eve"), "shares": "0"}},
		{"validator_removed": M{"validator": operator("eve")}},
	} {
		s.Try("owner", testchain.Execute("owner", pool, M{"staking_event": event}))
	}
}

// requireMadeUp requires that every contract has the last block, the powers of now, and has split all that came to it.
func (s *suite) requireMadeUp() {
	s.t.Helper()
	s.Deliver("dan", delegate("dan", "ada", 1_000_000))
	s.Blocks(2)
	s.fees()
	power, err := s.app.StakingKeeper.GetLastTotalPower(s.Context())
	require.NoError(s.t, err)
	blocks := testchain.Find(s.Last.Events, "wasm-begin_block")
	require.Len(s.t, blocks, 3)
	for _, block := range blocks {
		require.Equal(s.t, power.String(), block["total_power"], s.crate(block["_contract_address"]))
	}
	for _, crate := range []string{"fee-pool", "lazy-fee-pool", "holding-pools"} {
		require.Equal(s.t, s.Height, s.status(s.contracts[crate]).Height, crate)
		require.True(s.t, s.undistributed(s.contracts[crate]).IsZero(), crate)
	}
	for _, crate := range []string{"fee-pool", "lazy-fee-pool"} {
		pool := *s.world
		pool.pool = s.contracts[crate]
		pool.sound()
		require.NotContains(s.t, pool.powers(), operator("eve"))
		for _, delegator := range []string{"dan", "eve"} {
			require.True(s.t, pool.units(delegator, "eve").IsZero(), "%s has left eve's validator", delegator)
		}
	}
}

// One denom of one route is refused after the other; the other denoms and routes go on, and what stayed goes later.
func TestADenomThatASendRestrictionRefusesHoldsUpNoOther(t *testing.T) {
	s := newSuite(t)
	var refuses func(to sdk.AccAddress, denom string) bool
	s.app.BankKeeper.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, amount sdk.Coins) (sdk.AccAddress, error) {
		for _, coin := range amount {
			if refuses != nil && refuses(to, coin.Denom) {
				return to, banktypes.ErrSendDisabled
			}
		}
		return to, nil
	})
	for _, refused := range s.params().Routes {
		for _, denom := range refused.Denoms {
			t.Run(fmt.Sprint(s.crate(refused.Contract), " ", denom), func(t *testing.T) {
				refuses = func(to sdk.AccAddress, of string) bool { return to.String() == refused.Contract && of == denom }
				s.fees()
				events := testchain.Find(s.Last.Events, types.EventTypeTransferRefused)
				require.Len(t, events, 1)
				require.Equal(t, refused.Contract, events[0][types.AttributeKeyContract])
				s.requireSent(func(route types.Route, of string) bool { return route.Contract != refused.Contract || of != denom })
				s.requireFed()
				refuses = nil
				s.Block()
				s.requireSent(func(types.Route, string) bool { return true })
			})
		}
	}
}

// requireSent requires that the sources of routes have nothing of the denoms that were to be sent, and something of
// all others.
func (s *suite) requireSent(sent func(route types.Route, denom string) bool) {
	s.t.Helper()
	for _, route := range s.params().Routes {
		for _, denom := range route.Denoms {
			left := s.app.BankKeeper.GetBalance(s.Context(), authtypes.NewModuleAddress(route.Source), denom)
			require.Equal(s.t, sent(route, denom), left.IsZero(), "%s of %s", left, route.Source)
		}
	}
}

func (s *suite) params() types.Params {
	s.t.Helper()
	answer, err := types.NewQueryClient(s.Queries()).Params(s.Context(), &types.QueryParamsRequest{})
	require.NoError(s.t, err)
	return answer.Params
}
