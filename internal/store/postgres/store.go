package postgres

import (
	"context"
	"errors"
	"sync"
	"time"

	"parley/internal/session"
)

// Options of a store. Zero values are filled with defaults.
type Options struct {
	Node    string                                // name of this node, for the server's list of connections
	Writers int                                   // transactions of many changes at one time; 4
	Readers int                                   // connections for lists, and as many for single rows; 5
	Observe func(changes int, took time.Duration) // called after each committed group; may be nil
}

func (o Options) withDefaults() Options {
	if o.Writers <= 0 {
		o.Writers = 4
	}
	if o.Readers <= 0 {
		o.Readers = 5
	}
	return o
}

// Store is a session.Store on a PostgreSQL database that it shares with other
// nodes. Its methods may be called from any goroutine.
type Store struct {
	lists
	writer    *writer
	committer *committer
	closing   sync.Once
}

// Open connects to the database that url names and brings its schema up to date,
// one node at a time. It returns ErrNewer when its schema is not known to this
// program, and session.CodeUnavailable, with all that is known, while there is no
// database.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	o = o.withDefaults()
	d, err := newDatabase(url, o)
	if err != nil {
		return nil, err
	}
	if err := d.migrate(ctx); err != nil {
		d.close()
		if isAway(err) {
			err = errors.Join(unavailable(err), err)
		}
		return nil, err
	}
	c := &committer{database: d, observe: o.Observe}
	return &Store{lists: lists{d}, committer: c, writer: newWriter(c, o.Writers)}, nil
}

// Close waits for the changes and reads that run, then closes the connections. What
// was queued is committed first; for a database that does not tell what became of a
// COMMIT it waits 5 s. Calls after it are refused; a second Close does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		late := time.AfterFunc(patience, s.end)
		s.writer.close()
		late.Stop()
		s.database.close()
	})
	return nil
}

// Commit is session.Store's.
func (s *Store) Commit(ctx context.Context, change *session.Change) error {
	return s.writer.do(ctx, change)
}

// OnCommit is session.Store's. The commits of a client are heard in their order.
func (s *Store) OnCommit(listen func(*session.Batch)) { s.committer.listen = listen }

// View is session.Store's. read runs on a connection of its own and must not
// outlast the call.
func (s *Store) View(ctx context.Context, read func(session.Rows) error) error {
	return s.view(ctx, func(r *rows) error { return read(r) })
}

// Stats counts since Open.
type Stats struct {
	Commits int64 // transactions of changes
	Tasks   int64 // changes committed in them
	Retries int64 // transactions that ran again: another was in the way, or the database away
}

// Stats returns the counters.
func (s *Store) Stats() Stats {
	c := s.committer
	return Stats{Commits: c.stats.commits.Load(), Tasks: c.stats.tasks.Load(), Retries: c.stats.retries.Load()}
}
