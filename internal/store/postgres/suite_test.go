package postgres

import (
	"context"
	"testing"

	"parley/internal/pgtest"
	"parley/internal/session"
	"parley/internal/session/sessiontest"
)

// engine is the store as the common suite sees it.
type engine struct {
	url   string
	store *Store
}

func (e *engine) Store() session.Store       { return e.store }
func (e *engine) Outbox() session.Outbox     { return e.store.Outbox() }
func (e *engine) Registry() session.Registry { return e.store.Registry() }

func (e *engine) Reopen(t *testing.T) sessiontest.Engine {
	t.Helper()
	if err := e.store.Close(); err != nil {
		t.Fatal(err)
	}
	return openEngine(t, e.url)
}

func openEngine(t *testing.T, url string) *engine {
	t.Helper()
	return &engine{url: url, store: openStore(t, url)}
}

func TestStore(t *testing.T) {
	sessiontest.Store(t, func(t *testing.T) sessiontest.Engine { return openEngine(t, fresh(t)) })
}

// fresh returns a database with the schema of this version and nothing in it.
func fresh(t testing.TB) (url string) {
	t.Helper()
	return pgtest.Copy(t, func(url string) error {
		store, err := Open(context.Background(), url, Options{})
		if err != nil {
			return err
		}
		return store.Close()
	})
}
