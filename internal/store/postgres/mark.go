package postgres

import (
	"bytes"
	"context"
	"errors"

	"parley/internal/session"
)

// Marks keeps small facts that all nodes have in common, by name.
type Marks struct{ store *Store }

// Marks returns the port of what nodes have in common.
func (s *Store) Marks() *Marks { return &Marks{s} }

// Read returns a fact, nil where there is none.
func (m *Marks) Read(ctx context.Context, name string) ([]byte, error) {
	value, err := found(ctx, m.store, "ReadMark", scanBytes, name)
	if value == nil || err != nil {
		return nil, absent(err)
	}
	return *value, nil
}

// Replace sets a fact where it still is what it was before, nil for none. It
// reports whether it did.
func (m *Marks) Replace(ctx context.Context, name string, before, after []byte) (bool, error) {
	swap := &step{name: "SwapMark", args: []any{name, before, after}}
	if before == nil {
		swap = &step{name: "MakeMark", args: []any{name, after}}
	}
	err := m.store.write(ctx, swap)
	if err != nil || swap.rows == 1 {
		return err == nil, err
	}
	now, err := m.Read(ctx, name) // the answer of a write that stood may have been lost
	return err == nil && bytes.Equal(now, after), err
}

// Made returns the fact of a name; the first to ask makes it.
func (m *Marks) Made(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	if err := m.store.write(ctx, &step{name: "MakeMark", args: []any{name, fresh}}); err != nil {
		return nil, err
	}
	return m.Read(ctx, name)
}

// Raise says that something changed that nodes hold in memory.
func (m *Marks) Raise(ctx context.Context, revision string) error {
	return m.store.write(ctx, bump(revision))
}

func scanBytes(r *row) *[]byte {
	b := r.blob()
	return &b
}

func absent(err error) error {
	if errors.Is(err, session.ErrNoRow) {
		return nil
	}
	return err
}
