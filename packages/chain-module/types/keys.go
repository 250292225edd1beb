// Package types has the module's messages, params and state, and what it expects of other modules.
package types

import "cosmossdk.io/collections"

const (
	// ModuleName is the name of the module, and of its store.
	ModuleName = "cwdistribution"
	// StoreKey is the name of the module's store.
	StoreKey = ModuleName
)

// Prefixes of the store.
var (
	ParamsKey           = collections.NewPrefix(0)
	ToldKey             = collections.NewPrefix(1)
	StatusKey           = collections.NewPrefix(2)
	PreviousProposerKey = collections.NewPrefix(3)
)
