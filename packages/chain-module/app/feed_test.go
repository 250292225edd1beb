package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

func TestFeesAndMintedCoinsReachThePoolInTheNextBlock(t *testing.T) {
	w := newWorld(t)
	before := w.app.BankKeeper.GetBalance(w.Context(), w.pool, testchain.BondDenom)
	w.Deliver("dan", testchain.Execute("dan", w.pool, M{"set_claimer": M{}}))
	w.Block()
	after := w.app.BankKeeper.GetBalance(w.Context(), w.pool, testchain.BondDenom)
	require.True(t, after.Sub(before).Amount.GT(w.Fee.AmountOf(testchain.BondDenom)), "fees and inflation, got %s", after.Sub(before))
	require.NotEmpty(t, testchain.Find(w.Last.Events, "wasm-begin_block"))
	require.Equal(t, w.Height, w.status(w.pool).Height)
	require.Zero(t, w.status(w.pool).Failures)
	w.sound()
}
