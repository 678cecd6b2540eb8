package main

import (
	"bytes"
	"encoding/json"
	"os"

	bolt "go.etcd.io/bbolt"
)

const pageSize = 4096

func writeDatabase(path string, contents text) error {
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	db, err := bolt.Open(path, 0o644, &bolt.Options{PageSize: pageSize})
	if err != nil {
		return err
	}
	if err := db.Update(func(tx *bolt.Tx) error { return putAll(tx, contents) }); err != nil {
		return err
	}
	return db.Close()
}

func putAll(tx *bolt.Tx, contents text) error {
	for _, b := range contents.Buckets {
		if err := put(tx, []string{"data-source"}, b.Name, b.DataSource); err != nil {
			return err
		}
		for name, advisories := range b.Packages {
			for id, advisory := range advisories {
				if err := put(tx, []string{b.Name, name}, id, advisory); err != nil {
					return err
				}
			}
		}
	}
	for id, detail := range contents.Vulnerabilities {
		if err := put(tx, []string{"vulnerability"}, id, detail); err != nil {
			return err
		}
	}
	return nil
}

func put(tx *bolt.Tx, path []string, key string, value json.RawMessage) error {
	target, err := tx.CreateBucketIfNotExists([]byte(path[0]))
	for _, name := range path[1:] {
		if err == nil {
			target, err = target.CreateBucketIfNotExists([]byte(name))
		}
	}
	if err != nil {
		return err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, value); err != nil {
		return err
	}
	return target.Put([]byte(key), compact.Bytes())
}

func readDatabase(path string) (map[string]any, error) {
	db, err := bolt.Open(path, 0o444, &bolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	contents := map[string]any{}
	err = db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			read, err := readBucket(b)
			contents[string(name)] = read
			return err
		})
	})
	return contents, err
}

func readBucket(b *bolt.Bucket) (map[string]any, error) {
	contents := map[string]any{}
	err := b.ForEach(func(key, value []byte) error {
		if value == nil {
			nested, err := readBucket(b.Bucket(key))
			contents[string(key)] = nested
			return err
		}
		contents[string(key)] = json.RawMessage(bytes.Clone(value))
		return nil
	})
	return contents, err
}
