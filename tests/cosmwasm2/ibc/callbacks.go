package ibc

import (
	"fmt"

	"github.com/CosmWasm/wasmd/app"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cosmos/ibc-go/v8/modules/apps/transfer"
	transfertypes "github.com/cosmos/ibc-go/v8/modules/apps/transfer/types"
	porttypes "github.com/cosmos/ibc-go/v8/modules/core/05-port/types"
)

// WithoutCallbacks takes the callbacks middleware off a chain's transfers: no contract is called when
// coins arrive or come back, as on chains that have not built it in. Interchain accounts, which no
// scenario has, are not there either: a router of ibc-go v8 cannot list its modules.
func WithoutCallbacks(a *app.WasmApp) error {
	contracts, known := a.IBCKeeper.Router.GetRoute(wasmtypes.ModuleName)
	if !known {
		return fmt.Errorf("no module for port %s", wasmtypes.ModuleName)
	}
	// Only a keeper without a router takes one.
	a.IBCKeeper.Router = nil
	a.IBCKeeper.SetRouter(porttypes.NewRouter().
		AddRoute(transfertypes.ModuleName, transfer.NewIBCModule(a.TransferKeeper)).
		AddRoute(wasmtypes.ModuleName, contracts))
	return nil
}
