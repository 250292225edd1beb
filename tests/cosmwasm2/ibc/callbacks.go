package ibc

import (
	"github.com/CosmWasm/wasmd/app"

	"github.com/cosmos/ibc-go/v8/modules/apps/transfer"

	"cw-distribution/tests/chain/node"
)

// WithoutCallbacks takes the callbacks middleware off a chain's transfers: no contract is called when
// coins arrive or come back, as on chains that have not built it in.
func WithoutCallbacks(a *app.WasmApp) error {
	return node.RouteTransfers(a, transfer.NewIBCModule(a.TransferKeeper))
}
