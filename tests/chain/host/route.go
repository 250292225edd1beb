package host

import (
	"context"
	"fmt"
	"slices"

	"cosmossdk.io/core/appmodule"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/CosmWasm/wasmd/app"

	"cw-distribution/tests/chain/node"
)

// routeName is the module's name among the application's.
const routeName = "fee route"

// Route sends what a module account has of some denoms to a contract, in every block. It does nothing
// until Contract is set.
//
// From is the account to which the ante handler sends fees: a module of the chain's own where it can
// be named, the fee collector elsewhere.
type Route struct {
	From     string
	Denoms   []string
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

// BeginBlock sends the fees, denom by denom. Nothing that happens to one stops the others, or the chain:
// it stays with the module account.
func (r *Route) BeginBlock(c context.Context) error {
	ctx := sdk.UnwrapSDKContext(c)
	for _, denom := range r.Denoms {
		if err := r.send(ctx, denom); err != nil {
			ctx.Logger().Error("fees stay with the module", "denom", denom, "error", err)
		}
	}
	return nil
}

// send transfers all of a denom, or nothing. The contract is not called.
func (r *Route) send(ctx sdk.Context, denom string) error {
	fees := r.app.BankKeeper.GetBalance(ctx, authtypes.NewModuleAddress(r.From), denom)
	if r.Contract.Empty() || fees.IsZero() {
		return nil
	}
	// A transfer may run a denom's hooks: what they wrote is dropped when it fails.
	cached, write := ctx.CacheContext()
	err := contained(func() error {
		return r.app.BankKeeper.SendCoinsFromModuleToAccount(cached, r.From, r.Contract, sdk.NewCoins(fees))
	})
	if err == nil {
		write()
	}
	return err
}

// contained turns a panic into an error.
func contained(call func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return call()
}
