package postgres

import (
	"testing"

	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/blob"
	"parley/internal/blob/blobtest"
	"parley/internal/desk"
	"parley/internal/desk/desktest"
	"parley/internal/pgtest"
)

func TestDesk(t *testing.T) {
	desktest.Store(t, func(t *testing.T) desk.Store { return openStore(t, pgtest.Postgres(t)).Desk() })
}

func TestAccounts(t *testing.T) {
	accounttest.Store(t, func(t *testing.T) account.Store { return openStore(t, pgtest.Postgres(t)).Accounts() })
}

func TestFiles(t *testing.T) {
	blobtest.Index(t, func(t *testing.T) blob.Index { return openStore(t, pgtest.Postgres(t)).Files() })
}

func TestObjects(t *testing.T) {
	blobtest.Objects(t, func(t *testing.T) blob.Objects { return openStore(t, pgtest.Postgres(t)).Objects() })
}
