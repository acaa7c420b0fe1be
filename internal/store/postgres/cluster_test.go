package postgres

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/cluster"
	"parley/internal/session"
	"parley/internal/session/sessiontest"
)

// mortal is a store of signs of life that can be cut off.
type mortal struct {
	cluster.Store
	cut atomic.Bool
}

func (m *mortal) Beat(ctx context.Context, sign cluster.Sign) (*cluster.State, error) {
	if m.cut.Load() {
		return nil, errors.New("cut off")
	}
	return m.Store.Beat(ctx, sign)
}

func newMember(t *testing.T, store cluster.Store, name string) *cluster.Member {
	return cluster.New(cluster.Config{Store: store, Name: name, Address: name + ":80", Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
}

// join starts a member that leaves when the test ends.
func join(t *testing.T, m *cluster.Member) {
	t.Helper()
	if err := m.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Stop(context.Background()) })
}

// await fails when a condition does not come true.
func await(t *testing.T, what string, true func() bool) {
	t.Helper()
	const within = 2 * time.Minute // for a busy machine; in a bubble package cluster says how long it takes
	for began := time.Now(); !true(); <-time.After(10 * time.Millisecond) {
		if time.Since(began) > within {
			t.Fatalf("%s: not within %s", what, within)
		}
	}
}

// left is how long the duty of a node stands, by the database's clock, in ms; none: it
// is somebody else's.
func left(t *testing.T, store *Store, m *cluster.Member) []string {
	t.Helper()
	return asked(t, store, "SELECT until_ms - (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM duties WHERE name = 'lead' AND holder = '"+m.Self().String()+"'")
}

// TestCluster_DutyOfAClockAhead: a leader that died when the database's clock was an
// hour ahead does not keep the duty for an hour.
func TestCluster_DutyOfAClockAhead(t *testing.T) {
	store := openStore(t, fresh(t))
	insist(t, store, "INSERT INTO duties (name, holder, until_ms) VALUES ('lead', '"+session.NewID(time.Now()).String()+"', extract(epoch FROM clock_timestamp())::bigint * 1000 + 3600000)")
	m := newMember(t, store.Cluster(), "next")
	join(t, m)
	if !m.Leads() {
		t.Error("nobody leads")
	}
}

// TestCluster_DutyMovesFromADeadNode: it is with one node at a time, and with another
// one within 5 s of the death of its holder.
func TestCluster_DutyMovesFromADeadNode(t *testing.T) {
	store := openStore(t, fresh(t))
	heart := &mortal{Store: store.Cluster()}
	first, second := newMember(t, heart, "first"), newMember(t, store.Cluster(), "second")
	died := make(chan cluster.Node, 1)
	took := make(chan struct{}, 1)
	second.OnDeath(func(_ context.Context, n cluster.Node) { died <- n })
	second.OnLead(func(context.Context) { took <- struct{}{} })
	join(t, first)
	join(t, second)
	if !first.Leads() || second.Leads() {
		t.Fatalf("the first leads: %v, the second: %v", first.Leads(), second.Leads())
	}
	await(t, "they see each other", func() bool { return len(first.Others()) == 1 && len(second.Others()) == 1 })
	if !first.Alive(second.Self()) || !second.Alive(first.Self()) {
		t.Error("living nodes are taken for dead")
	}
	heart.cut.Store(true)
	for _, ms := range left(t, store, first) {
		if n, err := strconv.ParseInt(ms, 10, 64); err != nil || n > cluster.LeaseTime.Milliseconds() {
			t.Errorf("the duty of the dead node stands for %s ms (%v)", ms, err)
		}
	}
	var both atomic.Bool
	await(t, "the duty moves", func() bool {
		if second.Leads() && first.Leads() {
			both.Store(true)
		}
		return second.Leads()
	})
	if both.Load() {
		t.Error("both led at once")
	}
	if first.Alive(first.Self()) {
		t.Error("a node without a sign of life for that long takes itself for alive")
	}
	if n := <-died; n.ID != first.Self() || n.Name != "first" || n.Address != "first:80" {
		t.Errorf("%+v died, want the first", n)
	}
	<-took
	heart.cut.Store(false)
	await(t, "the first is back", func() bool { return first.Alive(first.Self()) && second.Alive(first.Self()) })
	if first.Leads() {
		t.Error("the duty went back by itself")
	}
}

