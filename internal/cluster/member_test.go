package cluster_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/cluster"
	"parley/internal/session"
)

// register is a cluster.Store in memory whose clock is ahead of the nodes' and
// that can be away. What a real one does is tested where it is.
type register struct {
	mu     sync.Mutex
	away   bool
	nodes  map[session.ID]cluster.Node
	leader session.ID
	until  int64
	ahead  time.Duration
}

var errAway = errors.New("away")

func (r *register) set(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

func (r *register) Beat(_ context.Context, sign cluster.Sign) (*cluster.State, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return nil, errAway
	}
	now := time.Now().Add(r.ahead)
	sign.UntilMs = now.Add(sign.For).UnixMilli()
	r.nodes[sign.ID] = sign.Node
	if r.leader == sign.ID || r.until <= now.UnixMilli() {
		r.leader, r.until = sign.ID, sign.UntilMs
	}
	state := &cluster.State{NowUs: now.UnixMicro(), Leader: r.leader, LeadsMs: r.until}
	for _, n := range r.nodes {
		state.Nodes = append(state.Nodes, n)
	}
	return state, nil
}

func (r *register) Leave(_ context.Context, node session.ID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.nodes, node)
	if r.leader == node {
		r.until = 0
	}
	return nil
}

func (r *register) SavePresence(context.Context, session.ID, map[string]int) error { return nil }

func (r *register) Presence(context.Context, session.ID) (map[string]int, error) { return nil, nil }

// gate lets one node's signs through, or not.
type gate struct {
	cluster.Store
	mu   sync.Mutex
	shut bool
}

func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
}

func (g *gate) Beat(ctx context.Context, sign cluster.Sign) (*cluster.State, error) {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut {
		<-ctx.Done() // nobody answers
		return nil, ctx.Err()
	}
	return g.Store.Beat(ctx, sign)
}

type town struct {
	store *register
	gates []*gate
	nodes []*cluster.Member
	dead  []string // as the nodes were told, "by>who"
	mu    sync.Mutex
}

func build(t *testing.T, n int) *town {
	w := &town{store: &register{nodes: map[session.ID]cluster.Node{}, ahead: time.Hour}}
	for i := range n {
		g := &gate{Store: w.store}
		m := cluster.New(cluster.Config{Store: g, Name: string(rune('a' + i)), Log: slog.New(slog.DiscardHandler)})
		m.OnDeath(func(_ context.Context, dead cluster.Node) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.dead = append(w.dead, string(rune('a'+i))+">"+dead.Name)
		})
		if err := m.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { m.Stop(context.Background()) })
		w.gates, w.nodes = append(w.gates, g), append(w.nodes, m)
	}
	pass(2 * time.Second)
	return w
}

func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// heard returns what was told of deaths and forgets it.
func (w *town) heard() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	told := w.dead
	w.dead = nil
	return told
}

// TestMember_NeverSurerThanTheOthers: a node that is cut off stops trusting itself
// before anybody else takes it for dead, and never do two of them lead.
func TestMember_NeverSurerThanTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := build(t, 2)
		a, b := w.nodes[0], w.nodes[1]
		if !a.Leads() || b.Leads() {
			t.Fatal("the first does not lead alone")
		}
		w.gates[0].set(true)
		began := time.Now()
		for b.Alive(a.Self()) {
			pass(10 * time.Millisecond)
		}
		if took := time.Since(began); took > cluster.LeaseTime+time.Second || a.Alive(a.Self()) || a.Leads() {
			t.Errorf("dead after %s; it takes itself for alive: %v, for the leader: %v", took, a.Alive(a.Self()), a.Leads())
		}
		for !b.Leads() {
			if a.Leads() {
				t.Fatal("the old leader leads again")
			}
			pass(10 * time.Millisecond)
		}
		if took := time.Since(began); took > 5*time.Second+500*time.Millisecond {
			t.Errorf("the duty moved after %s", took)
		}
		if told := w.heard(); len(told) != 1 || told[0] != "b>a" {
			t.Errorf("told of %v, want the death of a, once", told)
		}
		w.gates[0].set(false)
		pass(4 * time.Second)
		if !a.Alive(a.Self()) || !b.Alive(a.Self()) || a.Leads() || len(w.heard()) != 0 {
			t.Error("the node that came back is not one of them, or leads")
		}
	})
}

