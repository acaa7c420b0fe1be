package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"parley/internal/session"
)

// File is the name of the database inside the data directory.
const File = "parley.db"

// Options of a store. Zero values are filled with defaults.
type Options struct {
	WriteCacheKB    int // page cache of the write connection; 65536
	ReadCacheKB     int // page cache of each read connection; 8192
	Readers         int // read connections; 4
	CheckpointPages int // of the write-ahead log, after which it is copied into the database; 8000
	// Observe, if not nil, hears of every committed group and must not block.
	Observe func(changes int, took time.Duration)
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		field *int
		value int
	}{{&o.WriteCacheKB, 64 << 10}, {&o.ReadCacheKB, 8 << 10}, {&o.Readers, 4}, {&o.CheckpointPages, 8000}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return o
}

// durable are the pragmas of every connection. synchronous(FULL) syncs the
// write-ahead log with every commit. Foreign keys are not checked by the
// database: the core writes every row of a change in one transaction, and the
// checks would double the reads of a write.
func durable() []string {
	return []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(0)", "trusted_schema(0)"}
}

// writing overwrites what is deleted or moved (secure_delete), always: what an
// update left in the slack of a page an erasure would not find any more.
func (o Options) writing() []string {
	return append(durable(), fmt.Sprintf("cache_size(-%d)", o.WriteCacheKB),
		fmt.Sprintf("wal_autocheckpoint(%d)", o.CheckpointPages), "journal_size_limit(67108864)", "secure_delete(1)")
}

func (o Options) reading() []string {
	return append(durable(), fmt.Sprintf("cache_size(-%d)", o.ReadCacheKB), "query_only(1)")
}

// Store is a session.Store in a directory. Its methods may be called from any
// goroutine.
type Store struct {
	lists
	lock    *os.File
	writer  *writer
	closing sync.Once
}

// Open opens the store in dir, which is created if absent, and brings its
// schema up to date. It returns ErrLocked when another process has it open and
// ErrNewer when its schema is not known to this program.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	o = o.withDefaults()
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := checkFileSystem(dir); err != nil {
		return nil, err
	}
	held, err := lock(dir)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, filepath.Join(dir, File), o)
	if err != nil {
		_ = held.Close()
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	s.lock = held
	return s, nil
}

func open(ctx context.Context, path string, o Options) (*Store, error) {
	if err := migrate(ctx, path, o.writing()); err != nil {
		return nil, err
	}
	write := &committer{dial: func() (*conn, error) { return dial(path, o.writing()) }, watch: o.Observe}
	var err error
	if write.conn, err = write.dial(); err != nil {
		return nil, err
	}
	read, err := newReaders(o.Readers, func() (*conn, error) { return dial(path, o.reading()) })
	if err != nil {
		write.drop()
		return nil, err
	}
	return &Store{writer: newWriter(write), lists: lists{read}}, nil
}

// Close waits for the changes and reads that run, then closes the files. What
// was queued is committed first. Calls after it are refused; a second Close
// does nothing.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.writer.close()
		s.readers.close(cap(s.readers.free))
		s.writer.committer.drop()
		err = s.lock.Close()
	})
	return err
}

// Commit is session.Store's.
func (s *Store) Commit(ctx context.Context, change *session.Change) error {
	return s.writer.do(ctx, &task{change: change})
}

// OnCommit is session.Store's.
func (s *Store) OnCommit(listen func(*session.Batch)) { s.writer.committer.listen = listen }

// View is session.Store's. read runs on a connection of its own and must not
// outlast the call.
func (s *Store) View(ctx context.Context, read func(session.Rows) error) error {
	return s.readers.view(ctx, func(r *rows) error { return read(r) })
}

// Healthy returns why the store cannot write, nil when it can. A store that a
// disk error made sick tries by itself to recover.
func (s *Store) Healthy() error {
	if sick := s.writer.committer.sick.Load(); sick != nil {
		return sick
	}
	return nil
}

// Stats counts since Open.
type Stats struct {
	Commits int64 // transactions, each with one sync of the disk
	Tasks   int64 // changes and other writes committed in them
}

// Stats returns the counters.
func (s *Store) Stats() Stats {
	c := s.writer.committer
	return Stats{Commits: c.stats.commits.Load(), Tasks: c.stats.tasks.Load()}
}

// Trim gives back the memory of pages that are only kept to save reads.
func (s *Store) Trim(ctx context.Context) error {
	return s.do(ctx, func(c *conn) error {
		_, err := c.exec("PRAGMA shrink_memory")
		return err
	})
}

// Outbox returns the port of the webhook sender.
func (s *Store) Outbox() *Outbox { return &Outbox{store: s} }

// Registry returns the port of integrations and keys.
func (s *Store) Registry() *Registry { return &Registry{store: s} }

// do runs a write in a group of its own kind beside the changes. write returns
// errors of the database only, and may run more than once.
func (s *Store) do(ctx context.Context, write func(*conn) error) error {
	return s.writer.do(ctx, &task{write: write})
}
