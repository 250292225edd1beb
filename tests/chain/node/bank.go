package node

import (
	"context"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// SetBlocked says whether the bank refuses what is sent to an account or contract, as it does for
// module accounts.
func (n *Node) SetBlocked(account sdk.AccAddress, blocked bool) {
	// The bank's own list, which all keepers look at.
	n.App.BankKeeper.GetBlockedAddresses()[account.String()] = blocked
}

// RefuseSends has the bank refuse to send to an account or module, as long as refuses says so.
func (n *Node) RefuseSends(account sdk.AccAddress, refuses func() bool) {
	n.App.BankKeeper.AppendSendRestriction(
		func(_ context.Context, _, to sdk.AccAddress, coins sdk.Coins) (sdk.AccAddress, error) {
			if to.Equals(account) && refuses() {
				return nil, fmt.Errorf("%s takes no %s", account, coins)
			}
			return to, nil
		})
}
