package host

import (
	"context"
	"slices"

	"cosmossdk.io/core/appmodule"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/CosmWasm/wasmd/app"

	"cw-distribution/tests/chain/node"
)

// routeName is the module's name among the application's.
const routeName = "whole balance route"

// Route sends all that a module account has to a contract, in every block. It does nothing until
// Contract is set.
//
// From is the account to which the ante handler sends fees: a module of the chain's own where it can
// be named, the fee collector elsewhere.
type Route struct {
	From     string
	Contract sdk.AccAddress

	app *app.WasmApp
}

var _ appmodule.HasBeginBlocker = (*Route)(nil)

func (*Route) IsAppModule()        {}
func (*Route) IsOnePerModuleType() {}

// GraftRoute adds the module to an application, before x/distribution: it finds no more fees then.
func GraftRoute(route *Route) node.Option {
	return func(a *app.WasmApp) error {
		route.app = a
		modules := a.ModuleManager
		modules.Modules[routeName] = route
		at := slices.Index(modules.OrderBeginBlockers, distrtypes.ModuleName)
		modules.OrderBeginBlockers = slices.Insert(modules.OrderBeginBlockers, at, routeName)
		return nil
	}
}

// BeginBlock sends the balance to the contract. The contract is not called: a transfer to it runs no
// code, so nothing that it does can stop the chain.
func (r *Route) BeginBlock(c context.Context) error {
	ctx := sdk.UnwrapSDKContext(c)
	fees := r.app.BankKeeper.GetAllBalances(ctx, authtypes.NewModuleAddress(r.From))
	if r.Contract.Empty() || fees.IsZero() {
		return nil
	}
	return r.app.BankKeeper.SendCoinsFromModuleToAccount(ctx, r.From, r.Contract, fees)
}
