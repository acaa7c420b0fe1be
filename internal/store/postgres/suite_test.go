package postgres

import (
	"context"
	"testing"

	"parley/internal/desk"
	"parley/internal/desk/desktest"
	"parley/internal/inbox"
	"parley/internal/inbox/inboxtest"
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

func (e *engine) Index() inbox.Index { return e.store.Index() }

func (e *engine) Queue() desk.Queue { return e.store.Queue() }

func TestIndex(t *testing.T) {
	inboxtest.Index(t, func(t *testing.T) inboxtest.Engine { return openEngine(t, fresh(t)) })
}

func TestQueue(t *testing.T) {
	desktest.Queue(t, func(t *testing.T) desktest.Engine { return openEngine(t, fresh(t)) })
}
