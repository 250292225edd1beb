package keeper_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	moduletestutil "github.com/cosmos/cosmos-sdk/types/module/testutil"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"
)

const (
	authority = "cosmos10d07y265gmmuvt4z0w9aw880jnsr700j6zn9kn"
	source    = "fee_collector"
	callGas   = 1_000_000
)

// contract is the address of the nth contract.
func contract(n byte) sdk.AccAddress { return sdk.AccAddress{31: n} }

func operator(n int) sdk.ValAddress {
	return sdk.ValAddress(fmt.Sprintf("operator of %08d", n))
}

func consensus(n int) sdk.ConsAddress {
	return sdk.ConsAddress(fmt.Sprintf("consensus key %06d", n))
}

// scriptedWasm stands for contracts: it notes what it was told and does what it is asked to.
type scriptedWasm struct {
	t       testing.TB
	missing map[string]bool
	// calls are those that were taken, in their order.
	calls []toldCall
	// fail is asked at each call.
	fail func(ctx sdk.Context, call toldCall) error
}

type toldCall struct {
	contract string
	name     string
	body     json.RawMessage
}

func (w *scriptedWasm) HasContractInfo(_ context.Context, contract sdk.AccAddress) bool {
	return !w.missing[contract.String()]
}

func (w *scriptedWasm) Sudo(c context.Context, contract sdk.AccAddress, msg []byte) ([]byte, error) {
	ctx := sdk.UnwrapSDKContext(c)
	var keys map[string]json.RawMessage
	require.NoError(w.t, json.Unmarshal(msg, &keys))
	require.Len(w.t, keys, 1)
	for name, body := range keys {
		call := toldCall{contract.String(), name, body}
		ctx.GasMeter().ConsumeGas(1000, "set-up")
		if w.fail != nil {
			if err := w.fail(ctx, call); err != nil {
				return nil, err
			}
		}
		w.calls = append(w.calls, call)
	}
	return nil, nil
}

// ignore emits the event of a contract that does nothing.
func ignore(ctx sdk.Context, call toldCall) { ignoreWith(ctx, call, "wasm-hook_ignored") }

func ignoreWith(ctx sdk.Context, call toldCall, event string) {
	ctx.EventManager().EmitEvent(sdk.NewEvent(event,
		sdk.NewAttribute(wasmtypes.AttributeKeyContractAddr, call.contract), sdk.NewAttribute("reason", "not now")))
}

// scriptedStaking knows every operator by its number.
type scriptedStaking struct {
	validators  map[string]stakingtypes.Validator
	delegations map[string]stakingtypes.Delegation
	lookups     int
}

func (s *scriptedStaking) add(n int, consensus sdk.ConsAddress) {
	s.validators[string(consensus)] = stakingtypes.Validator{
		OperatorAddress: operator(n).String(), Tokens: math.NewInt(7), DelegatorShares: math.LegacyNewDec(7),
		Status: stakingtypes.Bonded, Description: stakingtypes.Description{Moniker: "m"},
		Commission: stakingtypes.NewCommission(math.LegacyNewDecWithPrec(1, 1), math.LegacyOneDec(), math.LegacyOneDec()),
	}
}

func (s *scriptedStaking) GetValidator(_ context.Context, operator sdk.ValAddress) (stakingtypes.Validator, error) {
	for _, it := range s.validators {
		if it.OperatorAddress == operator.String() {
			return it, nil
		}
	}
	return stakingtypes.Validator{}, stakingtypes.ErrNoValidatorFound
}

func (s *scriptedStaking) GetValidatorByConsAddr(_ context.Context, consensus sdk.ConsAddress) (stakingtypes.Validator, error) {
	s.lookups++
	if it, known := s.validators[string(consensus)]; known {
		return it, nil
	}
	return stakingtypes.Validator{}, stakingtypes.ErrNoValidatorFound
}

func (s *scriptedStaking) GetDelegation(_ context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) (stakingtypes.Delegation, error) {
	if it, known := s.delegations[delegator.String()+operator.String()]; known {
		return it, nil
	}
	return stakingtypes.Delegation{}, stakingtypes.ErrNoDelegation
}

// scriptedBank has what the source has; it refuses some denoms.
type scriptedBank struct {
	balance sdk.Coins
	refuse  map[string]func() error
	sent    sdk.Coins
}

