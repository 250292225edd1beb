package types

// Events of the module and their attributes.
const (
	// EventTypeTransferRefused is emitted for a denom that stays with its module account.
	EventTypeTransferRefused = "cwdistribution_transfer_refused"
	// EventTypeCallFailed is emitted for a call that changed nothing.
	EventTypeCallFailed = "cwdistribution_call_failed"

	AttributeKeyContract  = "contract"
	AttributeKeySource    = "source"
	AttributeKeyAmount    = "amount"
	AttributeKeyCall      = "call"
	AttributeKeyCodespace = "codespace"
	AttributeKeyCode      = "code"
)
