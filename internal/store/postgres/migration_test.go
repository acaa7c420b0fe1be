package postgres

import (
	"bytes"
	"testing"

	"parley/internal/moving"
	"parley/internal/pgtest"
	"parley/internal/session"
	"parley/internal/session/sessiontest"
	"parley/internal/store/sqlite"
)

// embedded is SQLite as the suite of stores sees it.
type embedded struct {
	dir   string
	store *sqlite.Store
}

func (e *embedded) Store() session.Store       { return e.store }
func (e *embedded) Outbox() session.Outbox     { return e.store.Outbox() }
func (e *embedded) Registry() session.Registry { return e.store.Registry() }

func (e *embedded) Reopen(t *testing.T) sessiontest.Engine {
	t.Helper()
	if err := e.store.Close(); err != nil {
		t.Fatal(err)
	}
	return openEmbedded(t, e.dir)
}

func openEmbedded(t *testing.T, dir string) *embedded {
	t.Helper()
	store, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return &embedded{dir, store}
}

func quiet(string, int64, bool) {}

// Everything that turns of every kind wrote into the embedded store stands here
// after a migration, and back there after a backup of this one.
func TestMoving_ThereAndBackKeepsEveryRow(t *testing.T) {
	from := openEmbedded(t, t.TempDir())
	facts := sessiontest.Fill(t, from, 9)
	to := openStore(t, pgtest.Postgres(t))
	sums, err := moving.Migrate(t.Context(), from.store.Moving(), to.Moving(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	if sums["messages"].Rows == 0 || sums["timers"].Rows == 0 {
		t.Fatalf("a dull migration: %v", sums)
	}
	facts.Check(t, to)

	var archive bytes.Buffer
	if _, err := moving.Backup(t.Context(), &archive, moving.Head{Engine: "postgres"}, to.Moving(), nil, quiet); err != nil {
		t.Fatal(err)
	}
	back := openEmbedded(t, t.TempDir())
	if _, err := moving.Restore(t.Context(), bytes.NewReader(archive.Bytes()), int64(archive.Len()), back.store.Moving(), nil, quiet); err != nil {
		t.Fatal(err)
	}
	facts.Check(t, back.store)
}

// Text that PostgreSQL refuses by itself comes through, too.
func TestMoving_KeepsTextThatIsNone(t *testing.T) {
	from, to := openEmbedded(t, t.TempDir()), openStore(t, pgtest.Postgres(t))
	in := sessiontest.Integration("odd\x1a")
	in.Name = "a\x00b\xff\x1ac"
	if err := from.store.Registry().SaveIntegration(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err := moving.Migrate(t.Context(), from.store.Moving(), to.Moving(), quiet); err != nil {
		t.Fatal(err)
	}
	list, err := to.Registry().Integrations(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != in.Name || list[0].ID != in.ID {
		t.Errorf("got %v, %v", list, err)
	}
}
