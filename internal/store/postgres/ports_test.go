package postgres

import (
	"bytes"
	"io"
	"sync"
	"testing"

	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/blob"
	"parley/internal/blob/blobtest"
	"parley/internal/desk"
	"parley/internal/desk/desktest"
	"parley/internal/inbox"
	"parley/internal/pgtest"
	"parley/internal/session"
)

func TestDesk(t *testing.T) {
	desktest.Store(t, func(t *testing.T) desk.Store { return openStore(t, fresh(t)).Desk() })
}

func TestAccounts(t *testing.T) {
	accounttest.Store(t, func(t *testing.T) account.Store { return openStore(t, fresh(t)).Accounts() })
}

func TestFiles(t *testing.T) {
	blobtest.Index(t, func(t *testing.T) blob.Index { return openStore(t, fresh(t)).Files() })
}

func TestObjects(t *testing.T) {
	blobtest.Objects(t, func(t *testing.T) blob.Objects { return openStore(t, fresh(t)).Objects() })
}

// TestPorts_DatabaseAway: a read is refused as unavailable. A write whose fate is
// not known is waited for, and nobody is told that it failed. Afterwards all goes on
// by itself.
func TestPorts_DatabaseAway(t *testing.T) {
	server := pgtest.Start(t)
	store := openStore(t, server.Database(t))
	content := bytes.Repeat([]byte("0123456789"), 100_000)
	put := func() error { return store.Objects().Put(t.Context(), "object", bytes.NewReader(content)) }
	if err := put(); err != nil {
		t.Fatal(err)
	}
	r, err := store.Objects().Open(t.Context(), "object")
	if err != nil {
		t.Fatal(err)
	}
	server.Stop(t, "immediate")
	for what, ask := range map[string]func() error{
		"read":  func() error { _, err := store.Accounts().AllCredentials(t.Context()); return err },
		"list":  func() error { _, err := store.Index().List(t.Context(), inbox.Filter{Limit: 1}); return err },
		"bytes": func() error { _, err := io.ReadAll(r); return err },
	} {
		if err := ask(); session.CodeOf(err) != session.CodeUnavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
	var running sync.WaitGroup
	running.Go(func() {
		if err := store.Desk().SaveAgent(t.Context(), &desk.Agent{ID: "a"}); err != nil && session.CodeOf(err) != session.CodeUnavailable {
			t.Error("write: ", err)
		}
	})
	server.Start(t)
	running.Wait()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes are read afterwards: %v", len(got), err)
	}
	if err := put(); err != nil {
		t.Error(err)
	}
}
