package sqlite

import (
	"testing"
	"testing/synctest"

	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/blob"
	"parley/internal/blob/blobtest"
	"parley/internal/desk"
	"parley/internal/desk/desktest"
	"parley/internal/inbox"
	"parley/internal/inbox/inboxtest"
	"parley/internal/session"
	"parley/internal/session/sessiontest"
	"parley/internal/sqlitetest"
)

// engine is the store as the common suite sees it.
type engine struct {
	dir   string
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
	return openEngine(t, e.dir)
}

func openEngine(t *testing.T, dir string) *engine {
	t.Helper()
	return &engine{dir: dir, store: openStore(t, dir)}
}

// openStore opens a store that is closed when the test ends.
func openStore(t *testing.T, dir string) *Store {
	t.Helper()
	store, err := Open(t.Context(), dir, Options{})
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

func TestStore(t *testing.T) {
	sessiontest.Store(t, func(t *testing.T) sessiontest.Engine { return openEngine(t, sqlitetest.Dir(t, Open)) })
}

// TestNodes: the rules of many nodes, tested fast. What they stand on is tested on
// PostgreSQL, too.
func TestNodes(t *testing.T) {
	sessiontest.Nodes(t, sessiontest.Stage{
		Share: func(t *testing.T) func(*testing.T) session.Store {
			return sessiontest.Split(openStore(t, sqlitetest.Dir(t, Open)))
		},
		Within: synctest.Test,
	})
}

func (e *engine) Index() inbox.Index { return e.store.Index() }

func TestIndex(t *testing.T) {
	inboxtest.Index(t, func(t *testing.T) inboxtest.Engine { return openEngine(t, sqlitetest.Dir(t, Open)) })
}

func (e *engine) Queue() desk.Queue { return e.store.Queue() }

func TestDesk(t *testing.T) {
	desktest.Store(t, func(t *testing.T) desk.Store { return openStore(t, sqlitetest.Dir(t, Open)).Desk() })
}

func TestQueue(t *testing.T) {
	desktest.Queue(t, func(t *testing.T) desktest.Engine { return openEngine(t, sqlitetest.Dir(t, Open)) })
}

func TestAccounts(t *testing.T) {
	accounttest.Store(t, func(t *testing.T) account.Store { return openStore(t, sqlitetest.Dir(t, Open)).Accounts() })
}

func TestFiles(t *testing.T) {
	blobtest.Index(t, func(t *testing.T) blob.Index { return openStore(t, sqlitetest.Dir(t, Open)).Files() })
}
