package testchain

import (
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
)

// Pass has governance execute messages: somebody proposes them, the voters agree, and time passes.
func (c *Chain) Pass(proposer string, voters []string, messages ...sdk.Msg) {
	c.t.Helper()
	proposal := c.Propose(proposer, voters, messages...)
	require.Equal(c.t, govv1.StatusPassed, proposal.Status, proposal.FailedReason)
}

// Propose puts messages to the vote and returns what became of them.
func (c *Chain) Propose(proposer string, voters []string, messages ...sdk.Msg) *govv1.Proposal {
	c.t.Helper()
	msg, err := govv1.NewMsgSubmitProposal(messages, sdk.NewCoins(sdk.NewInt64Coin(BondDenom, 1000)),
		Account(proposer).String(), "", "title", "summary", false)
	require.NoError(c.t, err)
	var response govv1.MsgSubmitProposalResponse
	c.Response(c.Deliver(proposer, msg), &response)
	var txs [][]byte
	for _, voter := range voters {
		txs = append(txs, c.sign(voter, []sdk.Msg{
			govv1.NewMsgVote(Account(voter), response.ProposalId, govv1.OptionYes, ""),
		}))
	}
	for _, result := range c.Block(txs...).TxResults {
		require.Zero(c.t, result.Code, result.Log)
	}
	c.Later(VotingPeriod)
	found, err := govv1.NewQueryClient(c.Queries()).Proposal(c.Context(), &govv1.QueryProposalRequest{ProposalId: response.ProposalId})
	require.NoError(c.t, err)
	return found.Proposal
}
