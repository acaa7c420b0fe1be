package postgres

import "context"

// directSize is how many writes of the other ports run at one time.
const directSize = 6

// database is the connections to it, by what they are for: nobody waits behind those
// who do something else.
type database struct {
	direct  *pool // writes of the other ports
	readers *pool // lists
	views   *pool // single rows on one snapshot
	groups  *pool // changes together
	singles *pool // changes alone
	beats   *pool // signs of life
	locks   *pool // of Alone
	alone   turnstiles
	health  health
	life    context.Context // ends with close
	end     context.CancelFunc
}

func newDatabase(url string, o Options) (*database, error) {
	d := &database{}
	d.life, d.end = context.WithCancel(context.Background())
	for _, p := range []struct {
		pool **pool
		size int
		by   map[string]string
	}{
		{&d.direct, directSize, settings()}, {&d.readers, o.Readers, settings()}, {&d.views, o.Readers, byKey()},
		{&d.groups, o.Writers, byKey()}, {&d.singles, aloneLimit, byKey()}, {&d.beats, 1, settings()}, {&d.locks, locksSize, settings()},
	} {
		var err error
		if *p.pool, err = newPool(url, o.Node, p.size, p.by); err != nil {
			d.close()
			return nil, err
		}
		(*p.pool).lost = d.lost
	}
	d.locks.wait = 0 // as long as others hold what the locks are for
	d.groups.limit, d.singles.limit = commitLimit, commitLimit
	return d, nil
}

func (d *database) pools() []*pool {
	return []*pool{d.direct, d.readers, d.views, d.groups, d.singles, d.beats, d.locks}
}

func (d *database) close() {
	d.end()
	for _, p := range d.pools() {
		if p != nil {
			p.close()
		}
	}
}
