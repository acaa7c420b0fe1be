package session

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	tickEvery    = 100 * time.Millisecond // how often due timers are looked for
	pickupEvery  = time.Second            // how often pending messages without a lane are
	sweepEvery   = time.Minute
	ageEvery     = 5 * time.Second // a session at rest leaves the cache in twice that
	dueAtOnce    = 256
	headsAtOnce  = 4096
	pickupAtOnce = 4096        // more than a node's lanes that run, so that they hide none
	pollEvery    = time.Second // how often followed chains are looked at when other nodes write
	hintedPolls  = 5           // in how many of those, once, while hints come through
)

// Start recovers what a crash left in the inbox and sets the workers going.
func (c *Core) Start(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop != nil {
		return nil
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	c.stop = stop
	c.lanes.start(ctx)
	w := worker{c}
	if err := w.recover(ctx); err != nil {
		stop()
		c.stop = nil // it may be tried again
		return err
	}
	c.done.Go(func() { w.every(ctx, tickEvery, w.fire) })
	c.done.Go(func() { w.every(ctx, pickupEvery, w.pickup) })
	c.done.Go(func() { w.every(ctx, sweepEvery, w.sweep) })
	c.done.Go(func() { w.every(ctx, ageEvery, w.age) })
	if c.cfg.Shared {
		c.done.Go(func() { w.every(ctx, pollEvery, w.polling()) })
	}
	return nil
}

// Stop lets running turns commit until ctx ends, then cuts them: their
// messages stay in the inbox.
func (c *Core) Stop(ctx context.Context) {
	c.mu.Lock()
	stop := c.stop
	c.mu.Unlock()
	if stop == nil {
		return
	}
	idle := c.lanes.drain()
	select {
	case <-idle:
	case <-ctx.Done():
	}
	stop()
	<-idle
	c.done.Wait()
}

// worker does what is due.
type worker struct{ *Core }

func (c worker) every(ctx context.Context, d time.Duration, do func(context.Context) error) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			c.log(ctx, do(ctx))
		}
	}
}

// recover runs what was accepted before a crash. The first message of each
// client may have been running then.
func (c worker) recover(ctx context.Context) error {
	list, err := c.cfg.Store.Waiting(ctx, c.others(), 0)
	for _, waiting := range list {
		c.lanes.wake(Wake{Client: waiting.Client, Recovered: c.cfg.Cluster == nil})
	}
	return err
}

// others are the nodes that look after the lanes they hold.
func (c worker) others() []ID {
	if c.cfg.Cluster == nil {
		return nil
	}
	return c.cfg.Cluster.Others()
}

// leads reports whether this node does what is done once.
func (c worker) leads() bool { return c.cfg.Cluster == nil || c.cfg.Cluster.Leads() }

// pickup wakes lanes for what is pending and has none: here, and on no other
// living node. Leases that a lane could not give back are given back then.
func (c worker) pickup(ctx context.Context) error {
	list, err := c.cfg.Store.Waiting(ctx, c.others(), pickupAtOnce)
	if err != nil {
		return err
	}
	for _, client := range c.lanes.owing() {
		c.lanes.wake(Wake{Client: client})
	}
	for _, waiting := range list {
		if c.lanes.rests(waiting.Client) {
			c.lanes.wake(Wake{Client: waiting.Client})
		}
	}
	return nil
}

// fire takes what is due, everything at the same time, so that what is due
// together shares its commits. A row that cannot be taken is logged and keeps
// nothing else waiting.
func (c worker) fire(ctx context.Context) error {
	for ctx.Err() == nil && c.leads() {
		timers, sessions, err := c.cfg.Store.Due(ctx, ms(c.cfg.Now()), dueAtOnce)
		if err != nil {
			return err
		}
		var all sync.WaitGroup
		var stuck atomic.Bool
		take := func(do func() error) {
			all.Go(func() {
				if err := do(); err != nil {
					stuck.Store(true)
					c.log(ctx, err)
				}
			})
		}
		for _, t := range timers {
			take(func() error { return c.fireTimer(ctx, t) })
		}
		for _, id := range sessions {
			take(func() error {
				return c.direct(ctx, id, func(sc scope) operation { return &checkSession{scope: sc, session: id} })
			})
		}
		all.Wait()
		if len(sessions) < dueAtOnce || stuck.Load() {
			return nil // the next tick goes on
		}
	}
	return nil
}

func (c worker) log(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		c.cfg.Log.ErrorContext(ctx, "worker", "error", err.Error())
	}
}

// fireTimer gives a timer of the lane to its lane; the others are direct turns.
func (c worker) fireTimer(ctx context.Context, t *Timer) error {
	if t.Kind.InLane() {
		c.lanes.nudge(Wake{Client: t.Client}, t)
		return nil
	}
	switch t.Kind {
	case TimerPushback:
		return ignoreGone(c.commit(ctx, "end of a pushback", &dropPush{timer: t}, t.Client))
	case TimerSnooze:
		return c.direct(ctx, t.Session, func(sc scope) operation { return &wakeUp{scope: sc, timer: t} })
	}
	return c.direct(ctx, t.Session, func(sc scope) operation { return &endKeepAlive{scope: sc, timer: t} })
}

// direct runs a worker's operation on a session of whatever integration. One
// whose integration is not there is looked at again much later.
func (c worker) direct(ctx context.Context, id ID, op func(scope) operation) error {
	var s *Session
	err := c.snapshot(ctx, func(w *Work) (err error) {
		s, err = w.session(id)
		return err
	})
	if err != nil {
		return err
	}
	in, ok := c.cfg.Integration(s.Integration)
	if !ok {
		return c.commit(ctx, "postpone", &postpone{scope: scope{at: c.cfg.Now()}, session: id}, id)
	}
	return ignoreGone(c.commit(ctx, "timer", op(c.scope(in)), id))
}

func (c worker) sweep(ctx context.Context) error {
	if !c.leads() {
		return nil
	}
	_, err := c.cfg.Store.Sweep(ctx, ms(c.cfg.Now()), c.cfg.Retention)
	return err
}

// polling looks for what other nodes wrote into followed chains. While hints come
// through it finds only what they lost, and looks less often.
func (c worker) polling() func(context.Context) error {
	round := 0
	return func(ctx context.Context) error {
		round++
		if bus := c.cfg.Bus; bus != nil && bus.Connected() && round%hintedPolls != 0 {
			return nil
		}
		for chains := range slices.Chunk(c.hub.followed(), headsAtOnce) {
			heads, err := c.cfg.Store.Heads(ctx, chains)
			if err != nil {
				return err
			}
			for chain, sequence := range heads {
				c.hub.behind(chain, sequence)
			}
		}
		return nil
	}
}

func (c worker) age(context.Context) error {
	c.cache.age()
	return nil
}
