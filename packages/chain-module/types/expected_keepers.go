package types

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// BankKeeper is what the module needs of x/bank.
type BankKeeper interface {
	GetBalance(ctx context.Context, account sdk.AccAddress, denom string) sdk.Coin
	SendCoinsFromModuleToAccount(ctx context.Context, module string, recipient sdk.AccAddress, amount sdk.Coins) error
}

// StakingKeeper is what the module needs of x/staking. It must know by their consensus addresses all who
// vote. The operator of a consensus address may become another one only after the hook AfterValidatorRemoved
// was called for the old one.
type StakingKeeper interface {
	GetValidator(ctx context.Context, operator sdk.ValAddress) (stakingtypes.Validator, error)
	GetValidatorByConsAddr(ctx context.Context, consensus sdk.ConsAddress) (stakingtypes.Validator, error)
	GetDelegation(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) (stakingtypes.Delegation, error)
}

// WasmKeeper is what the module needs of x/wasm.
type WasmKeeper interface {
	HasContractInfo(ctx context.Context, contract sdk.AccAddress) bool
	Sudo(ctx context.Context, contract sdk.AccAddress, msg []byte) ([]byte, error)
}
