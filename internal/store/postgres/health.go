package postgres

import (
	"context"
	"sync/atomic"
	"time"

	"parley/internal/session"
)

const probeEvery = 250 * time.Millisecond

// health is whether the database is there, as the last use of it showed.
type health struct {
	sick    atomic.Pointer[session.Error]
	probing atomic.Bool
}

// lost notes that the database is away, and asks until it is back.
func (d *database) lost(err error) {
	d.health.sick.Store(unavailable(err))
	if d.life.Err() == nil && d.health.probing.CompareAndSwap(false, true) {
		go d.probe()
	}
}

func (d *database) probe() {
	defer d.health.probing.Store(false)
	for {
		err := d.direct.lend(d.life, func(c *conn) error { return c.run(&step{name: "Ping"}) })
		if err == nil {
			d.health.sick.Store(nil)
			return
		}
		select {
		case <-d.life.Done():
			return
		case <-time.After(probeEvery):
		}
	}
}

// Healthy returns why the database cannot be used, nil when it can. The store tries by
// itself until it can.
func (d *database) Healthy() error {
	if sick := d.health.sick.Load(); sick != nil {
		return sick
	}
	return nil
}

// Trim gives back the connections that nobody uses, and with them the memory of their
// statements.
func (d *database) Trim(context.Context) error {
	for _, p := range d.pools() {
		p.conns.Reset()
	}
	return nil
}