func (b *scriptedBank) GetBalance(_ context.Context, _ sdk.AccAddress, denom string) sdk.Coin {
	return sdk.NewCoin(denom, b.balance.AmountOf(denom))
}

func (b *scriptedBank) SendCoinsFromModuleToAccount(_ context.Context, module string, _ sdk.AccAddress, amount sdk.Coins) error {
	if module != source {
		return errors.New("another module")
	}
	if refuse := b.refuse[amount[0].Denom]; refuse != nil {
		if err := refuse(); err != nil {
			return err
		}
	}
	b.balance, b.sent = b.balance.Sub(amount...), b.sent.Add(amount...)
	return nil
}

// fixture is a keeper among scripted modules.
type fixture struct {
	t       testing.TB
	ctx     sdk.Context
	keeper  keeper.Keeper
	wasm    *scriptedWasm
	staking *scriptedStaking
	bank    *scriptedBank
}

func newFixture(t testing.TB) *fixture {
	key := storetypes.NewKVStoreKey(types.StoreKey)
	f := &fixture{
		t: t, ctx: testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient")).WithBlockHeight(2),
		wasm:    &scriptedWasm{t: t, missing: map[string]bool{}},
		staking: &scriptedStaking{validators: map[string]stakingtypes.Validator{}, delegations: map[string]stakingtypes.Delegation{}},
		bank:    &scriptedBank{refuse: map[string]func() error{}},
	}
	f.keeper = keeper.NewKeeper(keeper.Setup{
		Codec: moduletestutil.MakeTestEncodingConfig().Codec, StoreService: runtime.NewKVStoreService(key),
		Addresses: address.NewBech32Codec("cosmos"), Bank: f.bank, Staking: f.staking, Wasm: f.wasm,
		Authority: authority, Sources: []string{source},
	})
	return f
}

// feed gives a contract a route.
func (f *fixture) feed(contract sdk.AccAddress, denoms ...string) {
	f.t.Helper()
	require.NoError(f.t, f.keeper.SetParams(f.ctx, types.Params{Routes: []types.Route{route(contract, denoms...)}}))
}

// feedActive gives a contract a route, and it takes a block in which nobody could vote.
func (f *fixture) feedActive(contract sdk.AccAddress, denoms ...string) {
	f.t.Helper()
	f.feed(contract, denoms...)
	require.NoError(f.t, f.keeper.Statuses.Set(f.ctx, contract, types.CallStatus{Height: f.ctx.BlockHeight()}))
}

func route(contract sdk.AccAddress, denoms ...string) types.Route {
	return types.Route{Contract: contract.String(), Mode: types.MODE_FEE_POOL, Source: source, Denoms: denoms, GasLimit: callGas}
}

// block makes a block of votes: powers by the validators' numbers. Validators x/staking does not know are added.
func (f *fixture) block(powers map[int]int64, absent ...int) {
	f.t.Helper()
	var votes []abci.VoteInfo
	for n := range 10_000 {
		power, voting := powers[n]
		if !voting {
			continue
		}
		if _, known := f.staking.validators[string(consensus(n))]; !known {
			f.staking.add(n, consensus(n))
		}
		flag := cmtproto.BlockIDFlagCommit
		for _, it := range absent {
			if it == n {
				flag = cmtproto.BlockIDFlagAbsent
			}
		}
		votes = append(votes, abci.VoteInfo{Validator: abci.Validator{Address: consensus(n), Power: power}, BlockIdFlag: flag})
	}
	f.next(votes)
}

func (f *fixture) next(votes []abci.VoteInfo) {
	f.t.Helper()
	f.ctx = f.ctx.WithBlockHeight(f.ctx.BlockHeight() + 1).WithVoteInfos(votes).WithEventManager(sdk.NewEventManager())
	require.NoError(f.t, f.keeper.BeginBlock(f.ctx))
}

// names are those of the calls since the last time.
func (f *fixture) names() (names []string) {
	for _, it := range f.wasm.calls {
		names = append(names, it.name)
	}
	f.wasm.calls = nil
	return names
}

// status is how a contract's calls went.
func (f *fixture) status(contract sdk.AccAddress) types.CallStatus {
	f.t.Helper()
	answer, err := keeper.NewQueryServer(f.keeper).Contract(f.ctx, &types.QueryContractRequest{Contract: contract.String()})
	require.NoError(f.t, err)
	return answer.Status
}
