// Package host is the chain's side of a fee pool: a native module that routes the fees of every
// block to the contract, sends it the votes, and forwards the hooks of x/staking. It is added to
// the stock application, which needs no change for it.
package host

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"cosmossdk.io/core/appmodule"
	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/CosmWasm/wasmd/app"

	"cw-distribution/tests/chain/node"
)

// moduleName is the module's name among the application's.
const moduleName = "fee route"

// GasLimit is what one call of the contract may use.
const GasLimit = 5_000_000

// Call is a call of the contract by the module.
type Call struct {
	Height int64
	// Name is the key of the message.
	Name string
	Gas  uint64
	Err  error
}

// Module calls one contract. It does nothing until Contract is set.
type Module struct {
	// Contract is the fee pool.
	Contract sdk.AccAddress
	// Denoms are those whose fees are the pool's.
	Denoms []string
	// Calls are all calls so far.
	Calls []Call

	app *app.WasmApp
}

var (
	_ appmodule.HasBeginBlocker = (*Module)(nil)
	_ stakingtypes.StakingHooks = (*Module)(nil)
)

func (*Module) IsAppModule()        {}
func (*Module) IsOnePerModuleType() {}

// Graft adds the module to an application: before x/distribution, which finds no more fees then,
// and as the last of x/staking's hooks.
func Graft(module *Module) node.Option {
	return func(a *app.WasmApp) error {
		module.app = a
		modules := a.ModuleManager
		modules.Modules[moduleName] = module
		at := slices.Index(modules.OrderBeginBlockers, distrtypes.ModuleName)
		modules.OrderBeginBlockers = slices.Insert(modules.OrderBeginBlockers, at, moduleName)
		// Hooks can be set once only, but they are a slice that can be written.
		hooks, ok := a.StakingKeeper.Hooks().(stakingtypes.MultiStakingHooks)
		if !ok || len(hooks) == 0 {
			return fmt.Errorf("x/staking has hooks of type %T", a.StakingKeeper.Hooks())
		}
		last := len(hooks) - 1
		hooks[last] = stakingtypes.NewMultiStakingHooks(hooks[last], module)
		return nil
	}
}

// BeginBlock sends the fees of the block before to the pool, and calls begin_block. Nothing that fails in it
// stops the chain: fees wait for the next block.
func (m *Module) BeginBlock(c context.Context) error {
	if m.Contract.Empty() {
		return nil
	}
	ctx := sdk.UnwrapSDKContext(c)
	fees := Route{From: authtypes.FeeCollectorName, Denoms: m.Denoms, Contract: m.Contract, app: m.app}
	if err := fees.BeginBlock(ctx); err != nil {
		return err
	}
	m.sudo(ctx, "begin_block", m.block(ctx))
	return nil
}

type object = map[string]any

// block is the body of begin_block. A validator that x/staking does not know any more is left out.
func (m *Module) block(ctx sdk.Context) object {
	votes := []object{}
	for _, vote := range ctx.VoteInfos() {
		validator, err := m.app.StakingKeeper.GetValidatorByConsAddr(ctx, vote.Validator.Address)
		if err != nil {
			ctx.Logger().Error("a voter is unknown", "address", vote.Validator.Address, "error", err)
			continue
		}
		votes = append(votes, object{
			"validator": validator.OperatorAddress, "power": fmt.Sprint(vote.Validator.Power), "signed": signed(vote.BlockIdFlag),
		})
	}
	block := object{"last_commit": object{"votes": votes}}
	proposer, err := m.app.StakingKeeper.GetValidatorByConsAddr(ctx, ctx.BlockHeader().ProposerAddress)
	if err == nil {
		block["proposer"] = proposer.OperatorAddress
	}
	return block
}

// sudo calls the contract in a branch of the state, with a gas meter of its own: nothing that it
// does, be it a panic, fails the block or the staking transaction.
func (m *Module) sudo(ctx sdk.Context, name string, body object) {
	meter := storetypes.NewGasMeter(GasLimit)
	branch, write := ctx.CacheContext()
	err := contained(func() error {
		msg, err := json.Marshal(object{name: body})
		if err != nil {
			return err
		}
		_, err = m.app.WasmKeeper.Sudo(branch.WithGasMeter(meter), m.Contract, msg)
		return err
	})
	if err == nil {
		write()
	}
	ctx.GasMeter().ConsumeGas(meter.GasConsumedToLimit(), "fee pool")
	m.Calls = append(m.Calls, Call{Height: ctx.BlockHeight(), Name: name, Gas: meter.GasConsumed(), Err: err})
}

// hook forwards a hook, as Juno's x/cw-hooks writes it.
func (m *Module) hook(c context.Context, name string, body object) error {
	if !m.Contract.Empty() {
		m.sudo(sdk.UnwrapSDKContext(c), name, body)
	}
	return nil
}

func (m *Module) validatorHook(c context.Context, name string, operator sdk.ValAddress) error {
	body := object{"validator_address": operator.String()}
	validator, err := m.app.StakingKeeper.GetValidator(c, operator)
	if err == nil {
		body["moniker"] = validator.GetMoniker()
		body["commission"] = validator.Commission.Rate.String()
		body["validator_tokens"] = validator.Tokens.String()
		body["bonded_tokens"] = validator.BondedTokens().String()
		body["bond_status"] = validator.Status.String()
	}
	return m.hook(c, name, body)
}

func (m *Module) delegationHook(c context.Context, name string, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	shares := math.LegacyZeroDec()
	delegation, err := m.app.StakingKeeper.GetDelegation(c, delegator, operator)
	if err == nil {
		shares = delegation.Shares
	}
	return m.hook(c, name, object{
		"validator_address": operator.String(), "delegator_address": delegator.String(), "shares": shares.String(),
	})
}
