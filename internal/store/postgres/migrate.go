package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// oldest is the first release that the store is tested with.
const oldest = 150000

// ErrNewer is returned by Open when the schema was written by a newer version of
// the program.
var ErrNewer = errors.New("the database was written by a newer version of Parley")

// migrate brings the schema to this version of the program. One node at a time
// does: it holds a row's lock with a connection of its own, which ends with it.
func (d *database) migrate(ctx context.Context) error {
	if err := d.makeLock(ctx); err != nil {
		return err
	}
	return d.direct.with(ctx, func(c *conn) error {
		c.ctx = ctx // waits for another node as long as it takes
		if err := c.run(&step{name: "Begin"}, &step{name: "StayIdle"}, &step{name: "WaitForLocks"}, &step{name: "WaitForStatements"}, &step{name: "TakeMigrationLock"}); err != nil {
			return err
		}
		err := d.upgrade(ctx)
		_, late := c.exec("Rollback")
		return errors.Join(err, late)
	})
}

// makeLock makes the table of the lock. Nodes that do so at one moment refuse
// each other.
func (d *database) makeLock(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		err := d.direct.with(ctx, func(c *conn) error {
			if err := checkServer(c); err != nil {
				return err
			}
			return c.run(&step{name: "MakeMigrationLock"}, &step{name: "FillMigrationLock"})
		})
		if _, refused := errors.AsType[*pgconn.PgError](err); !refused || attempt == 5 {
			return err
		}
		time.Sleep(time.Duration(20+rand.IntN(100)) * time.Millisecond)
	}
}

func checkServer(c *conn) error {
	version, err := one(c, "ServerVersion", func(r *row) *string {
		v := r.text()
		return &v
	})
	if err != nil {
		return err
	}
	if n, _ := strconv.Atoi(*version); n < oldest {
		return fmt.Errorf("this is PostgreSQL %d; %d or later is needed", n/10000, oldest/10000)
	}
	return nil
}

func (d *database) upgrade(ctx context.Context) error {
	config := d.direct.config.ConnConfig.Copy()
	config.RuntimeParams["statement_timeout"] = "0" // an index of a big table takes its time
	db := stdlib.OpenDB(*config)
	defer db.Close()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSlog(slog.New(slog.DiscardHandler)),
		goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("%w: it has schema %d, this program knows up to %d", ErrNewer, have, want)
	}
	_, err = p.Up(ctx)
	return err
}
