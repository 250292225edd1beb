// Package feed has the stock application feed pools with the suite's chain module.
package feed

import (
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/CosmWasm/wasmd/app"

	"github.com/cw-distribution/chain-module/app/beside"
	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"

	"cw-distribution/tests/chain/node"
)

// Graft adds the module to an application and hands out its keeper. It does nothing until it has params;
// routes may empty the fee collector and the sources.
func Graft(module *keeper.Keeper, sources ...string) node.Option {
	return func(a *app.WasmApp) error {
		var err error
		*module, err = beside.Add(a, append(sources, authtypes.FeeCollectorName)...)
		return err
	}
}

// FeePool has a fee pool receive fees, and learn of every block and of what happens in x/staking.
func FeePool(pool string, denoms ...string) types.Params {
	return types.Params{
		Routes: []types.Route{{
			Contract: pool, Mode: types.MODE_FEE_POOL,
			Source: authtypes.FeeCollectorName, Denoms: denoms, GasLimit: 10_000_000,
		}},
		Hooks: types.Subscription{Contracts: []string{pool}, GasLimit: 500_000},
	}
}

// PoaFeePool has a PoA fee pool receive what a module account collects; it is never called.
func PoaFeePool(pool, source string, denoms ...string) types.Params {
	return types.Params{Routes: []types.Route{{
		Contract: pool, Mode: types.MODE_POA_FEE_POOL,
		Source: source, Denoms: denoms, GasLimit: 1_000_000,
	}}}
}
