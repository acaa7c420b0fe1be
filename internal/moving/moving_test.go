package moving_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"parley/internal/moving"
	"parley/internal/session"
	"parley/internal/session/sessiontest"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// engine is SQLite as the suite of stores sees it.
type engine struct {
	dir   string
	store *sqlite.Store
}

func (e *engine) Store() session.Store       { return e.store }
func (e *engine) Outbox() session.Outbox     { return e.store.Outbox() }
func (e *engine) Registry() session.Registry { return e.store.Registry() }

func (e *engine) Reopen(t *testing.T) sessiontest.Engine {
	t.Helper()
	if err := e.store.Close(); err != nil {
		t.Fatal(err)
	}
	return open(t, e.dir)
}

func open(t *testing.T, dir string) *engine {
	t.Helper()
	store, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return &engine{dir, store}
}

// progress notes what was told last of each table.
type progress map[string]string

func (p progress) told(table string, rows int64, done bool) { p[table] = fmt.Sprint(rows, done) }

func backup(t *testing.T, from moving.Source, objects moving.Objects) ([]byte, *moving.Manifest) {
	t.Helper()
	var out bytes.Buffer
	m, err := moving.Backup(t.Context(), &out, moving.Head{Engine: "sqlite", Program: "test"}, from, map[string]moving.Objects{"files": objects}, progress{}.told)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), m
}

func restore(t *testing.T, archive []byte, to moving.Target, objects moving.Putter) error {
	t.Helper()
	_, err := moving.Restore(t.Context(), bytes.NewReader(archive), int64(len(archive)), to, map[string]moving.Putter{"files": objects}, progress{}.told)
	return err
}

// What every kind of turn wrote stands in the copy, and the copy of the copy is
// the same.
func TestBackup_RestoresEveryRow(t *testing.T) {
	t.Parallel()
	from, to := open(t, sqlitetest.Dir(t, sqlite.Open)), open(t, sqlitetest.Dir(t, sqlite.Open))
	facts := sessiontest.Fill(t, from, 5)
	files := shelf{"one": []byte("1"), "two": bytes.Repeat([]byte("2"), 1<<20)}
	archive, m := backup(t, from.store.Moving(), files)
	if m.Tables["messages"].Rows == 0 || m.Tables["outbox"].Rows == 0 || m.Objects["files"] != 2 {
		t.Fatalf("a dull archive: %+v", m)
	}
	got := shelf{}
	if err := restore(t, archive, to.store.Moving(), got); err != nil {
		t.Fatal(err)
	}
	facts.Check(t, to.store)
	if len(got) != 2 || !bytes.Equal(got["two"], files["two"]) {
		t.Errorf("got %d files", len(got))
	}
	if _, again := backup(t, to.store.Moving(), got); fmt.Sprint(again) != fmt.Sprint(m) {
		t.Errorf("the copy holds %v, want %v", again, m)
	}
	if err := restore(t, archive, to.store.Moving(), got); !errors.Is(err, moving.ErrNotEmpty) {
		t.Errorf("a second restore: %v", err)
	}
}

// An archive that is cut, or in which one byte is another one, is refused.
func TestRestore_RefusesWhatIsDamaged(t *testing.T) {
	t.Parallel()
	from := open(t, sqlitetest.Dir(t, sqlite.Open))
	sessiontest.Fill(t, from, 6)
	archive, _ := backup(t, from.store.Moving(), shelf{"one": []byte("some bytes")})
	for i := range 12 {
		cut := archive[:len(archive)*i/12]
		if err := restore(t, cut, open(t, sqlitetest.Dir(t, sqlite.Open)).store.Moving(), shelf{}); err == nil {
			t.Errorf("an archive of %d of %d bytes was taken", len(cut), len(archive))
		}
		flipped := bytes.Clone(archive)
		flipped[len(archive)*i/12] ^= 0x10
		to, files := open(t, sqlitetest.Dir(t, sqlite.Open)), shelf{}
		if err := restore(t, flipped, to.store.Moving(), files); err == nil {
			// Bytes of the zip format that mean nothing may differ; the contents may not.
			if again, _ := backup(t, to.store.Moving(), files); !sameSums(t, again, archive) {
				t.Errorf("byte %d was another one and nobody noticed", len(archive)*i/12)
			}
		}
	}
}

func sameSums(t *testing.T, a, b []byte) bool {
	t.Helper()
	return entry(t, a, "sums.json") == entry(t, b, "sums.json")
}

func entry(t *testing.T, archive []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// cut is a target whose connection breaks after some pages.
type cut struct {
	moving.Target
	left int
}

var errCut = errors.New("the line was cut")

func (c *cut) Insert(ctx context.Context, t moving.Table, rows []moving.Row) error {
	if c.left--; c.left < 0 {
		return errCut
	}
	return c.Target.Insert(ctx, t, rows)
}

// A migration that is cut again and again goes on where it was and ends with
// every row.
func TestMigrate_ResumesAfterCuts(t *testing.T) {
	t.Parallel()
	from, to := open(t, sqlitetest.Dir(t, sqlite.Open)), open(t, sqlitetest.Dir(t, sqlite.Open))
	facts := sessiontest.Fill(t, from, 7)
	cuts := 0
	for {
		_, err := moving.Migrate(t.Context(), from.store.Moving(), &cut{to.store.Moving(), 3}, progress{}.told)
		if err == nil {
			break
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		if cuts++; cuts > 1000 {
			t.Fatal("it never ends")
		}
	}
	if cuts < 2 {
		t.Fatalf("%d cuts", cuts)
	}
	facts.Check(t, to.store)
}

// A source that was written to between a cut and the next attempt is noticed.
func TestMigrate_NoticesWhatChanged(t *testing.T) {
	t.Parallel()
	from, to := open(t, sqlitetest.Dir(t, sqlite.Open)), open(t, sqlitetest.Dir(t, sqlite.Open))
	sessiontest.Fill(t, from, 8)
	if _, err := moving.Migrate(t.Context(), from.store.Moving(), to.store.Moving(), progress{}.told); err != nil {
		t.Fatal(err)
	}
	in := sessiontest.Integration("house", func(s *session.Settings) { s.WebhookURL = "https://example.org/other" })
	for _, store := range []*sqlite.Store{from.store, to.store} {
		if err := store.Registry().SaveIntegration(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		in.Name += " changed"
	}
	_, err := moving.Migrate(t.Context(), from.store.Moving(), to.store.Moving(), progress{}.told)
	if err == nil || !strings.Contains(err.Error(), "integrations") {
		t.Errorf("got %v, want the table that differs", err)
	}
}
