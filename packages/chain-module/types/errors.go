package types

import errorsmod "cosmossdk.io/errors"

var (
	// ErrInvalidParams says which of the params breaks a rule.
	ErrInvalidParams = errorsmod.Register(ModuleName, 2, "invalid params")
	// ErrCallIgnored says that a contract took a call and did nothing.
	ErrCallIgnored = errorsmod.Register(ModuleName, 3, "the contract ignored the call")
	// ErrCallTooDeep says that x/staking was called by too many contracts calling each other.
	ErrCallTooDeep = errorsmod.Register(ModuleName, 4, "staking below too many contract calls")
	// ErrNoContract says that an address is not that of a contract.
	ErrNoContract = errorsmod.Register(ModuleName, 5, "no contract")
	// ErrNoFeePool says that no route feeds a fee pool.
	ErrNoFeePool = errorsmod.Register(ModuleName, 6, "no route feeds a fee pool")
	// ErrUnknownVoter says that x/staking knows no operator of somebody who could vote for a block.
	ErrUnknownVoter = errorsmod.Register(ModuleName, 7, "unknown voter")
)
