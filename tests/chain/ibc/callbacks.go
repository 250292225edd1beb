package ibc

import (
	"fmt"

	"github.com/CosmWasm/wasmd/app"

	"github.com/cosmos/ibc-go/v10/modules/apps/transfer"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	porttypes "github.com/cosmos/ibc-go/v10/modules/core/05-port/types"
)

// WithoutCallbacks takes the callbacks middleware off a chain's transfers: no contract is called when
// coins arrive or come back, as on chains that have not built it in.
func WithoutCallbacks(a *app.WasmApp) error {
	built := a.IBCKeeper.PortKeeper.Router
	router := porttypes.NewRouter()
	for _, name := range built.Keys() {
		module, known := built.Route(name)
		if !known {
			return fmt.Errorf("no module for port %s", name)
		}
		if name == transfertypes.ModuleName {
			module = transfer.NewIBCModule(a.TransferKeeper)
		}
		router.AddRoute(name, module)
	}
	router.Seal()
	a.IBCKeeper.PortKeeper.Router = router
	return nil
}
