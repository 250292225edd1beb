// Command gas measures the gas table and writes it to gas_table.json and gas_table.md in the current
// folder, and its main rows into the repository's README. Names of contracts as arguments measure
// those only; the others' rows stay as they are. With -tables nothing is measured: the tables for
// people are written from the committed figures.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cw-distribution/tests/chain/gas"
	"cw-distribution/tests/chain/suite"
)

const committed = "gas_table.json"

func main() {
	tables := flag.Bool("tables", false, "measure nothing, and write the tables for people")
	flag.Parse()
	if err := run(flag.Args(), *tables); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(contracts []string, tables bool) error {
	before, err := read()
	if err != nil {
		return err
	}
	if tables {
		return writeTables(before)
	}
	table, err := gas.MeasureOnly(contracts, before)
	if err != nil {
		return err
	}
	text, err := table.Encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(committed, text, 0o644); err != nil {
		return err
	}
	for _, line := range table.Differences(before) {
		fmt.Println(line)
	}
	return writeTables(table)
}

// writeTables writes what is made of the figures for people.
func writeTables(table gas.Table) error {
	if err := os.WriteFile("gas_table.md", []byte(table.Markdown()), 0o644); err != nil {
		return err
	}
	return writeReadme(table)
}

// writeReadme puts the main rows into the repository's README.
func writeReadme(table gas.Table) error {
	path := filepath.Join(suite.Repository(), "README.md")
	readme, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	written, err := table.Readme(string(readme))
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(written), 0o644)
}

// read is the committed table; an empty one when there is none.
func read() (gas.Table, error) {
	text, err := os.ReadFile(committed)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return gas.Decode(text)
}
