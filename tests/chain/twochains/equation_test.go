package twochains

import (
	"encoding/json"
	"math/big"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	protocolpooltypes "github.com/cosmos/cosmos-sdk/x/protocolpool/types"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// pointsPerCoin is how many points of the contracts' ledgers are a base unit.
var pointsPerCoin = new(big.Int).Exp(big.NewInt(10), big.NewInt(36), nil)

// points are those of whole coins.
func points(coins math.Int) *big.Int { return new(big.Int).Mul(coins.BigInt(), pointsPerCoin) }

// ledger is what a contract says that it owes of a denom, by class, in points.
type ledger map[string]*big.Int

func (l ledger) sum() *big.Int {
	sum := new(big.Int)
	for _, owed := range l {
		sum.Add(sum, owed)
	}
	return sum
}

// ledger asks a contract. What it has and does not owe, or owes and does not have, is an error: on these chains all
// that has come in is split in the same block.
func (s *side) ledger(contract sdk.AccAddress, denom string) ledger {
	s.t.Helper()
	outcome, err := s.Query(contract, []byte(`{"invariants":{}}`))
	require.NoError(s.t, err)
	var answer struct {
		Denoms []struct {
			Asset struct {
				Native string `json:"native"`
			} `json:"asset"`
			Liabilities []struct {
				Class  string `json:"class"`
				Points string `json:"points"`
			} `json:"liabilities"`
			Difference string `json:"difference"`
		} `json:"denoms"`
	}
	require.NoError(s.t, json.Unmarshal(outcome.Data, &answer))
	found := ledger{}
	for _, it := range answer.Denoms {
		if it.Asset.Native != denom {
			continue
		}
		require.Equal(s.t, "0", it.Difference, "%s of %s", denom, contract)
		for _, liability := range it.Liabilities {
			owed, ok := new(big.Int).SetString(liability.Points, 10)
			require.True(s.t, ok)
			found[liability.Class] = owed
		}
	}
	return found
}

// inFlight is what has left the consumer and has not arrived: what is in escrow and has no voucher.
func (w *world) inFlight(denom string) math.Int {
	escrow := transfertypes.GetEscrowAddress(transfertypes.PortID, transferChannel)
	supply := w.provider.App.BankKeeper.GetSupply(w.provider.Context(), voucher(denom)).Amount
	return w.consumer.balance(escrow, denom).Sub(supply)
}

// requireEquation requires of each denom, in points:
//
//	fees = consumer part + holding pools + pending + unit + in flight + provider contract + payments + community
//
// Fees, consumer part, payments and the community's part are also those of the model.
func (w *world) requireEquation(when string) {
	w.t.Helper()
	for _, denom := range denoms {
		fees := plenty.Sub(w.consumer.balance(node.Account(pool.Funder), denom))
		require.Equal(w.t, w.model.fees[denom].String(), fees.String(), "%s: fees in %s", when, denom)
		waiting := w.consumer.balance(authtypes.NewModuleAddress(authtypes.FeeCollectorName), denom)
		require.Equal(w.t, "0", waiting.String(), "%s: the module sends all fees in %s", when, denom)

		ownPart := w.ownPart(denom)
		require.Equal(w.t, points(w.model.consumer[denom]).String(), ownPart.String(), "%s: consumer part in %s", when, denom)
		payments, community := w.payments(denom), w.community(denom)
		paid := new(big.Int).Add(payments, community)
		foreseen := points(w.model.paid[denom].Add(w.model.community[denom]))
		require.Equal(w.t, foreseen.String(), paid.String(), "%s: payments in %s", when, denom)
		// A fee pool gives its community the fraction that a delegation leaves behind.
		fractions := new(big.Int).Sub(community, points(w.model.community[denom]))
		require.True(w.t, fractions.Sign() >= 0 && fractions.Cmp(points(math.NewInt(w.provider.left))) <= 0,
			"%s: community has %s more points of %s", when, fractions, denom)

		sum := new(big.Int).Add(ownPart, payments)
		sum.Add(sum, community)
		sum.Add(sum, w.consumer.ledger(w.holdingPools(), denom).sum())
		sum.Add(sum, points(w.inFlight(denom)))
		sum.Add(sum, w.provider.ledger(w.pair.Provider.Address, voucher(denom)).sum())
		require.Equal(w.t, points(fees).String(), sum.String(), "%s: all of %s is somewhere", when, denom)
	}
}

// ownPart is what the consumer's own fee pool owes, its community pool included, and has paid.
func (w *world) ownPart(denom string) *big.Int {
	owed := w.consumer.ledger(w.consumer.pool.Address, denom).sum()
	return owed.Add(owed, points(w.consumer.paid(denom)))
}

// payments is what the provider's target owes to validators and delegators, and has paid.
func (w *world) payments(denom string) *big.Int {
	owed := new(big.Int)
	if w.provider.pool != nil {
		owed = w.provider.ledger(w.provider.pool.Address, voucher(denom)).sum()
		owed.Sub(owed, w.community(denom))
	} else {
		owed = points(w.provider.balance(authtypes.NewModuleAddress(distrtypes.ModuleName), voucher(denom)))
		require.Equal(w.t, owed.String(), w.nativelyOwed(denom).String(), "x/distribution owes what it has of %s", denom)
	}
	return owed.Add(owed, points(w.provider.paid(voucher(denom))))
}

// community is what the provider's community pool has received.
func (w *world) community(denom string) *big.Int {
	if w.provider.pool != nil {
		return w.provider.ledger(w.provider.pool.Address, voucher(denom))["community_pool"]
	}
	return points(w.provider.balance(authtypes.NewModuleAddress(protocolpooltypes.ModuleName), voucher(denom)))
}

// nativelyOwed is what x/distribution owes to validators and delegators. Fractions that withdrawals drop are the community's
// there too, but stay with it.
func (w *world) nativelyOwed(denom string) *big.Int {
	distribution, ctx := w.provider.App.DistrKeeper, w.provider.Context()
	pool, err := distribution.FeePool.Get(ctx)
	require.NoError(w.t, err)
	owed := pool.CommunityPool.AmountOf(voucher(denom))
	distribution.IterateValidatorOutstandingRewards(ctx, func(_ sdk.ValAddress, it distrtypes.ValidatorOutstandingRewards) bool {
		owed = owed.Add(it.Rewards.AmountOf(voucher(denom)))
		return false
	})
	// It has 18 places, points have 36.
	places := new(big.Int).Exp(big.NewInt(10), big.NewInt(36-math.LegacyPrecision), nil)
	return places.Mul(places, owed.BigInt())
}
