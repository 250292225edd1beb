// Command chaind is the node of the small application in app/: its fees are split by a contract.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"

	"github.com/cw-distribution/chain-module/app"
)

func main() {
	home, err := os.UserHomeDir()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	home = filepath.Join(home, "."+app.Name)
	root, err := newRootCommand(home)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := svrcmd.Execute(root, "", home); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
