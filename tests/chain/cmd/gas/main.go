// Command gas measures the gas table and writes it to gas_table.json and gas_table.md in the current
// folder.
package main

import (
	"fmt"
	"os"

	"cw-distribution/tests/chain/gas"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	table, err := gas.Measure()
	if err != nil {
		return err
	}
	text, err := table.Encode()
	if err != nil {
		return err
	}
	fmt.Print(table.Markdown())
	if err := os.WriteFile("gas_table.json", text, 0o644); err != nil {
		return err
	}
	return os.WriteFile("gas_table.md", []byte(table.Markdown()), 0o644)
}