// TestCluster_LeavesAtOnce: who says good-bye is not waited for.
func TestCluster_LeavesAtOnce(t *testing.T) {
	store := openStore(t, fresh(t))
	first, second := newMember(t, store.Cluster(), "first"), newMember(t, store.Cluster(), "second")
	join(t, first)
	join(t, second)
	await(t, "they see each other", func() bool { return second.Alive(first.Self()) })
	first.Stop(t.Context())
	if first.Alive(first.Self()) || first.Leads() {
		t.Error("who left is still there in its own eyes")
	}
	for _, ms := range left(t, store, first) {
		if !strings.HasPrefix(ms, "-") {
			t.Errorf("the duty of who left stands for %s ms", ms)
		}
	}
	await(t, "the duty moves", second.Leads)
	if second.Alive(first.Self()) {
		t.Error("who left is taken for alive")
	}
	if nodes := second.Nodes(); len(nodes) != 1 || !nodes[0].Self || !nodes[0].Leads || !nodes[0].Alive {
		t.Errorf("the nodes are %+v", nodes)
	}
}

// TestCluster_TellsOfRevisions: each rise is told, in the beginning too, and what
// failed again.
func TestCluster_TellsOfRevisions(t *testing.T) {
	store := openStore(t, fresh(t))
	raise := func(name string) {
		insist(t, store, "INSERT INTO revisions (name, n) VALUES ('"+name+"', 1) ON CONFLICT (name) DO UPDATE SET n = revisions.n + 1")
	}
	raise("registry")
	m := newMember(t, store.Cluster(), "one")
	told := make(chan string, 8)
	m.OnChange("registry", func(context.Context) error { told <- "registry"; return nil })
	failed := false
	m.OnChange("people", func(context.Context) error {
		if !failed {
			failed = true
			return errors.New("not now")
		}
		told <- "people"
		return nil
	})
	join(t, m)
	if name := <-told; name != "registry" {
		t.Errorf("told of %s", name)
	}
	raise("people")
	m.Look()
	if name := <-told; name != "people" {
		t.Errorf("told of %s", name)
	}
	raise("registry")
	if name := <-told; name != "registry" {
		t.Errorf("told of %s", name)
	}
	select {
	case name := <-told:
		t.Errorf("told of %s once more", name)
	default:
	}
}

// TestCluster_Presence: what a node says stands while it is there.
func TestCluster_Presence(t *testing.T) {
	store := openStore(t, fresh(t))
	first, second, third := newMember(t, store.Cluster(), "first"), newMember(t, store.Cluster(), "second"), newMember(t, store.Cluster(), "third")
	changed := make(chan struct{}, 16)
	third.OnChange("presence", func(context.Context) error { changed <- struct{}{}; return nil })
	join(t, first)
	join(t, second)
	join(t, third)
	say := func(m *cluster.Member, connections map[string]int) {
		t.Helper()
		if err := m.SavePresence(t.Context(), connections); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(m *cluster.Member, want map[string]int) {
		t.Helper()
		got, err := m.Presence(t.Context())
		if err != nil || len(got) != len(want) {
			t.Fatalf("got %v, %v, want %v", got, err, want)
		}
		for agent, n := range want {
			if got[agent] != n {
				t.Errorf("got %v, want %v", got, want)
			}
		}
	}
	say(first, map[string]int{"ann": 1, "bob": 2})
	say(second, map[string]int{"bob": 3})
	<-changed
	expect(third, map[string]int{"ann": 1, "bob": 5})
	expect(first, map[string]int{"bob": 3})
	say(first, map[string]int{"bob": 1})
	expect(third, map[string]int{"bob": 4})
	second.Stop(t.Context())
	expect(third, map[string]int{"bob": 1})
	say(first, nil)
	expect(third, map[string]int{})
}

// TestCluster_OneClock: the nodes' clocks agree to the time a question takes.
func TestCluster_OneClock(t *testing.T) {
	store := openStore(t, fresh(t))
	first, second := newMember(t, store.Cluster(), "first"), newMember(t, store.Cluster(), "second")
	began := time.Now()
	join(t, first)
	join(t, second)
	took := time.Since(began) + 10*time.Millisecond // for the questions
	if off := first.Now().Sub(second.Now()); off.Abs() > took {
		t.Errorf("they are %s apart", off)
	}
	if off := first.Offset(); off.Abs() > took {
		t.Errorf("the offset to a server on this machine is %s", off)
	}
}

var _ session.Cluster = (*cluster.Member)(nil)

// TestNodes: each node has connections of its own, as it has where it runs alone.
func TestNodes(t *testing.T) {
	sessiontest.Nodes(t, sessiontest.Stage{
		Share: func(t *testing.T) func(*testing.T) session.Store {
			url := fresh(t)
			return func(t *testing.T) session.Store { return openStore(t, url) }
		},
		Within: func(t *testing.T, run func(*testing.T)) {
			t.Parallel() // they wait most of the time
			run(t)
		},
		Slack: time.Minute, // for a busy machine; on SQLite a bubble says how long things take
	})
}
