package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// What makes the database as large as the real one, in the distribution that the large images are made of.
const (
	largeBucket      = "debian 12"
	advisoriesEach   = 4
	largeBatch       = 5_000
	namesPerAddition = 100
)

// largeFirst writes the small database's text and, for each name, a few advisories with their details; beside them
// details that nothing refers to, as most of the real ones are for any one image.
func largeFirst(path string, contents text, names []string, otherDetails int) error {
	db, err := openNew(path)
	if err != nil {
		return err
	}
	if err := db.Update(func(tx *bolt.Tx) error { return putAll(tx, contents) }); err != nil {
		return err
	}
	for start := 0; start < len(names); start += largeBatch {
		batch := names[start:min(start+largeBatch, len(names))]
		if err := db.Update(func(tx *bolt.Tx) error { return putInvented(tx, batch, start*advisoriesEach) }); err != nil {
			return err
		}
	}
	for start := 0; start < otherDetails; start += largeBatch {
		if err := db.Update(func(tx *bolt.Tx) error { return putOtherDetails(tx, start, min(start+largeBatch, otherDetails)) }); err != nil {
			return err
		}
	}
	return closeSynced(db)
}

// largeSecond changes a copy of the first as the small database changes, and adds an advisory to every hundredth name.
func largeSecond(firstPath, path string, contents text, names []string) error {
	if err := copyFile(firstPath, path); err != nil {
		return err
	}
	db, err := bolt.Open(path, 0o644, &bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	if err := db.Update(func(tx *bolt.Tx) error { return contents.Second.putInto(tx, names) }); err != nil {
		return err
	}
	return closeSynced(db)
}

func (c changes) putInto(tx *bolt.Tx, names []string) error {
	for _, withdrawn := range c.Withdrawn {
		advisories := tx.Bucket([]byte(withdrawn.Bucket)).Bucket([]byte(withdrawn.Package))
		if err := advisories.Delete([]byte(withdrawn.ID)); err != nil {
			return err
		}
	}
	for _, added := range c.Added {
		if err := put(tx, []string{added.Bucket, added.Package}, added.ID, added.Advisory); err != nil {
			return err
		}
	}
	for id, detail := range c.Vulnerabilities {
		if err := put(tx, []string{"vulnerability"}, id, detail); err != nil {
			return err
		}
	}
	for index := 0; index < len(names); index += namesPerAddition {
		if err := putAdvisory(tx, names[index], fmt.Sprintf("CVE-2097-%06d", index), hopeless); err != nil {
			return err
		}
	}
	return nil
}

func openNew(path string) (*bolt.DB, error) {
	if err := os.RemoveAll(path); err != nil {
		return nil, err
	}
	return bolt.Open(path, 0o644, &bolt.Options{PageSize: pageSize, NoSync: true})
}

func closeSynced(db *bolt.DB) error {
	if err := db.Sync(); err != nil {
		return err
	}
	return db.Close()
}

func putInvented(tx *bolt.Tx, names []string, firstNumber int) error {
	for index, name := range names {
		for advisory := range advisoriesEach {
			id := fmt.Sprintf("CVE-2098-%06d", firstNumber+index*advisoriesEach+advisory)
			if err := putAdvisory(tx, name, id, inventedAdvisory(id)); err != nil {
				return err
			}
		}
	}
	return nil
}

func putAdvisory(tx *bolt.Tx, name, id string, advisory json.RawMessage) error {
	if err := put(tx, []string{largeBucket, name}, id, advisory); err != nil {
		return err
	}
	return put(tx, []string{"vulnerability"}, id, inventedDetail(id, name))
}

func putOtherDetails(tx *bolt.Tx, start, end int) error {
	for number := start; number < end; number++ {
		id := fmt.Sprintf("CVE-2099-1%06d", number)
		if err := put(tx, []string{"vulnerability"}, id, inventedDetail(id, "elsewhere")); err != nil {
			return err
		}
	}
	return nil
}

var hopeless = json.RawMessage(`{"FixedVersion":"99:1"}`)

// inventedAdvisory concerns every version that is in use in half of all cases, with a remedy or without one; the
// others were remedied long ago.
func inventedAdvisory(id string) json.RawMessage {
	switch dice(id, "advisory") % 8 {
	case 0, 1:
		return hopeless
	case 2:
		return json.RawMessage(`{"Severity":1,"Status":2}`)
	case 3:
		return json.RawMessage(`{"Status":5}`)
	}
	return json.RawMessage(`{"FixedVersion":"0~1"}`)
}

type inventedSeverity struct {
	upTo  uint32
	name  string
	level int
	score float64
}

// Of a hundred, as the real ones are spread.
var inventedSeverities = []inventedSeverity{
	{4, "CRITICAL", 4, 9.8}, {24, "HIGH", 3, 7.5}, {74, "MEDIUM", 2, 5.3}, {100, "LOW", 1, 3.1},
}

// inventedDetail is as long as the real ones are, so that two fill a page.
func inventedDetail(id, name string) json.RawMessage {
	roll := dice(id, "severity") % 100
	at := slices.IndexFunc(inventedSeverities, func(s inventedSeverity) bool { return roll < s.upTo })
	severity := inventedSeverities[at]
	references := make([]string, 9)
	for index := range references {
		references[index] = fmt.Sprintf("https://registry.example/advisories/%s/source-%02d-of-what-is-known", id, index)
	}
	detail, err := json.Marshal(map[string]any{
		"Title":            fmt.Sprintf("%s: crafted input number %d leads to more than it should", name, dice(id, "title")),
		"Description":      strings.Repeat(fmt.Sprintf("In %s a length is not checked before it is used (%s). ", name, id), 8),
		"Severity":         severity.name,
		"VendorSeverity":   map[string]int{"nvd": severity.level},
		"CVSS":             map[string]any{"nvd": map[string]any{"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "V3Score": severity.score}},
		"CweIDs":           []string{"CWE-125", "CWE-787"},
		"References":       references,
		"PublishedDate":    "2026-01-15T00:00:00Z",
		"LastModifiedDate": "2026-02-01T00:00:00Z",
	})
	if err != nil {
		panic(err)
	}
	return detail
}

// dice is the same for the same words.
func dice(words ...string) uint32 {
	hash := fnv.New32a()
	for _, word := range words {
		hash.Write([]byte(word))
	}
	return hash.Sum32()
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		target.Close()
		return err
	}
	return target.Close()
}

func readNames(path string) ([]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	names := strings.Fields(string(raw))
	slices.Sort(names)
	return slices.Compact(names), nil
}

func makeLarge(textPath, namesPath, otherDetails, directory string) error {
	details, err := strconv.Atoi(otherDetails)
	if err != nil {
		return err
	}
	contents, err := readText(textPath)
	if err != nil {
		return err
	}
	names, err := readNames(namesPath)
	if err != nil {
		return err
	}
	first := filepath.Join(directory, "generation-1.db")
	if err := largeFirst(first, contents, names, details); err != nil {
		return err
	}
	return largeSecond(first, filepath.Join(directory, "generation-2.db"), contents, names)
}
