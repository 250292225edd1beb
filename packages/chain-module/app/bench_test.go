package app_test

import (
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/core/appmodule"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"

	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

// BenchmarkBeginBlock is the part of a block that splits its fees, here and in x/distribution: the
// begin blocker alone, with fees of one denom, a pinned contract and all validators signing. Beside the time it
// reports how often a block reads and writes the state.
func BenchmarkBeginBlock(b *testing.B) {
	for _, count := range []int{10, 100, 500, 1000} {
		b.Run(fmt.Sprint("this module ", count), func(b *testing.B) { newModuleSplitter(b, count).measure(b) })
		b.Run(fmt.Sprint("x/distribution ", count), func(b *testing.B) { newStockSplitter(b, count).measure(b) })
	}
}

func TestABlockTouchesTheStateAsOftenForAnyNumberOfValidators(t *testing.T) {
	few, many := newModuleSplitter(t, 10), newModuleSplitter(t, 100)
	require.Equal(t, few.operations(), many.operations())
	require.Less(t, many.operations().reads, newStockSplitter(t, 100).operations().reads/10)
}

// splitter runs the begin blocker of a module that splits fees.
type splitter struct {
	t      testing.TB
	ctx    sdk.Context
	bank   bankkeeper.Keeper
	module appmodule.HasBeginBlocker
	// check requires that the last block was split.
	check func()
}

// manyValidators are validators and their votes for the last block.
func manyValidators(count int) (testchain.Genesis, []abci.VoteInfo) {
	genesis := testchain.Genesis{Accounts: []string{"owner"}}
	var votes []abci.VoteInfo
	for n := range count {
		name, power := fmt.Sprint("validator ", n), int64(1000-n)
		genesis.Validators = append(genesis.Validators, testchain.Validator{
			Name: name, Power: power, Commission: math.LegacyNewDecWithPrec(1, 1),
		})
		votes = append(votes, abci.VoteInfo{
			Validator: abci.Validator{Address: testchain.Consensus(name), Power: power}, BlockIdFlag: cmtproto.BlockIDFlagCommit,
		})
	}
	return genesis, votes
}

func newModuleSplitter(t testing.TB, count int) *splitter {
	t.Helper()
	genesis, votes := manyValidators(count)
	w := newChain(t, genesis)
	w.pool = w.FeePool("owner", testchain.BondDenom, "uatom")
	ctx := w.Context()
	require.NoError(t, wasmkeeper.NewGovPermissionKeeper(&w.app.WasmKeeper).PinCode(ctx, 1))
	params := w.poolParams()
	params.Routes[0].GasLimit = types.MaxGasLimit
	require.NoError(t, w.app.FeedKeeper.SetParams(ctx, params))
	_, err := wasmkeeper.NewDefaultPermissionKeeper(&w.app.WasmKeeper).Execute(ctx, w.pool,
		testchain.Account("owner"), []byte(`{"activate":{}}`), nil)
	require.NoError(t, err)
	s := &splitter{
		t: t, ctx: ctx, bank: w.app.BankKeeper, module: w.app.ModuleManager.Modules[types.ModuleName].(appmodule.HasBeginBlocker),
	}
	s.check = func() {
		status, err := w.app.FeedKeeper.Statuses.Get(s.ctx, w.pool)
		require.NoError(t, err)
		require.Zero(t, status.Failures)
		require.Equal(t, s.ctx.BlockHeight(), status.Height)
	}
	s.start(votes)
	return s
}

func newStockSplitter(t testing.TB, count int) *splitter {
	t.Helper()
	genesis, votes := manyValidators(count)
	stock := newStock(t, genesis)
	s := &splitter{
		t: t, ctx: stock.Context(), bank: stock.app.BankKeeper,
		module: stock.app.ModuleManager.Modules[distrtypes.ModuleName].(appmodule.HasBeginBlocker), check: func() {},
	}
	s.start(votes)
	return s
}

// start makes two blocks: all powers are told in the first one.
func (s *splitter) start(votes []abci.VoteInfo) {
	header := s.ctx.BlockHeader()
	header.ProposerAddress = votes[0].Validator.Address
	s.ctx = s.ctx.WithBlockHeader(header).WithVoteInfos(votes)
	for range 2 {
		s.collect()
		s.begin()
	}
	s.check()
}

// collect has the next block's fees collected.
func (s *splitter) collect() {
	s.ctx = s.ctx.WithBlockHeight(s.ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager())
	require.NoError(s.t, s.bank.SendCoinsFromAccountToModule(s.ctx, testchain.Account("owner"), authtypes.FeeCollectorName,
		sdk.NewCoins(stake(1_000_000))))
}

func (s *splitter) begin() { require.NoError(s.t, s.module.BeginBlock(s.ctx)) }

// operations counts those of a block.
func (s *splitter) operations() operations {
	s.collect()
	var count operations
	uncounted := s.ctx
	s.ctx = counted(s.ctx, &count)
	s.begin()
	s.ctx = uncounted
	s.check()
	return count
}

// measure times b.N blocks.
func (s *splitter) measure(b *testing.B) {
	b.Helper()
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		s.collect()
		b.StartTimer()
		s.begin()
	}
	b.StopTimer()
	s.check()
	count := s.operations()
	b.ReportMetric(float64(count.reads), "reads/block")
	b.ReportMetric(float64(count.writes), "writes/block")
}
