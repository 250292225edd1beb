package twochains

import (
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"

	"cw-distribution/tests/chain/ibc"
)

// unit is what the consumer says of one to the provider.
type unit struct {
	denom   string
	epoch   int
	amount  math.Int
	weights map[string]*big.Int
}

// weighed reads the units of packets with weights. All fit into one chunk here.
func weighed(t testing.TB, relayed []ibc.Relayed) []unit {
	t.Helper()
	var units []unit
	for _, it := range relayed {
		if it.Message != ibc.Receive || it.SourcePort == transfertypes.PortID {
			continue
		}
		var packet struct {
			Weights struct {
				Epoch   int         `json:"epoch"`
				Denom   string      `json:"denom"`
				Amount  math.Int    `json:"amount"`
				Chunks  int         `json:"chunks"`
				Entries [][2]string `json:"entries"`
			} `json:"weights"`
		}
		require.NoError(t, json.Unmarshal(it.Data, &packet))
		said := packet.Weights
		require.Equal(t, 1, said.Chunks)
		weights := map[string]*big.Int{}
		for _, entry := range said.Entries {
			weight, ok := new(big.Int).SetString(entry[1], 10)
			require.True(t, ok)
			weights[entry[0]] = weight
		}
		units = append(units, unit{said.Denom, said.Epoch, said.Amount, weights})
	}
	require.Len(t, units, len(denoms))
	return units
}

// model is what should become of the fees, in whole coins as far as the contracts split whole coins, and exactly
// beyond them.
type model struct {
	// fees were collected; consumer is the consumer's own part of them.
	fees, consumer map[string]math.Int
	// carry is what a unit's division has left for the next one.
	carry map[string]math.Int
	// paid went to validators of the provider; claims are the exact parts of its stakers in that. What is for no
	// validator is the community's.
	paid, community map[string]math.Int
	claims          map[string]map[string]*big.Rat
}

func newModel() *model {
	m := &model{
		fees: map[string]math.Int{}, consumer: map[string]math.Int{}, carry: map[string]math.Int{},
		paid: map[string]math.Int{}, community: map[string]math.Int{}, claims: map[string]map[string]*big.Rat{},
	}
	for _, denom := range denoms {
		m.fees[denom], m.consumer[denom] = math.ZeroInt(), math.ZeroInt()
		m.carry[denom], m.paid[denom], m.community[denom] = math.ZeroInt(), math.ZeroInt(), math.ZeroInt()
		m.claims[denom] = map[string]*big.Rat{}
	}
	return m
}

// ownPart are the three quarters of a block's fees that are the consumer's own, rounded down.
func ownPart(fees math.Int) math.Int { return fees.MulRaw(3).QuoRaw(4) }

// collected are the fees of one block.
func (m *model) collected(denom string, amount math.Int) {
	m.fees[denom] = m.fees[denom].Add(amount)
	m.consumer[denom] = m.consumer[denom].Add(ownPart(amount))
}

// probed takes the two coins of the probe. One has arrived and joins the first unit. The other one came back as the fees
// of a block, of which the consumer's part is none.
func (m *model) probed() {
	m.collected(denoms[0], math.OneInt())
	m.fees[denoms[0]] = m.fees[denoms[0]].AddRaw(1)
	m.carry[denoms[0]] = math.OneInt()
}

// pay splits a unit: among the validators that the provider knows by weight, and what each gets among its operator
// and its delegators as they are now.
func (m *model) pay(provider *side, it unit) {
	t, denom := provider.t, it.denom
	qualified := new(big.Int)
	validators := map[string]stakingtypes.Validator{}
	for address, weight := range it.weights {
		operator, err := sdk.ValAddressFromBech32(address)
		require.NoError(t, err)
		validator, err := provider.App.StakingKeeper.GetValidator(provider.Context(), operator)
		if errors.Is(err, stakingtypes.ErrNoValidatorFound) {
			continue
		}
		require.NoError(t, err)
		validators[address] = validator
		qualified.Add(qualified, weight)
	}
	tokens := it.amount.Add(m.carry[denom])
	if len(validators) == 0 {
		m.carry[denom] = math.ZeroInt()
		m.community[denom] = m.community[denom].Add(tokens)
		return
	}
	m.carry[denom] = tokens
	for address, validator := range validators {
		product := new(big.Int).Mul(tokens.BigInt(), it.weights[address])
		part := math.NewIntFromBigInt(product.Quo(product, qualified))
		m.carry[denom] = m.carry[denom].Sub(part)
		m.paid[denom] = m.paid[denom].Add(part)
		m.split(provider, denom, validator, part)
	}
}

// split gives a validator's operator its commission, and its delegators the other part by their shares.
func (m *model) split(provider *side, denom string, validator stakingtypes.Validator, part math.Int) {
	operator, err := sdk.ValAddressFromBech32(validator.OperatorAddress)
	require.NoError(provider.t, err)
	all := new(big.Rat).SetInt(part.BigInt())
	m.claim(denom, sdk.AccAddress(operator).String(), new(big.Rat).Mul(all, big.NewRat(commission, 100)))
	delegations, err := provider.App.StakingKeeper.GetValidatorDelegations(provider.Context(), operator)
	require.NoError(provider.t, err)
	shared := new(big.Rat).Mul(all, big.NewRat(100-commission, 100))
	for _, it := range delegations {
		share := new(big.Rat).SetFrac(it.Shares.BigInt(), validator.DelegatorShares.BigInt())
		m.claim(denom, it.DelegatorAddress, share.Mul(share, shared))
	}
}

func (m *model) claim(denom, account string, more *big.Rat) {
	claim, known := m.claims[denom][account]
	if !known {
		claim = new(big.Rat)
		m.claims[denom][account] = claim
	}
	claim.Add(claim, more)
}
