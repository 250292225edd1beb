// Package beside adds the module to wasmd's own application, which keeps x/distribution.
package beside

import (
	"fmt"
	"slices"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/runtime"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmapp "github.com/CosmWasm/wasmd/app"

	chainmodule "github.com/cw-distribution/chain-module"
	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"
)

// Add adds the module to an application that has not loaded its state yet: before x/distribution, which
// finds no more of what is routed, and behind the other hooks of x/staking. Routes may empty the sources.
func Add(app *wasmapp.WasmApp, sources ...string) (keeper.Keeper, error) {
	// Hooks can be set once only, but they are a slice whose elements can be replaced.
	hooks, ok := app.StakingKeeper.Hooks().(stakingtypes.MultiStakingHooks)
	if !ok || len(hooks) == 0 {
		return keeper.Keeper{}, fmt.Errorf("x/staking has hooks of type %T", app.StakingKeeper.Hooks())
	}
	key := storetypes.NewKVStoreKey(types.StoreKey)
	app.MountKVStores(map[string]*storetypes.KVStoreKey{types.StoreKey: key})
	feed := keeper.NewKeeper(keeper.Setup{
		Codec: app.AppCodec(), StoreService: runtime.NewKVStoreService(key), Addresses: app.AccountKeeper.AddressCodec(),
		Bank: app.BankKeeper, Staking: app.StakingKeeper, Wasm: &app.WasmKeeper,
		Authority: authtypes.NewModuleAddress(govtypes.ModuleName).String(), Sources: sources,
	})
	last := len(hooks) - 1
	hooks[last] = stakingtypes.NewMultiStakingHooks(hooks[last], feed.Hooks())

	types.RegisterInterfaces(app.InterfaceRegistry())
	types.RegisterMsgServer(app.MsgServiceRouter(), keeper.NewMsgServer(feed))
	types.RegisterQueryServer(app.GRPCQueryRouter(), keeper.NewQueryServer(feed))

	modules := app.ModuleManager
	modules.Modules[types.ModuleName] = chainmodule.NewAppModule(app.AppCodec(), feed)
	modules.OrderBeginBlockers = slices.Insert(modules.OrderBeginBlockers,
		slices.Index(modules.OrderBeginBlockers, distrtypes.ModuleName), types.ModuleName)
	modules.OrderEndBlockers = append(modules.OrderEndBlockers, types.ModuleName)
	modules.OrderInitGenesis = append(modules.OrderInitGenesis, types.ModuleName)
	modules.OrderExportGenesis = append(modules.OrderExportGenesis, types.ModuleName)
	return feed, nil
}
