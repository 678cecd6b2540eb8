// Command generator makes the small vulnerability databases of the tests from their source text, makes databases of
// real size, and prints what a database holds.
//
//	generator make <advisories.json> <directory>
//		writes generation-1.db and generation-2.db
//	generator large <advisories.json> <names> <details> <directory>
//		the same with invented advisories for each name in a file, and so many details that nothing refers to
//	generator dump <trivy.db>
//		prints all buckets as JSON, keys sorted
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "make":
		return makeGenerations(args[1], args[2])
	case len(args) == 5 && args[0] == "large":
		return makeLarge(args[1], args[2], args[3], args[4])
	case len(args) == 2 && args[0] == "dump":
		return dump(args[1])
	}
	return fmt.Errorf("usage: generator make <advisories.json> <directory> | " +
		"large <advisories.json> <names> <details> <directory> | dump <trivy.db>")
}

func makeGenerations(textPath, directory string) error {
	first, err := readText(textPath)
	if err != nil {
		return err
	}
	if err := writeDatabase(filepath.Join(directory, "generation-1.db"), first); err != nil {
		return err
	}
	second, err := first.secondGeneration()
	if err != nil {
		return err
	}
	return writeDatabase(filepath.Join(directory, "generation-2.db"), second)
}

func dump(path string) error {
	contents, err := readDatabase(path)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(contents)
}
