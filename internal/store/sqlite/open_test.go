package sqlite

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/sqlitetest"
)

func TestSecondProcessIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made on the way?&#%20")
	first := openStore(t, dir)
	if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), dir) {
		t.Fatalf("got %v, want ErrLocked with the directory", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openStore(t, dir)
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	_, err := store.writer.committer.conn.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "9999") {
		t.Fatalf("got %v, want ErrNewer with the version", err)
	}
	if !bytes.Equal(before, contents(t, dir)) {
		t.Error("a refused store was written to")
	}
}

func contents(t *testing.T, dir string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFileThatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, File), bytes.Repeat([]byte("poems "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Options{}); err == nil || errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), dir) {
		t.Fatalf("got %v, want an error that names the directory", err)
	}
	if err := os.Remove(filepath.Join(dir, File)); err != nil {
		t.Fatal(err)
	}
	openStore(t, dir) // the refused one has let go of the lock
}

func TestOlderEngines(t *testing.T) {
	for version, refused := range map[string]bool{
		"3.51.2": true, "3.9.9": true, "3.51": true, "2.99.99": true, "3.51.3": false, "3.53.4": false, "3.100.0": false, "4.0.0": false,
	} {
		if older(version, oldest) != refused {
			t.Errorf("SQLite %s: refused is %t", version, !refused)
		}
	}
}

// TestDurableSettings: without these an answered change can be lost, and no
// test that kills a process would see it.
func TestDurableSettings(t *testing.T) {
	store := openStore(t, t.TempDir())
	for pragma, want := range map[string]any{"journal_mode": "wal", "synchronous": int64(2), "busy_timeout": int64(5000)} {
		var got any
		err := store.writer.committer.conn.each("PRAGMA "+pragma, func(r *row) { got = r.next() })
		if err != nil || got != want {
			t.Errorf("%s is %v (%v), want %v", pragma, got, err, want)
		}
	}
}

// TestReadersCannotWrite: everything written goes through the one writer.
func TestReadersCannotWrite(t *testing.T) {
	store := openStore(t, t.TempDir())
	err := store.readers.view(t.Context(), func(r *rows) error {
		_, err := r.conn.exec(`DELETE FROM sessions`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("got %v, want a refusal", err)
	}
}

// TestMigrationsInServiceNeverChange: a store that has one will not run it
// again, so what a later version needs stands in a later file.
func TestMigrationsInServiceNeverChange(t *testing.T) {
	for name, want := range map[string]string{
		"00001_core.sql": "d4c972019b053c291cc17223eae4022f4fc33e377f744bda0710dc88014acd77",
	} {
		text, err := migrations.ReadFile("migrations/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(text)); got != want {
			t.Errorf("%s was changed: %s, want %s", name, got, want)
		}
	}
}

// TestCopiedStore: what tests copy is what Open makes, and empty for each.
func TestCopiedStore(t *testing.T) {
	schema := func(dir string) (list []string) {
		store := openStore(t, dir)
		c := store.writer.committer.conn
		err := c.each("SELECT name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name", func(r *row) { list = append(list, fmt.Sprint(r.next())) })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.exec("CREATE TABLE mine (n INTEGER)"); err != nil {
			t.Fatal(err)
		}
		return list
	}
	made := schema(t.TempDir())
	for range 2 {
		if copied := schema(sqlitetest.Dir(t, Open)); len(made) == 0 || !slices.Equal(made, copied) {
			t.Errorf("a copied store has %d objects, one that was made %d", len(copied), len(made))
		}
	}
}
