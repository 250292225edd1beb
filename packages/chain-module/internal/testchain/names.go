package testchain

import (
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

func accountKey(name string) *secp256k1.PrivKey {
	return secp256k1.GenPrivKeyFromSecret([]byte("account of " + name))
}

func consensusKey(name string) *ed25519.PrivKey {
	return ed25519.GenPrivKeyFromSecret([]byte("consensus key of " + name))
}

// Account is the address of an account.
func Account(name string) sdk.AccAddress { return sdk.AccAddress(accountKey(name).PubKey().Address()) }

// Operator is the address of a validator that the account operates.
func Operator(name string) sdk.ValAddress { return sdk.ValAddress(Account(name)) }

// Consensus is the address with which a validator votes.
func Consensus(name string) sdk.ConsAddress {
	return sdk.ConsAddress(consensusKey(name).PubKey().Address())
}

// ConsensusKey is the key with which a validator votes.
func ConsensusKey(name string) *ed25519.PubKey { return consensusKey(name).PubKey().(*ed25519.PubKey) }
