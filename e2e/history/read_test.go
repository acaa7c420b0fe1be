package history_test

import (
	"testing"

	"parley/e2e/history"
	"parley/internal/pgtest"
	"parley/internal/store/postgres"
)

// TestRead_PostgreSQL reads the facts of a store that has none: its tables have
// the names that the checker knows.
func TestRead_PostgreSQL(t *testing.T) {
	url := pgtest.Postgres(t)
	store, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if facts, err := history.Read(t.Context(), url); err != nil || len(facts.Clients) > 0 {
		t.Errorf("read %+v, %v", facts, err)
	}
	if n, err := history.Waiting(t.Context(), url); n != 0 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
}
