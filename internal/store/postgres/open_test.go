package postgres

import (
	"errors"
	"sync"
	"testing"

	"parley/internal/pgtest"
)

// openStore opens a store that is closed when the test ends.
func openStore(t testing.TB, url string) *Store {
	t.Helper()
	store, err := Open(t.Context(), url, Options{Node: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// TestOpen_ManyNodesAtOnce: on an empty database each of them finds the schema that
// one of them made.
func TestOpen_ManyNodesAtOnce(t *testing.T) {
	url := pgtest.Postgres(t)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			store, err := Open(t.Context(), url, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestOpen_RefusesANewerSchema(t *testing.T) {
	url := pgtest.Postgres(t)
	store := openStore(t, url)
	insist(t, store, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	if _, err := Open(t.Context(), url, Options{}); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
}

// insist runs a statement of a test.
func insist(t testing.TB, s *Store, statement string) {
	t.Helper()
	err := s.direct.with(t.Context(), func(c *conn) error {
		_, err := c.raw.Exec(c.ctx, statement).ReadAll()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
