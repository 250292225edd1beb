package testchain

import (
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// AccountKey is the key with which an account signs.
func AccountKey(name string) *secp256k1.PrivKey {
	return secp256k1.GenPrivKeyFromSecret([]byte("account of " + name))
}

// ValidatorKey is the key with which a validator votes.
func ValidatorKey(name string) *ed25519.PrivKey {
	return ed25519.GenPrivKeyFromSecret([]byte("consensus key of " + name))
}

// Account is the address of an account.
func Account(name string) sdk.AccAddress { return sdk.AccAddress(AccountKey(name).PubKey().Address()) }

// Operator is the address of a validator that the account operates.
func Operator(name string) sdk.ValAddress { return sdk.ValAddress(Account(name)) }

// Consensus is the address with which a validator votes.
func Consensus(name string) sdk.ConsAddress {
	return sdk.ConsAddress(ValidatorKey(name).PubKey().Address())
}

// ConsensusKey is the public key of a validator's votes.
func ConsensusKey(name string) *ed25519.PubKey { return ValidatorKey(name).PubKey().(*ed25519.PubKey) }
