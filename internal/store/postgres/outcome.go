package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/session"
)

// outcomeEvery is how long the store waits before it asks again what became of a
// COMMIT.
const outcomeEvery = 100 * time.Millisecond

// commit notes the transaction's id and ends it, in one round trip; steps go out
// before. unknown is true where the connection was lost before the answer to COMMIT:
// the transaction may stand or not.
func (c *conn) commit(id session.ID, steps ...*step) (unknown bool, err error) {
	end := &step{name: "Commit"}
	err = c.run(append(steps, &step{name: "NoteCommit", args: []any{id}}, end)...)
	if end.done {
		return false, nil
	}
	// A server that shuts down may end the connection with its commit already made;
	// only a plain error says that the transaction is over without one.
	e, answered := errors.AsType[*pgconn.PgError](err)
	return !answered || e.SeverityUnlocalized != "ERROR", err
}

// outcome finds out whether a transaction stands, and keeps asking until it knows
// or ctx ends. It writes the row that the transaction would write: who is first wins.
func (d *database) outcome(ctx context.Context, id session.ID) (stands bool, err error) {
	for {
		void := int64(-1)
		err = d.direct.with(ctx, func(c *conn) error {
			if _, err := c.exec("VoidCommit", id); err != nil {
				return err
			}
			return c.each("CommitVoid", func(r *row) { void = r.int() }, id)
		})
		if err == nil && void >= 0 {
			return void == 0, nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(outcomeEvery):
		}
	}
}
