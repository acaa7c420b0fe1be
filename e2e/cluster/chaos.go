package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley/e2e/history/load"
)

// Chaos carries out a plan.
type Chaos struct {
	Nodes    []*Node
	Rec      *load.Recorder
	Postgres Server // nil on SQLite
	NATS     Server // nil without
	Traps    *Traps // nil: faults strike whatever happens to be under way
	Log      func(format string, args ...any)

	busy  sync.Map // a mutex for each that something is done to, by its name
	mu    sync.Mutex
	errs  []error
	began time.Time
}

// Server is one that can be stopped and started where it was. The mode of a
// stop is PostgreSQL's: fast or immediate.
type Server interface {
	Stop(mode string)
	Start()
}

// grace is how long after a fault others may still be taking over: a lease, a
// heartbeat and a look at what is due.
const grace = 7 * time.Second

// Run carries out a plan to its end, and returns when everything is healed. A fault
// that takes longer than planned delays those that the plan has after it.
func (c *Chaos) Run(ctx context.Context, plan Plan) error {
	c.began = time.Now()
	var all sync.WaitGroup
	watching, end := context.WithCancel(ctx)
	var watchers sync.WaitGroup
	for _, n := range c.Nodes {
		watchers.Go(func() { c.watch(watching, n) })
	}
	over := make([]chan time.Duration, len(plan))
	for i := range plan {
		over[i] = make(chan time.Duration, 1)
	}
	for i, f := range plan {
		all.Go(func() {
			late := plan.late(i, over)
			if c.wait(ctx, time.Until(c.began.Add(f.At+late))) {
				c.fault(ctx, f)
			}
			over[i] <- max(0, time.Since(c.began)-f.At-f.For)
		})
	}
	all.Wait()
	end()
	watchers.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.errs...)
}

// late waits until the faults are over that the plan has before one, and returns how
// late the last of them was: so late is what comes after it. over has the lateness of
// each fault, once it is over.
func (p Plan) late(i int, over []chan time.Duration) (late time.Duration) {
	for j, before := range p[:i] {
		if before.At+before.For <= p[i].At {
			d := <-over[j]
			over[j] <- d // for the others
			late = max(late, d)
		}
	}
	return late
}

// fault makes one fault and notes the time in which something was not there.
func (c *Chaos) fault(ctx context.Context, f Fault) {
	from := c.Rec.Now()
	err := c.break1(ctx, f)
	late := grace
	if len(c.Nodes) == 1 {
		late = 0
	}
	c.Rec.Down(from, c.Rec.Now()+late.Nanoseconds())
	if err != nil {
		c.failed(fmt.Errorf("%v: %w", f, err))
	}
}

func (c *Chaos) failed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.errs = append(c.errs, err)
}

// watch starts a node again that has ended by itself, which none should.
func (c *Chaos) watch(ctx context.Context, n *Node) {
	for c.wait(ctx, 100*time.Millisecond) {
		free := c.hold(n.Name)
		if !n.Runs() {
			c.failed(fmt.Errorf("node %s has ended by itself: %s", n.Name, n.LastWords()))
			if err := n.Restart(ctx); err != nil && ctx.Err() == nil {
				c.failed(err)
			}
		}
		free()
	}
}

// wait lets time pass; false when the run has ended.
func (c *Chaos) wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// break1 makes one fault and heals it.
func (c *Chaos) break1(ctx context.Context, f Fault) error {
	switch f.Kind {
	case FastRestart, CrashRestart:
		mode := map[Kind]string{FastRestart: "fast", CrashRestart: "immediate"}[f.Kind]
		return c.restart(ctx, c.Postgres, mode, f.For)
	case BusRestart:
		return c.restart(ctx, c.NATS, "", f.For)
	case Roll:
		return c.roll(ctx)
	}
	n := c.Nodes[f.Node]
	defer c.hold(n.Name)()
	t := c.Traps.set(ctx, f.Node)
	heal, err := strike(n, f.Kind)
	c.Log("%5.1fs struck node %d: %s, %v", time.Since(c.began).Seconds(), f.Node+1, f.Kind, t)
	if err != nil {
		return errors.Join(err, heal(ctx), t.free(ctx))
	}
	sprung := make(chan error, 1)
	go func() { sprung <- t.spring(ctx) }()
	c.wait(ctx, f.For)
	err = heal(ctx)
	return errors.Join(err, <-sprung, t.free(ctx))
}

// strike breaks a node, or what connects it with its peers, and returns what heals it.
func strike(n *Node, kind Kind) (heal func(context.Context) error, err error) {
	switch kind {
	case Kill:
		return n.Restart, n.Kill()
	case Pause, Blink:
		return func(context.Context) error { return n.Continue() }, n.Pause()
	}
	how := cuts()[kind]
	return func(context.Context) (err error) {
		if how.link == Deaf || how.link == Mute {
			err = n.Reach(Closed, how.peers...)
		}
		return errors.Join(err, n.Reach(Open, how.peers...))
	}, n.Reach(how.link, how.peers...)
}

// cutting is what becomes of which links.
type cutting struct {
	link  Link
	peers []Peer
}

func cuts() map[Kind]cutting {
	return map[Kind]cutting{
		CutDatabase:     {Closed, []Peer{Postgres}},
		StallDatabase:   {Silent, []Peer{Postgres}},
		SilenceDatabase: {Silent, []Peer{Postgres}},
		LoseAnswers:     {Deaf, []Peer{Postgres}},
		LoseRequests:    {Mute, []Peer{Postgres}},
		CutBus:          {Closed, []Peer{NATS}},
		SilenceBus:      {Silent, []Peer{NATS}},
		Isolate:         {Silent, []Peer{Postgres, NATS}},
		CutCallers:      {Closed, []Peer{Callers}},
		Unplug:          {Silent, []Peer{Postgres, NATS, Callers}},
	}
}

func (c *Chaos) restart(ctx context.Context, s Server, mode string, away time.Duration) error {
	defer c.hold(fmt.Sprintf("%T", s))()
	s.Stop(mode)
	c.wait(ctx, away)
	s.Start()
	return nil
}

// roll ends one node after the other with SIGTERM and starts it again.
func (c *Chaos) roll(ctx context.Context) error {
	for _, n := range c.Nodes {
		free := c.hold(n.Name)
		err := n.Stop()
		if err != nil {
			err = fmt.Errorf("node %s: %w", n.Name, err)
		}
		err = errors.Join(err, n.Restart(ctx))
		if free(); err != nil {
			return err
		}
	}
	return nil
}

// hold keeps a node or a server from other faults until the function is called:
// a fault may last longer than planned.
func (c *Chaos) hold(name string) (free func()) {
	mine, _ := c.busy.LoadOrStore(name, &sync.Mutex{})
	mu := mine.(*sync.Mutex)
	mu.Lock()
	return mu.Unlock
}
