package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"

	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"
)

func TestOnlyTheAuthoritySetsParams(t *testing.T) {
	f := newFixture(t)
	params := types.Params{Routes: []types.Route{route(contract(1), "stake")}}
	server := keeper.NewMsgServer(f.keeper)
	_, err := server.UpdateParams(f.ctx, &types.MsgUpdateParams{Authority: contract(9).String(), Params: params})
	require.ErrorIs(t, err, govtypes.ErrInvalidSigner)
	_, err = server.UpdateParams(f.ctx, &types.MsgUpdateParams{Authority: authority, Params: params})
	require.NoError(t, err)
	answer, err := keeper.NewQueryServer(f.keeper).Params(f.ctx, nil)
	require.NoError(t, err)
	require.Equal(t, params, answer.Params)
}

func TestParamsThatBreakARuleAreRefused(t *testing.T) {
	hooks := func(subscription types.Subscription) types.Params { return types.Params{Hooks: subscription} }
	routes := func(routes ...types.Route) types.Params { return types.Params{Routes: routes} }
	changed := func(change func(*types.Route)) types.Params {
		it := route(contract(1), "stake")
		change(&it)
		return routes(it)
	}
	many := func(count int) (list []string) {
		for n := range count {
			list = append(list, contract(byte(n)).String())
		}
		return list
	}
	for name, it := range map[string]struct {
		params types.Params
		says   string
	}{
		"contract":      {changed(func(r *types.Route) { r.Contract = "juno1" }), `contract "juno1" of a route`},
		"mode":          {changed(func(r *types.Route) { r.Mode = 0 }), "has mode MODE_UNSPECIFIED"},
		"unknown mode":  {changed(func(r *types.Route) { r.Mode = 9 }), "has mode 9"},
		"no source":     {changed(func(r *types.Route) { r.Source = "" }), "has no source"},
		"other source":  {changed(func(r *types.Route) { r.Source = "bonded_tokens_pool" }), `source "bonded_tokens_pool"`},
		"no denoms":     {changed(func(r *types.Route) { r.Denoms = nil }), "has 0 denoms"},
		"many denoms":   {changed(func(r *types.Route) { r.Denoms = many(9) }), "has 9 denoms"},
		"denom":         {changed(func(r *types.Route) { r.Denoms = []string{"1"} }), "invalid denom"},
		"same denom":    {changed(func(r *types.Route) { r.Denoms = []string{"stake", "stake"} }), "denom stake of fee_collector is sent twice"},
		"two routes":    {routes(route(contract(1), "stake"), route(contract(1), "uatom")), "has two routes"},
		"one denom":     {routes(route(contract(1), "stake"), route(contract(2), "stake")), "is sent twice"},
		"little gas":    {changed(func(r *types.Route) { r.GasLimit = 99_999 }), "gas limit 99999"},
		"much gas":      {changed(func(r *types.Route) { r.GasLimit = 100_000_001 }), "gas limit 100000001"},
		"hooks":         {hooks(types.Subscription{Contracts: many(2)}), "hooks: gas limit 0"},
		"named twice":   {hooks(types.Subscription{Contracts: append(many(2), many(1)...), GasLimit: callGas}), "is named twice"},
		"too many":      {hooks(types.Subscription{Contracts: many(17), GasLimit: callGas}), "17 contracts"},
		"clock":         {types.Params{Clock: types.Subscription{Contracts: []string{"x"}, GasLimit: callGas}}, `clock: contract "x"`},
		"missing":       {routes(route(contract(7), "stake")), "no contract"},
		"missing clock": {types.Params{Clock: types.Subscription{Contracts: many(8), GasLimit: callGas}}, "no contract"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.wasm.missing[contract(7).String()] = true
			require.ErrorContains(t, f.keeper.SetParams(f.ctx, it.params), it.says)
		})
	}
}

func TestTheFirstFeePoolIsTheChains(t *testing.T) {
	f := newFixture(t)
	_, err := f.keeper.FeePool(f.ctx)
	require.ErrorIs(t, err, types.ErrNoFeePool)
	holding := route(contract(1), "uatom")
	holding.Mode = types.MODE_HOLDING_POOLS
	require.NoError(t, f.keeper.SetParams(f.ctx, types.Params{
		Routes: []types.Route{holding, route(contract(2), "stake"), route(contract(3), "uosmo")},
	}))
	pool, err := f.keeper.FeePool(f.ctx)
	require.NoError(t, err)
	require.Equal(t, contract(2), pool)
}

func TestGenesisComesBackAsItWas(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.subscribe(contract(2))
	require.NoError(t, f.keeper.SetParams(f.ctx, types.Params{
		Routes: []types.Route{route(contract(1), "stake")},
		Hooks:  types.Subscription{Contracts: []string{contract(2).String()}, GasLimit: callGas},
	}))
	header := f.ctx.BlockHeader()
	header.ProposerAddress = consensus(1)
	f.ctx = f.ctx.WithBlockHeader(header)
	f.block(map[int]int64{1: 10, 2: 20})
	exported, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	require.Len(t, exported.Contracts, 1)

	other := newFixture(t)
	require.NoError(t, other.keeper.InitGenesis(other.ctx, *exported))
	again, err := other.keeper.ExportGenesis(other.ctx)
	require.NoError(t, err)
	require.Equal(t, exported, again)
	other.block(map[int]int64{1: 10, 2: 20})
	require.Empty(t, changesIn(t, other.wasm.calls[0]), "what was told is not told again")
}

func TestAStateThatIsNotSoundIsRefused(t *testing.T) {
	f := newFixture(t)
	told := func(powers ...types.ValidatorPower) types.GenesisState {
		return types.GenesisState{Contracts: []types.ContractState{{
			Contract: contract(1).String(), Told: types.ToldPowers{Validators: powers},
		}}}
	}
	one := types.ValidatorPower{Validator: operator(1).String(), ConsensusAddress: consensus(1), Power: 1}
	with := func(change func(*types.ValidatorPower)) types.ValidatorPower {
		it := one
		change(&it)
		return it
	}
	for says, second := range map[string]types.ValidatorPower{
		"was told twice":     with(func(it *types.ValidatorPower) { it.ConsensusAddress = consensus(2) }),
		"told twice":         with(func(it *types.ValidatorPower) { it.Validator = operator(2).String() }),
		`validator "v"`:      with(func(it *types.ValidatorPower) { it.Validator = "v" }),
		`validator "cosmos1`: with(func(it *types.ValidatorPower) { it.Validator = sdk.AccAddress(operator(2)).String() }),
		"consensus address":  with(func(it *types.ValidatorPower) { it.ConsensusAddress = nil }),
		"which is negative":  {Validator: operator(2).String(), ConsensusAddress: consensus(2), Power: -1},
	} {
		require.ErrorContains(t, f.keeper.InitGenesis(f.ctx, told(one, second)), says)
	}
	twice := told(one)
	twice.Contracts = append(twice.Contracts, twice.Contracts...)
	require.ErrorContains(t, f.keeper.InitGenesis(f.ctx, twice), "has two states")
	require.ErrorContains(t, f.keeper.InitGenesis(f.ctx, types.GenesisState{Contracts: []types.ContractState{{Contract: "x"}}}), `"x"`)
}