// TestMember_StoreAway: when the store comes back, nobody takes the others for dead
// because it was faster.
func TestMember_StoreAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := build(t, 3)
		w.store.set(func() { w.store.away = true })
		pass(10 * time.Second)
		for _, n := range w.nodes {
			if n.Alive(n.Self()) || n.Leads() {
				t.Error("a node trusts itself without a store")
			}
		}
		told := w.heard()
		w.gates[1].set(true) // one more beat of it will fail
		w.store.set(func() { w.store.away = false })
		pass(300 * time.Millisecond)
		w.gates[1].set(false)
		a, b := w.nodes[0], w.nodes[1]
		if !a.Alive(a.Self()) || !a.Alive(b.Self()) {
			t.Errorf("after the store came back: itself %v, the slower one %v", a.Alive(a.Self()), a.Alive(b.Self()))
		}
		pass(3 * time.Second)
		if told = append(told, w.heard()...); len(told) != 0 || !a.Alive(b.Self()) || len(a.Others()) != 2 {
			t.Errorf("told of %v, others %d", told, len(a.Others()))
		}
		w.gates[1].set(true)
		pass(6 * time.Second)
		if a.Alive(b.Self()) {
			t.Error("the grace does not end")
		}
	})
}

// TestMember_Clock: the nodes show the store's time. It does not go back for a little,
// but it goes with a store whose clock is set.
func TestMember_Clock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := build(t, 1)
		m := w.nodes[0]
		expect := func(ahead time.Duration) {
			t.Helper()
			if off := m.Now().Sub(time.Now().Add(ahead)); off.Abs() > time.Millisecond {
				t.Errorf("off by %s", off)
			}
		}
		expect(time.Hour)
		if m.Offset() != time.Hour {
			t.Errorf("the offset is %s", m.Offset())
		}
		w.store.set(func() { w.store.ahead = 2 * time.Hour })
		pass(2 * time.Second)
		expect(2 * time.Hour)
		before := m.Now()
		w.store.set(func() { w.store.ahead -= 500 * time.Millisecond })
		for range 20 {
			pass(100 * time.Millisecond)
			now := m.Now()
			if now.Before(before) {
				t.Errorf("it went back by %s", before.Sub(now))
			}
			before = now
		}
		w.store.set(func() { w.store.ahead = time.Hour })
		pass(2 * time.Second)
		expect(time.Hour)
		before = m.Now()
		pass(time.Second)
		if took := m.Now().Sub(before); took != time.Second {
			t.Errorf("a second took %s", took)
		}
	})
}

// TestMember_DeadWithTheClockBack: a node that dies while the store's clock is set back
// is missed as soon as any other.
func TestMember_DeadWithTheClockBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := build(t, 2)
		a, b := w.nodes[0], w.nodes[1]
		w.gates[0].set(true)
		w.store.set(func() { w.store.ahead = 0 })
		pass(cluster.LeaseTime + 2*time.Second)
		if b.Alive(a.Self()) || !b.Alive(b.Self()) {
			t.Errorf("the dead node is alive: %v, the other one: %v", b.Alive(a.Self()), b.Alive(b.Self()))
		}
	})
}

// TestMember_SameName: a node says once that another one has its name, and nothing of
// the process that it replaces.
func TestMember_SameName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &register{nodes: map[session.ID]cluster.Node{}}
		var log strings.Builder
		start := func(to cluster.Store, log *slog.Logger) *cluster.Member {
			m := cluster.New(cluster.Config{Store: to, Name: "twin", Address: "here", Log: log})
			if err := m.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { m.Stop(context.Background()) })
			return m
		}
		killed := &gate{Store: store}
		start(killed, slog.New(slog.DiscardHandler))
		killed.set(true)
		m := start(store, slog.New(slog.NewTextHandler(&log, nil)))
		pass(10 * time.Second)
		if log.Len() > 0 {
			t.Errorf("of the one before it says %s", log.String())
		}
		start(store, slog.New(slog.DiscardHandler))
		pass(10 * time.Second)
		m.Stop(t.Context())
		if n := strings.Count(log.String(), "the same name"); n != 1 {
			t.Errorf("said %d times", n)
		}
	})
}

// TestMember_StartWithoutStore: who cannot be seen does not start.
func TestMember_StartWithoutStore(t *testing.T) {
	m := cluster.New(cluster.Config{Store: &register{away: true}, Name: "a", Log: slog.New(slog.DiscardHandler)})
	if err := m.Start(t.Context()); !errors.Is(err, errAway) {
		t.Errorf("got %v", err)
	}
	if m.Alive(m.Self()) || m.Leads() || len(m.Nodes()) != 0 {
		t.Error("it is in its own cluster")
	}
	m.Stop(t.Context())
}
