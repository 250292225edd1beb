// Package node drives one stock wasmd app over ABCI.
package node

import (
	_ "github.com/CosmWasm/wasmd/app"
)
