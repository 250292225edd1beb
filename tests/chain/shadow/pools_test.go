package shadow

import (
	"encoding/json"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/cw-distribution/chain-module/types"

	"cw-distribution/tests/chain/feed"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/suite"
)

// feePool is a pool on the chain, with what its events say that it paid.
type feePool struct {
	name    pool.Accounting
	source  string
	address sdk.AccAddress
	// rewards were paid to delegators, commissions to operators.
	rewards     map[pair]*amounts
	commissions map[string]*amounts
	// closed are fractions of delegations that are gone, which went to the community pool.
	closed map[pair]*amounts
	// closing are those of the withdrawals whose event is still to come, by validator.
	closing map[string]*amounts
}

// callGas is what each call of a pool may use; the most that the specification allows a hook is in the gas table.
const callGas = 5_000_000

// importLines is how many lines an import message has.
const importLines = 50

// startPools puts the pools onto the chain: the routes and hooks first, then the import, then they are active.
func (w *world) startPools() {
	w.t.Helper()
	for index, accounting := range pool.Accountings {
		w.pools = append(w.pools, w.newPool(accounting, sources[index]))
	}
	require.NoError(w.t, w.module.SetParams(w.Context(), w.params()))
	if w.variant.neutron {
		for _, p := range w.pools {
			w.neutron.Contracts = append(w.neutron.Contracts, p.address)
		}
	}
	known, pages := w.imports()
	for _, p := range w.pools {
		for _, page := range pages {
			require.NoError(w.t, w.execute(p, node.Account(pool.Owner), pool.M{"import": page}))
		}
		require.NoError(w.t, w.execute(p, node.Account(pool.Owner), pool.M{"activate": pool.M{}}))
	}
	w.exact.start(known)
}

func (w *world) newPool(accounting pool.Accounting, source string) *feePool {
	w.t.Helper()
	wasm, err := suite.Wasm(string(accounting))
	require.NoError(w.t, err)
	code, err := w.StoreCode(node.Account(pool.Owner), wasm)
	require.NoError(w.t, err)
	require.NoError(w.t, w.Pin(code))
	dialect := "juno"
	if w.variant.neutron {
		dialect = "neutron"
	}
	address, _, err := w.Instantiate(node.Contract{
		Code: code, Sender: node.Account(pool.Owner), Label: string(accounting),
		Msg: text(pool.M{
			"reward_denoms": denoms, "source": pool.M{"hooks": pool.M{"dialect": dialect}}, "share_places": w.variant.places,
			"params": pool.M{"community_tax": tax.String(), "base_proposer_reward": "0", "bonus_proposer_reward": "0"},
		}),
	})
	require.NoError(w.t, err)
	return &feePool{
		name: accounting, source: source, address: address,
		rewards: map[pair]*amounts{}, commissions: map[string]*amounts{},
		closed: map[pair]*amounts{}, closing: map[string]*amounts{},
	}
}

// params route each pool's fees, and tell it of staking unless it hears Neutron's hooks.
func (w *world) params() types.Params {
	var params types.Params
	for _, p := range w.pools {
		one := feed.FeePool(p.address.String(), denoms...)
		one.Routes[0].Source = p.source
		params.Routes = append(params.Routes, one.Routes...)
		if !w.variant.neutron {
			params.Hooks.Contracts = append(params.Hooks.Contracts, one.Hooks.Contracts...)
			params.Hooks.GasLimit = one.Hooks.GasLimit
		}
	}
	return params
}

// imports are the pages of an import of what x/staking knows, and its delegations.
func (w *world) imports() (map[pair]observation, []pool.M) {
	w.t.Helper()
	ctx, staking := w.Context(), w.App.StakingKeeper
	known, err := staking.GetAllValidators(ctx)
	require.NoError(w.t, err)
	var validators, delegations []pool.M
	for _, it := range known {
		// The module tells all powers before the pool's first block. x/staking already knows of powers that vote
		// only in two blocks, and x/distribution does not count those.
		rates := it.Commission.CommissionRates
		validators = append(validators, pool.M{
			"validator": it.OperatorAddress, "power": "0", "commission": pool.M{
				"rate": rates.Rate.String(), "max_rate": rates.MaxRate.String(), "max_change_rate": rates.MaxChangeRate.String(),
			},
		})
	}
	all, err := staking.GetAllDelegations(ctx)
	require.NoError(w.t, err)
	now := map[pair]observation{}
	for _, it := range all {
		of := pair{it.DelegatorAddress, it.ValidatorAddress}
		now[of] = w.look(of)
		shares := it.Shares.String()
		if w.variant.neutron {
			shares = now[of].stake().TruncateInt().String()
		}
		delegations = append(delegations, pool.M{"delegator": of.delegator, "validator": of.validator, "shares": shares})
	}
	return now, append(pages("validators", validators), pages("delegations", delegations)...)
}

// look is a delegation now.
func (w *world) look(of pair) observation {
	other := observer{app: w.App}
	return *other.see(w.Context(), delegationChanged, account(of.delegator), operator(of.validator))
}

func pages(key string, lines []pool.M) []pool.M {
	var pages []pool.M
	for from := 0; from < len(lines); from += importLines {
		pages = append(pages, pool.M{key: lines[from:min(from+importLines, len(lines))]})
	}
	return pages
}

// execute sends a message to a pool.
func (w *world) execute(p *feePool, sender sdk.AccAddress, message pool.M) error {
	_, err := w.Execute(sender, p.address, text(message), nil)
	return err
}

// ask queries a pool.
func (w *world) ask(p *feePool, query pool.M, answer any) {
	w.t.Helper()
	outcome, err := w.Query(p.address, text(query))
	require.NoError(w.t, err)
	require.NoError(w.t, json.Unmarshal(outcome.Data, answer))
}

func text(message pool.M) []byte {
	text, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	return text
}
