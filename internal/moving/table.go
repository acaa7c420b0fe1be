package moving

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// Table is a table with its columns.
type Table struct {
	Name    string   `json:"table"`
	Key     []string `json:"key"` // columns of the primary key, in its order
	Columns []string `json:"columns"`
}

// whole tells whether a table can be copied: it has a key among its columns.
func (t *Table) whole() bool {
	for _, name := range t.Key {
		if !slices.Contains(t.Columns, name) {
			return false
		}
	}
	return len(t.Key) > 0
}

// Row holds the values of a table's columns: nil, int64, string or []byte (ids
// too).
type Row []any

// key returns the values of the primary key.
func (t *Table) key(r Row) []any {
	key := make([]any, len(t.Key))
	for i, name := range t.Key {
		key[i] = r[slices.Index(t.Columns, name)]
	}
	return key
}

// Tables reads the tables of an engine at one moment, each in ascending order of
// its key: ids and bytes by byte, text by code point, numbers by value.
type Tables interface {
	// List returns the tables that are facts, by name. What an engine derives from
	// them or keeps for itself is not listed.
	List() ([]Table, error)
	// Page returns at most limit rows whose key is greater than after; nil is the
	// beginning.
	Page(t Table, after []any, limit int) ([]Row, error)
}

// Source is an engine that can be copied.
type Source interface {
	// Snapshot runs read on one consistent state.
	Snapshot(ctx context.Context, read func(Tables) error) error
}

// Target is an engine that takes rows in.
type Target interface {
	Source
	// Insert adds rows in one transaction, whole or not at all.
	Insert(ctx context.Context, t Table, rows []Row) error
	// Last returns the greatest key of a table, nil where it is empty.
	Last(ctx context.Context, t Table) ([]any, error)
}

// Sum is what a table holds: how many rows, and a sum over their contents that
// does not depend on their order.
type Sum struct {
	Rows int64  `json:"rows"`
	Sum  uint64 `json:"sum,string"`
}

// add counts a row in.
func (s *Sum) add(r Row) {
	h := sha256.New()
	var head [9]byte
	for _, v := range r {
		switch v := v.(type) {
		case nil:
			h.Write([]byte{0})
		case int64:
			head[0] = 1
			binary.BigEndian.PutUint64(head[1:], uint64(v))
			h.Write(head[:])
		case string:
			head[0] = 2
			binary.BigEndian.PutUint64(head[1:], uint64(len(v)))
			h.Write(head[:])
			h.Write([]byte(v))
		case []byte:
			head[0] = 3
			binary.BigEndian.PutUint64(head[1:], uint64(len(v)))
			h.Write(head[:])
			h.Write(v)
		default:
			panic(fmt.Sprintf("moving: a value of type %T", v)) // an engine gives no others
		}
	}
	s.Rows++
	s.Sum += binary.BigEndian.Uint64(h.Sum(nil))
}

// pageRows is how many rows are read and written at once.
const pageRows = 500

// each calls do with all rows of a table after a key.
func each(tables Tables, t Table, after []any, do func([]Row) error) error {
	for {
		rows, err := tables.Page(t, after, pageRows)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		if len(rows) == 0 {
			return nil
		}
		if err := do(rows); err != nil {
			return err
		}
		after = t.key(rows[len(rows)-1])
	}
}

// sumOf sums the columns of a table as the engine holds them.
func sumOf(tables Tables, t Table) (s Sum, err error) {
	err = each(tables, t, nil, func(rows []Row) error {
		for _, r := range rows {
			s.add(r)
		}
		return nil
	})
	return s, err
}

// fit finds the table of the same name that takes all of a table's columns.
func fit(t Table, into []Table) error {
	i := slices.IndexFunc(into, func(o Table) bool { return o.Name == t.Name })
	if i < 0 {
		return fmt.Errorf("the target has no table %s: its schema is older", t.Name)
	}
	for _, c := range t.Columns {
		if !slices.Contains(into[i].Columns, c) {
			return fmt.Errorf("the target's table %s has no column %s: its schema is older", t.Name, c)
		}
	}
	return nil
}
