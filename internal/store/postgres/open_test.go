package postgres

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"parley/internal/pgtest"
	"parley/internal/session"
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

// TestOpen_WithoutAServer: who opens learns that it may be tried again, and where there
// is nobody; callers of a store learn why, and not where.
func TestOpen_WithoutAServer(t *testing.T) {
	server := pgtest.Start(t)
	url := server.Database(t)
	store := openStore(t, url)
	server.Stop(t, "fast")
	_, err := Open(t.Context(), url, Options{})
	if session.CodeOf(err) != session.CodeUnavailable || !strings.Contains(err.Error(), "127.0.0.1:") {
		t.Errorf("got %v", err)
	}
	_, err = store.Registry().Integrations(t.Context())
	for !strings.Contains(fmt.Sprint(err), "connection refused") && t.Context().Err() == nil {
		_, err = store.Registry().Integrations(t.Context()) // the first learn that connections have ended
	}
	if want := "the store cannot be used: connection refused"; err.Error() != want {
		t.Errorf("a caller is told %q, want %q", err, want)
	}
	server.Start(t)
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

// TestOpen_Settings: the server would keep a connection of a node that is out of reach
// for hours, and what is set for the database would loosen what an acknowledgement means.
func TestOpen_Settings(t *testing.T) {
	url := fresh(t)
	insist(t, openStore(t, url), `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit TO off', current_database()); END $$`)
	s := openStore(t, url)
	for _, p := range s.pools() {
		err := p.with(t.Context(), func(c *conn) error {
			for name, want := range map[string]string{
				"tcp_user_timeout": "5000", "tcp_keepalives_idle": "2", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "3", "synchronous_commit": "on",
			} {
				shown, err := c.raw.Exec(c.ctx, "SHOW "+name).ReadAll()
				if err != nil {
					return err
				}
				if got := string(shown[0].Rows[0][0]); got != want {
					t.Errorf("%s is %s, want %s", name, got, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
