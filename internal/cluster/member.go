package cluster

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/session"
)

// Times of membership. A node that is gone is taken for dead LeaseTime after its
// last sign; with the pickup of what waits, once a second, its lanes go on within 5 s.
const (
	BeatEvery = time.Second
	LeaseTime = 4 * time.Second
	beatLimit = 2 * time.Second // of one sign of life
)

// Config of a member. Every field is required but Address.
type Config struct {
	Store   Store
	Name    string
	Address string
	Log     *slog.Logger
}

// Member is this node among the others. It is a session.Cluster. Its methods may
// be called from any goroutine; what it asks of the store it asks in its own.
type Member struct {
	cfg    Config
	sign   Sign
	clock  clock
	view   atomic.Pointer[view]
	nudged chan struct{}
	talk   listeners
	warned map[session.ID]bool // of nodes with the same name; only a beat uses it

	mu   sync.Mutex
	stop context.CancelFunc
	done sync.WaitGroup
}

// New returns a member that nobody knows of yet.
func New(cfg Config) *Member {
	m := &Member{cfg: cfg, nudged: make(chan struct{}, 1), warned: map[session.ID]bool{}}
	m.sign = Sign{Node: Node{ID: session.NewID(time.Now()), Name: cfg.Name, Address: cfg.Address}, For: LeaseTime}
	m.talk.init(cfg.Log)
	m.view.Store(&view{self: m.sign.ID})
	return m
}

// Start joins the cluster and stays in it until Stop. An error says that the store
// could not be reached.
func (m *Member) Start(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stop != nil {
		return nil
	}
	if err := m.beat(ctx); err != nil {
		return err
	}
	ctx, m.stop = context.WithCancel(context.WithoutCancel(ctx))
	m.done.Go(func() { m.run(ctx) })
	m.done.Go(func() { m.talk.run(ctx) })
	return nil
}

// Stop leaves the cluster: what this node holds is free for the others at once.
// It comes after everything that holds a lease has ended.
func (m *Member) Stop(ctx context.Context) {
	m.mu.Lock()
	stop := m.stop
	m.stop = nil
	m.mu.Unlock()
	if stop == nil {
		return
	}
	stop()
	m.done.Wait()
	m.view.Store(&view{self: m.sign.ID})
	if err := m.cfg.Store.Leave(ctx, m.sign.ID); err != nil {
		m.cfg.Log.WarnContext(ctx, "the node could not say good-bye; the others wait for it to be gone", "error", err.Error())
	}
}

// run beats until ctx ends. A beat that failed is tried again soon.
func (m *Member) run(ctx context.Context) {
	tick := time.NewTicker(BeatEvery)
	defer tick.Stop()
	failed := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-m.nudged:
		}
		err := m.beat(ctx)
		if ctx.Err() != nil {
			return
		}
		if failed = m.report(err, failed); failed {
			select {
			case <-ctx.Done():
			case <-time.After(BeatEvery / 4):
				m.Look()
			}
		}
	}
}

// report logs the first of several failures, and the end of them.
func (m *Member) report(err error, failed bool) bool {
	switch {
	case err != nil && !failed:
		m.cfg.Log.Error("no sign of life could be given", "error", err.Error(), "alive", m.Alive(m.sign.ID))
	case err == nil && failed:
		m.cfg.Log.Info("the cluster is in sight again")
	}
	return err != nil
}

func (m *Member) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatLimit)
	defer cancel()
	sent := time.Now()
	state, err := m.cfg.Store.Beat(ctx, m.sign)
	if err != nil {
		return err
	}
	answered := time.Now()
	m.clock.set(sent, answered, state.NowUs)
	next := m.view.Load().next(m.sign, state, sent, answered)
	m.warn(next.twins(m.view.Load()))
	m.view.Store(next)
	m.talk.hear(next, state.Revisions)
	return nil
}

// warn says once of each node that has this one's name: a proxy that routes by the
// names in sids sends half of the polls to the wrong one.
func (m *Member) warn(twins []Node) {
	for _, twin := range twins {
		if !m.warned[twin.ID] {
			m.warned[twin.ID] = true
			m.cfg.Log.Warn("another node has the same name; give each its own with the setting node", "node", twin.Name, "address", twin.Address)
		}
	}
}

// Look gives a sign now and sees what is new, as after a hint.
func (m *Member) Look() {
	select {
	case m.nudged <- struct{}{}:
	default:
	}
}

// Self is session.Cluster's.
func (m *Member) Self() session.ID { return m.sign.ID }

// Alive is session.Cluster's. Of itself a node says so only while no other can
// take it for dead.
func (m *Member) Alive(node session.ID) bool { return m.view.Load().alive(node, time.Now()) }

// Others is session.Cluster's.
func (m *Member) Others() []session.ID { return m.view.Load().others(time.Now()) }

// Leads is session.Cluster's.
func (m *Member) Leads() bool { return time.Now().Before(m.view.Load().leads) }

// Now is the store's time, the same on all nodes but for the time that a question to
// the store is on its way. It goes back only where the store's clock is set back by
// more than a second, as by a failover.
func (m *Member) Now() time.Time { return m.clock.now() }

// Offset is how far the store's clock is before this machine's.
func (m *Member) Offset() time.Duration { return m.clock.offset() }

// Sight is a node as this one sees it.
type Sight struct {
	Node
	Self, Alive, Leads bool
}

// Nodes are those there are, also some that are gone, the longest running first.
func (m *Member) Nodes() []Sight { return m.view.Load().sights(time.Now()) }

// OnChange registers what is done when the revision of a name rises, and once in
// the beginning where it is not zero: nobody knows what was read before. What
// failed is done again a second later. It is called before Start, runs in a
// goroutine of its own and holds up nothing but the others of its kind.
func (m *Member) OnChange(name string, do func(context.Context) error) { m.talk.onChange(name, do) }

// OnDeath registers what is done when a node has left or is taken for dead: as
// OnChange's.
func (m *Member) OnDeath(do func(context.Context, Node)) { m.talk.onDeath(do) }

// OnLead registers what is done when this node takes the duty: as OnChange's.
func (m *Member) OnLead(do func(context.Context)) { m.talk.onLead(do) }

// SavePresence tells the others how many connections each agent has here.
func (m *Member) SavePresence(ctx context.Context, connections map[string]int) error {
	return m.cfg.Store.SavePresence(ctx, m.sign.ID, connections)
}

// Presence sums the connections of agents on the other living nodes.
func (m *Member) Presence(ctx context.Context) (map[string]int, error) {
	return m.cfg.Store.Presence(ctx, m.sign.ID)
}
