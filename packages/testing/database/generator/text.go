package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
)

// text is the readable form of a database. Advisories, details and sources are kept as Trivy reads them.
type text struct {
	Buckets         []bucket                   `json:"buckets"`
	Vulnerabilities map[string]json.RawMessage `json:"vulnerabilities"`
	Second          changes                    `json:"secondGeneration"`
}

type bucket struct {
	Name       string                                `json:"name"`
	DataSource json.RawMessage                       `json:"dataSource"`
	Packages   map[string]map[string]json.RawMessage `json:"packages"`
}

// changes lead from one generation to the next.
type changes struct {
	Added           []change                   `json:"added"`
	Withdrawn       []change                   `json:"withdrawn"`
	Vulnerabilities map[string]json.RawMessage `json:"vulnerabilities"`
}

type change struct {
	Bucket   string          `json:"bucket"`
	Package  string          `json:"package"`
	ID       string          `json:"id"`
	Advisory json.RawMessage `json:"advisory"`
}

func readText(path string) (text, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return text{}, err
	}
	var read text
	if err := json.Unmarshal(raw, &read); err != nil {
		return text{}, fmt.Errorf("%s: %w", path, err)
	}
	return read, nil
}

// secondGeneration applies the changes in place.
func (t text) secondGeneration() (text, error) {
	for _, added := range t.Second.Added {
		advisories, err := t.advisoriesOf(added)
		if err != nil {
			return text{}, err
		}
		advisories[added.ID] = added.Advisory
	}
	for _, withdrawn := range t.Second.Withdrawn {
		advisories, err := t.advisoriesOf(withdrawn)
		if err != nil {
			return text{}, err
		}
		delete(advisories, withdrawn.ID)
	}
	maps.Copy(t.Vulnerabilities, t.Second.Vulnerabilities)
	return t, nil
}

func (t text) advisoriesOf(c change) (map[string]json.RawMessage, error) {
	for _, b := range t.Buckets {
		if advisories, found := b.Packages[c.Package]; found && b.Name == c.Bucket {
			return advisories, nil
		}
	}
	return nil, fmt.Errorf("a change names %q in %q, which the text does not have", c.Package, c.Bucket)
}
