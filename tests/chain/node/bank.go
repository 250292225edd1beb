package node

import sdk "github.com/cosmos/cosmos-sdk/types"

// SetBlocked says whether the bank refuses what is sent to an account or contract, as it does for
// module accounts.
func (n *Node) SetBlocked(account sdk.AccAddress, blocked bool) {
	// The bank's own list, which all keepers look at.
	n.App.BankKeeper.GetBlockedAddresses()[account.String()] = blocked
}
