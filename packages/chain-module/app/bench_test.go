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
// begin blocker alone, with fees of one denom, a pinned contract and all validators signing.
func BenchmarkBeginBlock(b *testing.B) {
	for _, count := range []int{100, 500} {
		genesis := testchain.Genesis{Accounts: []string{"owner"}}
		var votes []abci.VoteInfo
		for n := range count {
			name := fmt.Sprint("validator ", n)
			genesis.Validators = append(genesis.Validators, testchain.Validator{
				Name: name, Power: int64(1000 - n), Commission: math.LegacyNewDecWithPrec(1, 1),
			})
			votes = append(votes, abci.VoteInfo{
				Validator: abci.Validator{Address: testchain.Consensus(name), Power: int64(1000 - n)}, BlockIdFlag: cmtproto.BlockIDFlagCommit,
			})
		}
		b.Run(fmt.Sprint("this module ", count), func(b *testing.B) {
			w := newChain(b, genesis)
			w.pool = w.FeePool("owner", testchain.BondDenom, "uatom")
			ctx := w.Context()
			require.NoError(b, wasmkeeper.NewGovPermissionKeeper(&w.app.WasmKeeper).PinCode(ctx, 1))
			params := w.poolParams()
			params.Routes[0].GasLimit = types.MaxGasLimit
			require.NoError(b, w.app.FeedKeeper.SetParams(ctx, params))
			_, err := wasmkeeper.NewDefaultPermissionKeeper(&w.app.WasmKeeper).Execute(ctx, w.pool,
				testchain.Account("owner"), []byte(`{"activate":{}}`), nil)
			require.NoError(b, err)
			beginBlocks(b, ctx, votes, w.app.BankKeeper, w.app.ModuleManager.Modules[types.ModuleName])
			status, err := w.app.FeedKeeper.Statuses.Get(ctx, w.pool)
			require.NoError(b, err)
			require.Zero(b, status.Failures)
		})
		b.Run(fmt.Sprint("x/distribution ", count), func(b *testing.B) {
			s := newStock(b, genesis)
			beginBlocks(b, s.Context(), votes, s.app.BankKeeper, s.app.ModuleManager.Modules[distrtypes.ModuleName])
		})
	}
}

// beginBlocks runs a begin blocker on the fees of b.N blocks.
func beginBlocks(b *testing.B, ctx sdk.Context, votes []abci.VoteInfo, bank bankkeeper.Keeper, module any) {
	b.Helper()
	ctx = ctx.WithVoteInfos(votes)
	header := ctx.BlockHeader()
	header.ProposerAddress = votes[0].Validator.Address
	ctx = ctx.WithBlockHeader(header)
	block := func() {
		ctx = ctx.WithBlockHeight(ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager())
		require.NoError(b, bank.SendCoinsFromAccountToModule(ctx, testchain.Account("owner"), authtypes.FeeCollectorName,
			sdk.NewCoins(stake(1_000_000))))
		require.NoError(b, module.(appmodule.HasBeginBlocker).BeginBlock(ctx))
	}
	// All powers are told in the first block.
	block()
	block()
	b.ResetTimer()
	for range b.N {
		block()
	}
}
