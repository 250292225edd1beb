// Package scenario plays scenario files on real wasmd chains: the same JSON files that `cargo
// scenario` plays on embedded ones, with the same outcome and the gas of every step.
//
// # The file
//
// A file has name, chains, steps and, when it lists its accounts, accounts. A step is an object with
// one key that says what it does (instantiate, execute, sudo, query, migrate, send, balance,
// advance, validator, delegation, block_account; between chains connect, transfer_channel,
// open_channel, transfer, relay, expire_client, close_channel) and, beside it, chain, expect, error and save. Keys, names and
// expectations are those of the Rust module testkit::scenario, which documents each of them. What is
// wrong with a file is an [Error] with its place.
//
// # What a real chain does otherwise
//
//   - The prefix of a chain must be cosmos: wasmd has one address prefix in a process.
//   - validator and delegation set the real x/staking: the validator exists there unbonded, with
//     its commission, and a delegation has one share per token. It has no voting power, and
//     x/distribution owes it nothing.
//   - hook_denom is an error of [ErrEmbeddedOnly]: stock wasmd calls no contract when coins move.
//   - Packets are relayed with proofs of committed state by package ibc, each message with its gas.
//   - Contract addresses have 32 bytes, and heights begin at 1.
//   - The chain's own modules have their error texts: an error should name what both say.
package scenario

import (
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// File is a scenario.
type File struct {
	// Name is what it is about.
	Name string
	// Accounts are the names that are accounts; with Strict every other one is an error.
	Accounts []string
	Strict   bool
	// Chains by name, at least one.
	Chains map[string]Chain
	// Steps in order.
	Steps []Step
}

// Chain is how a chain begins.
type Chain struct {
	Prefix   string
	Time     time.Time
	Balances map[string][]Coin
	// Callbacks says whether contracts are called when coins arrive from another chain or come back.
	Callbacks bool
}

// Coin is an amount of a denom as a file writes it, which may be ibc: and a trace.
type Coin struct {
	Amount math.Int
	Denom  string
}

// Step is one thing that happens, and what is expected of it.
type Step struct {
	// Chain is where; empty for the only one.
	Chain string
	// Kind is the key that says what it does.
	Kind string
	// Do is what it does, one of the actions below.
	Do any
	// Expect is what the result must contain, when HasExpect.
	Expect    any
	HasExpect bool
	// Error must be in the text with which the step fails, when HasError.
	Error    string
	HasError bool
	// Save holds JSON pointers into the result by the name to keep the value as.
	Save map[string]string
}

// Instantiate makes a contract.
type Instantiate struct {
	Name, Code, Sender string
	Msg                any
	Funds              []Coin
	// Admin is empty for nobody.
	Admin string
}

// Execute sends a message to a contract.
type Execute struct {
	Contract, Sender string
	Msg              any
	Funds            []Coin
}

// Sudo calls a contract as the chain itself.
type Sudo struct {
	Contract string
	Msg      any
}

// Query asks a contract.
type Query struct {
	Contract string
	Msg      any
}

// Migrate replaces a contract's code.
type Migrate struct {
	Contract, Code, Sender string
	Msg                    any
}

// Send moves coins.
type Send struct {
	From, To string
	Amount   []Coin
}

// Balance asks what somebody has.
type Balance struct {
	Of, Denom string
}

// Advance lets blocks and time pass.
type Advance struct {
	Blocks  uint64
	Seconds uint64
}

// Validator sets what staking says about a validator. Rates that are nil stay as they are.
type Validator struct {
	Name                     string
	Exists                   bool
	Rate, MaxRate, MaxChange *math.LegacyDec
}

// Delegation sets what staking says about a delegation.
type Delegation struct {
	Delegator, Validator string
	Tokens               math.Int
}

// BlockAccount makes the bank refuse what is sent to somebody, or take it again.
type BlockAccount struct {
	Name    string
	Blocked bool
}

// HookDenom would make the bank call a contract before it sends a denom, which no stock wasmd does.
type HookDenom struct{}

// coins are real coins, sorted and without zeros.
func coins(list []Coin) (sdk.Coins, error) {
	var sum sdk.Coins
	for _, coin := range list {
		denom, err := resolveDenom(coin.Denom)
		if err != nil {
			return nil, err
		}
		sum = sum.Add(sdk.NewCoin(denom, coin.Amount))
	}
	return sum, nil
}
