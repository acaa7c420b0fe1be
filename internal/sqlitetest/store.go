package sqlitetest

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Opener is what opens a store of the given options in a directory: sqlite.Open, which
// this package does not name, so that the store's own tests can use it.
type Opener[S io.Closer, O any] func(ctx context.Context, dir string, options O) (S, error)

// Dir returns a directory of the test with an empty store in it, closed. The first test
// of the process to ask has open make what all of them copy.
func Dir[S io.Closer, O any](t testing.TB, open Opener[S, O]) (dir string) {
	t.Helper()
	files, err := shared.read(func(dir string) error {
		var options O
		store, err := open(context.Background(), dir, options)
		if err != nil {
			return err
		}
		return store.Close()
	})
	dir = t.TempDir()
	for name, content := range files {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), content, 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// shared is the store that the tests of the process copy.
var shared = &template{}

// template is what an empty store leaves in its directory.
type template struct {
	once  sync.Once
	files map[string][]byte // by name
	err   error
}

func (m *template) read(prepare func(dir string) error) (map[string][]byte, error) {
	m.once.Do(func() { m.err = m.make(prepare) })
	return m.files, m.err
}

func (m *template) make(prepare func(dir string) error) error {
	dir, err := os.MkdirTemp("", "sqlitetest-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a directory that stays is no failure
	if err := prepare(dir); err != nil {
		return err
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	m.files = map[string][]byte{}
	for _, entry := range list {
		if m.files[entry.Name()], err = os.ReadFile(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
