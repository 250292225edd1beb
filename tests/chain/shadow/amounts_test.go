package shadow

import (
	"math/big"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/pool"
)

// denomCount is how many denoms fees have.
const denomCount = 2

// denoms are those of the fees: one with amounts like those of a token of 6 decimals, one of 18.
var denoms = pool.Denoms(denomCount)

// amounts are exact base units of each denom.
type amounts [denomCount]big.Rat

func (a *amounts) add(b *amounts) {
	for denom := range a {
		a[denom].Add(&a[denom], &b[denom])
	}
}

// minus is a - b.
func (a *amounts) minus(b *amounts) *amounts {
	var difference amounts
	for denom := range a {
		difference[denom].Sub(&a[denom], &b[denom])
	}
	return &difference
}

// times is a * factor.
func (a *amounts) times(factor *big.Rat) *amounts {
	var product amounts
	for denom := range a {
		product[denom].Mul(&a[denom], factor)
	}
	return &product
}

// whole is a without fractions.
func (a *amounts) whole() *amounts {
	var floors amounts
	for denom := range a {
		// Quo truncates, and amounts are not negative.
		floors[denom].SetInt(new(big.Int).Quo(a[denom].Num(), a[denom].Denom()))
	}
	return &floors
}

func (a *amounts) isZero() bool {
	for denom := range a {
		if a[denom].Sign() != 0 {
			return false
		}
	}
	return true
}

func (a *amounts) equal(b *amounts) bool { return a.minus(b).isZero() }

// String shows each denom's amount with 18 places.
func (a *amounts) String() string {
	text := ""
	for denom, name := range denoms {
		text += a[denom].FloatString(18) + " " + name[:3] + " "
	}
	return text
}

// exactly is a decimal of the SDK as a rational number.
func exactly(dec math.LegacyDec) *big.Rat { return new(big.Rat).SetFrac(dec.BigInt(), pow10(18)) }

func pow10(places int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(places), nil) }

// decimals are amounts with the 18 places of x/distribution.
type decimals [denomCount]math.LegacyDec

// none are zeros.
func none() decimals {
	var zeros decimals
	for denom := range zeros {
		zeros[denom] = math.LegacyZeroDec()
	}
	return zeros
}

// with has what does of both amounts of each denom.
func (d decimals) with(other decimals, do func(mine, others math.LegacyDec) math.LegacyDec) decimals {
	var results decimals
	for denom := range d {
		results[denom] = do(d[denom], other[denom])
	}
	return results
}

func (d decimals) plus(other decimals) decimals  { return d.with(other, math.LegacyDec.Add) }
func (d decimals) minus(other decimals) decimals { return d.with(other, math.LegacyDec.Sub) }
func (d decimals) least(other decimals) decimals { return d.with(other, math.LegacyMinDec) }

// each has what does of each amount.
func (d decimals) each(do func(math.LegacyDec) math.LegacyDec) decimals {
	var results decimals
	for denom := range d {
		results[denom] = do(d[denom])
	}
	return results
}

func (d decimals) whole() decimals { return d.each(math.LegacyDec.TruncateDec) }

func (d decimals) isZero() bool {
	for denom := range d {
		if !d[denom].IsZero() {
			return false
		}
	}
	return true
}

func (d decimals) exactly() *amounts {
	var found amounts
	for denom := range d {
		found[denom].Set(exactly(d[denom]))
	}
	return &found
}

func decimalsOf(coins sdk.DecCoins) decimals {
	var found decimals
	for denom, name := range denoms {
		found[denom] = coins.AmountOf(name)
	}
	return found
}

func amountsOf(coins sdk.Coins) *amounts {
	return decimalsOf(sdk.NewDecCoinsFromCoins(coins...)).exactly()
}
