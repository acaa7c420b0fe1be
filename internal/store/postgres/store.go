package postgres

import (
	"context"
	"sync"
	"time"
)

// Options of a store. Zero values are filled with defaults.
type Options struct {
	Node    string                                // name of this node, for the server's list of connections
	Writers int                                   // transactions of changes at one time; 4
	Readers int                                   // connections for reads; 8
	Observe func(changes int, took time.Duration) // called after each committed group; may be nil
}

func (o Options) withDefaults() Options {
	if o.Writers <= 0 {
		o.Writers = 4
	}
	if o.Readers <= 0 {
		o.Readers = 8
	}
	return o
}

// directSize is how many writes of the other ports run at one time.
const directSize = 6

// Store is a session.Store on a PostgreSQL database that it shares with other
// nodes. Its methods may be called from any goroutine.
type Store struct {
	direct  *pool // writes of the other ports
	readers *pool
	beats   *pool // signs of life
	closing sync.Once
}

// Open connects to the database that url names and brings its schema up to date,
// one node at a time. It returns ErrNewer when its schema is not known to this
// program.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	o = o.withDefaults()
	s := &Store{}
	var err error
	if s.direct, err = newPool(url, o.Node, directSize, settings()); err != nil {
		return nil, err
	}
	if s.readers, err = newPool(url, o.Node, o.Readers, settings()); err != nil {
		s.direct.close()
		return nil, err
	}
	if s.beats, err = newPool(url, o.Node, 1, settings()); err != nil {
		s.direct.close()
		s.readers.close()
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// Close waits for the changes and reads that run, then closes the connections. A
// second Close does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.direct.close()
		s.readers.close()
		s.beats.close()
	})
	return nil
}
