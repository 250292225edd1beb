// Package testchain drives an application over ABCI: signed transactions in blocks that validators
// vote for. The application may be the one of this module, or another with x/distribution.
//
// All keys come from names, so two chains with the same names have the same addresses.
package testchain

import (
	"encoding/json"
	"math/rand"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// ID is every chain's id.
const ID = "testing-1"

// BlockTime is how long a block takes.
const BlockTime = 5 * time.Second

// gasLimit is what a transaction may use, if a test says nothing else.
const gasLimit = 60_000_000

// Application is what the driver needs.
type Application interface {
	servertypes.ABCI
	AppCodec() codec.Codec
	TxConfig() client.TxConfig
	DefaultGenesis() map[string]json.RawMessage
	NewContextLegacy(isCheckTx bool, header cmtproto.Header) sdk.Context
	GRPCQueryRouter() *baseapp.GRPCQueryRouter
}

// Accounts finds an account's number and sequence.
type Accounts func(ctx sdk.Context, address sdk.AccAddress) sdk.AccountI

// Chain is a chain between two blocks.
type Chain struct {
	t        testing.TB
	App      Application
	accounts Accounts
	// Height and Time are those of the last block.
	Height int64
	Time   time.Time
	// Fee is what every transaction pays.
	Fee sdk.Coins
	// Gas is what every transaction may use.
	Gas uint64
	// Last is what the last block has left behind.
	Last *abci.ResponseFinalizeBlock
	// Absent validators do not sign, by their names.
	Absent map[string]bool

	votes votes
	// history are all blocks so far.
	history []past
	// signers are those of the next block's transactions.
	signers []string
}

// past is when a block was and who signed its transactions.
type past struct {
	time    time.Time
	signers []string
}

// New starts a chain; its first block is made.
func New(t testing.TB, app Application, accounts Accounts, genesis Genesis) *Chain {
	t.Helper()
	state, err := json.Marshal(genesis.state(app))
	require.NoError(t, err)
	chain := &Chain{
		t: t, App: app, accounts: accounts, Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Fee: sdk.NewCoins(sdk.NewInt64Coin(BondDenom, 1000)), Gas: gasLimit, Absent: map[string]bool{}, votes: newVotes(genesis.Validators),
	}
	chain.load(state, 1)
	chain.Block()
	return chain
}

// Restart starts another application with a state that a chain has exported, and makes a block. The validators
// are the old chain's. Before its first block the state can be seen as of the old chain's last one.
func (c *Chain) Restart(app Application, accounts Accounts, state []byte, see func(sdk.Context)) *Chain {
	c.t.Helper()
	chain := &Chain{
		t: c.t, App: app, accounts: accounts, Time: c.Time, Fee: c.Fee, Gas: c.Gas, Absent: c.Absent,
		// The old chain's last set from the first block on, which has no votes.
		votes: votes{current: c.votes.next, next: c.votes.next},
	}
	chain.load(state, c.Height+1)
	see(app.NewContextLegacy(false, cmtproto.Header{ChainID: ID, Height: c.Height, Time: c.Time}))
	chain.Block()
	return chain
}

// Upgrade goes on with another application on the same database.
func (c *Chain) Upgrade(app Application, accounts Accounts) { c.App, c.accounts = app, accounts }

func (c *Chain) load(state []byte, initial int64) {
	c.t.Helper()
	params := *simtestutil.DefaultConsensusParams
	block := *params.Block
	block.MaxGas = -1
	params.Block = &block
	_, err := c.App.InitChain(&abci.RequestInitChain{
		ChainId: ID, Time: c.Time, ConsensusParams: &params, InitialHeight: initial, AppStateBytes: state,
	})
	require.NoError(c.t, err)
	c.Height = initial - 1
}

// Block makes a block of transactions.
func (c *Chain) Block(txs ...[]byte) *abci.ResponseFinalizeBlock {
	c.t.Helper()
	c.Height++
	c.Time = c.Time.Add(BlockTime)
	response, err := c.App.FinalizeBlock(&abci.RequestFinalizeBlock{
		Height: c.Height, Time: c.Time, Txs: txs, ProposerAddress: c.votes.proposer(c.Height),
		DecidedLastCommit: abci.CommitInfo{Votes: c.votes.last(c.Absent)},
	})
	require.NoError(c.t, err)
	_, err = c.App.Commit()
	require.NoError(c.t, err)
	c.votes.ended(response.ValidatorUpdates)
	c.history = append(c.history, past{c.Time, c.signers})
	c.signers = nil
	c.Last = response
	return response
}

// Blocks makes empty blocks.
func (c *Chain) Blocks(count int) {
	c.t.Helper()
	for range count {
		c.Block()
	}
}

// Later makes a block after some time.
func (c *Chain) Later(passed time.Duration) {
	c.t.Helper()
	c.Time = c.Time.Add(passed)
	c.Block()
}

// Try makes a block of one transaction, whose result may be a failure.
func (c *Chain) Try(signer string, messages ...sdk.Msg) *abci.ExecTxResult {
	c.t.Helper()
	return c.Block(c.sign(signer, messages)).TxResults[0]
}

// Deliver makes a block of one transaction, which must succeed.
func (c *Chain) Deliver(signer string, messages ...sdk.Msg) *abci.ExecTxResult {
	c.t.Helper()
	result := c.Try(signer, messages...)
	require.Zero(c.t, result.Code, result.Log)
	return result
}

func (c *Chain) sign(signer string, messages []sdk.Msg) []byte {
	c.t.Helper()
	account := c.accounts(c.Context(), Account(signer))
	require.NotNil(c.t, account, "account of %s", signer)
	tx, err := simtestutil.GenSignedMockTx(
		rand.New(rand.NewSource(1)), c.App.TxConfig(), messages, c.Fee, c.Gas, ID,
		[]uint64{account.GetAccountNumber()}, []uint64{account.GetSequence()}, AccountKey(signer),
	)
	require.NoError(c.t, err)
	bytes, err := c.App.TxConfig().TxEncoder()(tx)
	require.NoError(c.t, err)
	c.signers = append(c.signers, signer)
	return bytes
}

// Follow makes the blocks that another chain has made since its first, with as many transactions of
// the same signers, which pay the same fees and do nothing else.
func (c *Chain) Follow(other *Chain) {
	c.t.Helper()
	for _, block := range other.history[len(c.history):] {
		var txs [][]byte
		for _, signer := range block.signers {
			nothing := banktypes.NewMsgSend(Account(signer), Account(signer), sdk.NewCoins(sdk.NewInt64Coin(BondDenom, 1)))
			txs = append(txs, c.sign(signer, []sdk.Msg{nothing}))
		}
		c.Time = block.time.Add(-BlockTime)
		for _, result := range c.Block(txs...).TxResults {
			require.Zero(c.t, result.Code, result.Log)
		}
	}
}

// Response reads the response to a transaction's only message.
func (c *Chain) Response(result *abci.ExecTxResult, response proto.Message) {
	c.t.Helper()
	var data sdk.TxMsgData
	require.NoError(c.t, proto.Unmarshal(result.Data, &data))
	require.NotEmpty(c.t, data.MsgResponses)
	last := data.MsgResponses[len(data.MsgResponses)-1]
	require.NoError(c.t, proto.Unmarshal(last.Value, response))
}

// Context is the state after the last block. What is written to it is forgotten.
func (c *Chain) Context() sdk.Context {
	ctx, _ := c.App.NewContextLegacy(true, cmtproto.Header{ChainID: ID, Height: c.Height, Time: c.Time}).CacheContext()
	return ctx
}

// Queries is a connection for query clients.
func (c *Chain) Queries() *baseapp.QueryServiceTestHelper {
	return &baseapp.QueryServiceTestHelper{GRPCQueryRouter: c.App.GRPCQueryRouter(), Ctx: c.Context()}
}

// Events are the attributes of the last block's events of a type, transactions included.
func (c *Chain) Events(name string) []map[string]string {
	all := c.Last.Events
	for _, result := range c.Last.TxResults {
		all = append(all, result.Events...)
	}
	return Find(all, name)
}

// Find returns the attributes of the events of a type.
func Find(events []abci.Event, name string) []map[string]string {
	var found []map[string]string
	for _, event := range events {
		if event.Type == name {
			attributes := map[string]string{}
			for _, it := range event.Attributes {
				attributes[it.Key] = it.Value
			}
			found = append(found, attributes)
		}
	}
	return found
}
