package node

import (
	"crypto/sha256"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// addressBytes is how many bytes an account's address has.
const addressBytes = 20

// Account returns the address of the account called name: the first 20 bytes of SHA-256 of the
// name. Nobody has a key for it, which is why a Node takes messages without signatures.
func Account(name string) sdk.AccAddress {
	digest := sha256.Sum256([]byte(name))
	return digest[:addressBytes]
}

// Operator returns the operator address with the same bytes as the account called name.
func Operator(name string) sdk.ValAddress {
	return sdk.ValAddress(Account(name))
}

// consensusKey returns the key with which the validator called name signs blocks. It depends on
// the name alone, so that every run has the same keys and the same gas.
func consensusKey(name string) *ed25519.PrivKey {
	return ed25519.GenPrivKeyFromSecret([]byte("consensus key of " + name))
}
