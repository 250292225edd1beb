// Package distributionfacade serves the messages and queries of x/distribution from a fee pool, on a
// chain that has no x/distribution: wallets, explorers and command lines work as before.
package distributionfacade

import (
	"context"
	"encoding/json"
	"fmt"

	"cosmossdk.io/core/address"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// FeePools finds the contract that stands behind the messages and queries: the module's keeper.
type FeePools interface {
	FeePool(ctx context.Context) (sdk.AccAddress, error)
}

// BankKeeper is what the facade needs of x/bank.
type BankKeeper interface {
	BlockedAddr(account sdk.AccAddress) bool
}

// WasmQuerier is what queries need of x/wasm.
type WasmQuerier interface {
	QuerySmart(ctx context.Context, contract sdk.AccAddress, query []byte) ([]byte, error)
}

// WasmExecutor is what messages need of x/wasm.
type WasmExecutor interface {
	Execute(ctx sdk.Context, contract, caller sdk.AccAddress, msg []byte, funds sdk.Coins) ([]byte, error)
}

// Keeper talks to the fee pool. It has no state.
type Keeper struct {
	pools      FeePools
	bank       BankKeeper
	querier    WasmQuerier
	executor   WasmExecutor
	accounts   address.Codec
	validators address.Codec
}

// Setup is what a keeper is made of.
type Setup struct {
	Pools      FeePools
	Bank       BankKeeper
	Querier    WasmQuerier
	Executor   WasmExecutor
	Accounts   address.Codec
	Validators address.Codec
}

// NewKeeper makes a keeper.
func NewKeeper(setup Setup) Keeper {
	return Keeper{
		pools: setup.Pools, bank: setup.Bank, querier: setup.Querier, executor: setup.Executor,
		accounts: setup.Accounts, validators: setup.Validators,
	}
}

// FundCommunityPool gives coins of an account to the community pool. Governance does so with deposits
// that nobody gets back. It fails for denoms that the pool does not take.
func (k Keeper) FundCommunityPool(ctx context.Context, amount sdk.Coins, sender sdk.AccAddress) error {
	_, err := k.execute(ctx, sender, "fund_community_pool", struct{}{}, amount)
	return err
}

// execute sends a message to the pool, as the signer of the message that it stands for, and returns
// the pool's events, which are emitted as well.
func (k Keeper) execute(c context.Context, signer sdk.AccAddress, name string, body any, funds sdk.Coins) (poolEvents, error) {
	ctx := sdk.UnwrapSDKContext(c)
	pool, err := k.pools.FeePool(ctx)
	if err != nil {
		return poolEvents{}, err
	}
	message, err := json.Marshal(map[string]any{name: body})
	if err != nil {
		return poolEvents{}, err
	}
	events := sdk.NewEventManager()
	if _, err := k.executor.Execute(ctx.WithEventManager(events), pool, signer, message, funds); err != nil {
		return poolEvents{}, err
	}
	ctx.EventManager().EmitEvents(events.Events())
	return poolEvents{pool: pool.String(), events: events.Events()}, nil
}

// queryGas is what a query of the pool may use, or all pages of a list: nodes set no limit by default, and
// that of x/wasm holds for its own queries alone. It is the same on all nodes, for chains that let contracts send
// these queries.
const queryGas = 100_000_000

// limited gives a query its own gas, which the function charges at its end.
func limited(c context.Context) (context.Context, func()) {
	ctx := sdk.UnwrapSDKContext(c)
	meter := storetypes.NewGasMeter(min(ctx.GasMeter().GasRemaining(), queryGas))
	return ctx.WithGasMeter(meter), func() {
		ctx.GasMeter().ConsumeGas(meter.GasConsumedToLimit(), "queries of the fee pool")
	}
}

// query asks the pool.
func (k Keeper) query(ctx context.Context, name string, body, answer any) error {
	ctx, charge := limited(ctx)
	defer charge()
	pool, err := k.pools.FeePool(ctx)
	if err != nil {
		return err
	}
	query, err := json.Marshal(map[string]any{name: body})
	if err != nil {
		return err
	}
	data, err := k.querier.QuerySmart(ctx, pool, query)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return fmt.Errorf("fee pool %s, answer to %s: %w", pool, name, err)
	}
	return nil
}
