package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/pgtest"
	"parley/internal/session"
	"parley/internal/session/sessiontest"
)

// node is a core on a store that others share, without lanes.
type node struct {
	*testing.T
	store *Store
	core  *session.Core
	in    *session.Integration
}

func newNode(t *testing.T, url string) *node {
	t.Helper()
	n := &node{T: t, store: openStore(t, url), in: sessiontest.Integration("house")}
	n.core = session.New(session.Config{
		Store: n.store, Shared: true, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Integration: func(id string) (*session.Integration, bool) { return n.in, id == n.in.ID },
		Bot:         func(*session.Integration) session.Bot { return nil },
	})
	return n
}

func (n *node) create() session.ID {
	n.Helper()
	made, err := n.core.Create(context.Background(), n.in, session.Create{Channel: session.KindCustom})
	if err != nil {
		n.Fatal(err)
	}
	return made.Session.ID
}

func (n *node) merge(id session.ID, key string) (version int64, err error) {
	made, err := n.core.Merge(context.Background(), n.in, id, &session.Update{
		Patch: session.Document{"live_instructions": map[string]any{key: true}}})
	if err != nil {
		return 0, err
	}
	return made.Version, nil
}

// keys are what merges have written, and the version they made.
func (n *node) keys(id session.ID) (map[string]any, int64) {
	n.Helper()
	v, err := n.core.At(context.Background(), n.in, id)
	if err != nil {
		n.Fatal(err)
	}
	found, _ := v.Document.At("live_instructions")
	m, _ := found.(map[string]any)
	return m, v.Chain.Version
}

// ledger is what callers were told.
type ledger struct {
	mu       sync.Mutex
	versions map[session.ID]map[int64]string
	refused  map[session.ID][]string
}

func (l *ledger) note(t *testing.T, id session.ID, key string, version int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.versions == nil {
		l.versions, l.refused = map[session.ID]map[int64]string{}, map[session.ID][]string{}
	}
	if l.versions[id] == nil {
		l.versions[id] = map[int64]string{}
	}
	switch {
	case session.CodeOf(err) == session.CodeUnavailable:
		l.refused[id] = append(l.refused[id], key)
	case err != nil:
		t.Errorf("%s: %v", key, err)
	case l.versions[id][version] != "":
		t.Errorf("version %d was given to %s and %s", version, l.versions[id][version], key)
	default:
		l.versions[id][version] = key
	}
}

// check compares what was told with what is there: every confirmed key, in versions
// without a gap, with one event each, and nothing that was refused.
func (l *ledger) check(n *node) {
	n.Helper()
	for id, versions := range l.versions {
		keys, last := n.keys(id)
		for v := int64(2); v <= last; v++ {
			key, told := versions[v]
			if !told {
				n.Errorf("nobody was told version %d", v)
			}
			if _, there := keys[key]; told && !there {
				n.Errorf("%s was confirmed as version %d and is lost", key, v)
			}
		}
		if len(versions) != int(last)-1 || len(keys) != len(versions) {
			n.Errorf("%d confirmed, %d keys, version %d", len(versions), len(keys), last)
		}
		for _, key := range l.refused[id] {
			if _, there := keys[key]; there {
				n.Errorf("%s was refused and is there", key)
			}
		}
		events, err := n.core.Events(context.Background(), id, 0, 1000)
		if err != nil || len(events) != int(last) {
			n.Errorf("%d events with version %d (%v)", len(events), last, err)
		}
		for i, ev := range events {
			if ev.Sequence != int64(i+1) {
				n.Errorf("event %d stands at place %d", ev.Sequence, i+1)
			}
		}
	}
}

// load merges from many goroutines over the given nodes and sessions.
func (l *ledger) load(t *testing.T, workers, each int, nodes []*node, ids []session.ID, pause func(done int)) {
	var all sync.WaitGroup
	var done atomic.Int64
	for w := range workers {
		all.Go(func() {
			n := nodes[w%len(nodes)]
			for i := range each {
				id, key := ids[(w+i)%len(ids)], fmt.Sprintf("w%d_%d", w, i)
				version, err := n.merge(id, key)
				l.note(t, id, key, version, err)
				if pause != nil {
					pause(int(done.Add(1)))
				}
			}
		})
	}
	all.Wait()
}

// TestCommit_CutBeforeItsAnswer: the connection is lost between COMMIT and its answer,
// the server having seen it or not. Everybody is told a success, once, and it is one.
func TestCommit_CutBeforeItsAnswer(t *testing.T) {
	var commits atomic.Int64
	w, url := newWire(t, fresh(t), func(packet []byte) string {
		if runs(packet, "VoidCommit") && commits.Add(1)%5 == 0 {
			return cutLate // the question after the outcome has no luck either
		}
		if !runs(packet, "Commit") {
			return ""
		}
		switch commits.Add(1) % 9 {
		case 3:
			return cutLate
		case 5:
			return cutAfter
		case 7:
			return cutBefore
		}
		return ""
	})
	n := newNode(t, url)
	ids := []session.ID{n.create(), n.create(), n.create()}
	var l ledger
	l.load(t, 8, 20, []*node{n}, ids, nil)
	l.check(n)
	if len(l.refused) > 0 {
		t.Errorf("refused: %v", l.refused)
	}
	if w.cuts.Load() < 10 {
		t.Errorf("only %d connections were cut", w.cuts.Load())
	}
	if n.store.Healthy() != nil {
		t.Errorf("not healthy after all: %v", n.store.Healthy())
	}
}

// TestWithin_CutBeforeItsAnswer: the same for what the other ports write.
func TestWithin_CutBeforeItsAnswer(t *testing.T) {
	var commits atomic.Int64
	_, url := newWire(t, fresh(t), func(packet []byte) string {
		if runs(packet, "Commit") {
			return map[int64]string{1: cutLate, 3: cutBefore, 5: cutAfter}[commits.Add(1)%6]
		}
		return ""
	})
	s := openStore(t, url)
	insist(t, s, "CREATE TABLE counted (n bigint NOT NULL)")
	insist(t, s, "INSERT INTO counted VALUES (0)")
	told := 0
	for range 30 {
		err := s.within(t.Context(), func(c *conn) error {
			if err := c.run(&step{name: "Ping"}); err != nil { // begins
				return err
			}
			_, err := c.raw.Exec(c.ctx, "UPDATE counted SET n = n + 1").ReadAll()
			return err
		})
		switch {
		case err == nil:
			told++
		case session.CodeOf(err) != session.CodeUnavailable:
			t.Error(err)
		}
	}
	var n string
	err := s.with(t.Context(), func(c *conn) error {
		results, err := c.raw.Exec(c.ctx, "SELECT n FROM counted").ReadAll()
		if err == nil {
			n = string(results[0].Rows[0][0])
		}
		return err
	})
	if err != nil || n != strconv.Itoa(told) || told < 15 {
		t.Errorf("counted to %s, was told %d successes (%v)", n, told, err)
	}
}

// TestWithin_ManyCutAtOnce: more of them than there are connections ask what became of
// their COMMIT, and none holds what another needs.
func TestWithin_ManyCutAtOnce(t *testing.T) {
	var commits atomic.Int64
	_, url := newWire(t, fresh(t), func(packet []byte) string {
		if runs(packet, "Commit") && commits.Add(1) <= 2*directSize {
			return cutLate
		}
		return ""
	})
	s := openStore(t, url)
	var all sync.WaitGroup
	for range 4 * directSize {
		all.Go(func() {
			if err := s.within(t.Context(), func(c *conn) error { return c.run(&step{name: "Ping"}) }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// TestServer_KilledUnderLoad: PostgreSQL crashes and comes back. What was confirmed is
// there, what was refused is not, and the store recovers by itself.
func TestServer_KilledUnderLoad(t *testing.T) {
	server := pgtest.Start(t)
	n := newNode(t, server.Database(t))
	ids := []session.ID{n.create(), n.create(), n.create(), n.create()}
	var l ledger
	l.load(t, 8, 60, []*node{n}, ids, func(done int) {
		if done == 120 || done == 300 {
			server.Stop(t, "immediate")
			server.Start(t)
		}
	})
	l.check(n)
	confirmed := 0
	for _, v := range l.versions {
		confirmed += len(v)
	}
	if confirmed < 300 {
		t.Errorf("only %d of 480 were confirmed", confirmed)
	}
}

// TestClose_WithoutAnAnswer: a store that waits for what became of a COMMIT, of a server
// that never comes back, can be closed.
func TestClose_WithoutAnAnswer(t *testing.T) {
	server := pgtest.Start(t)
	var commits atomic.Int64
	lost := make(chan struct{})
	_, url := newWire(t, server.Database(t), func(packet []byte) string {
		if runs(packet, "Commit") && commits.Add(1) == 2 {
			server.Stop(t, "immediate")
			close(lost)
			return cutBefore
		}
		return ""
	})
	n := newNode(t, url)
	id := n.create()
	told := make(chan error, 1)
	go func() {
		_, err := n.merge(id, "k")
		told <- err
	}()
	<-lost
	if err := n.store.Close(); err != nil {
		t.Error(err)
	}
	if err := <-told; session.CodeOf(err) != session.CodeUnavailable {
		t.Errorf("got %v, want unavailable", err)
	}
}

// TestClose_RunsNothingTwice: a store that closes before it knows what became of a
// COMMIT does not run the changes again.
func TestClose_RunsNothingTwice(t *testing.T) {
	database := fresh(t)
	var armed, cut atomic.Bool
	lost := make(chan struct{})
	_, url := newWire(t, database, func(packet []byte) string {
		switch {
		case armed.Load() && runs(packet, "Commit") && cut.CompareAndSwap(false, true):
			close(lost)
			return cutLate
		case runs(packet, "VoidCommit"):
			return cutBefore
		}
		return ""
	})
	n := newNode(t, url)
	id := n.create()
	armed.Store(true)
	told := make(chan error, 1)
	go func() {
		_, err := n.core.Accept(context.Background(), n.in, session.Incoming{Handle: id, Input: session.Input{Text: "once"}, Raw: []byte(`{"input":{"text":"once"}}`)})
		told <- err
	}()
	<-lost
	if err := n.store.Close(); err != nil {
		t.Error(err)
	}
	if err := <-told; session.CodeOf(err) != session.CodeUnavailable {
		t.Errorf("got %v, want unavailable", err)
	}
	err := openStore(t, database).View(t.Context(), func(rows session.Rows) error {
		s, err := rows.Session(id)
		if err != nil {
			return err
		}
		waiting, err := rows.Pending(s.Client)
		if len(waiting) != 1 {
			t.Errorf("%d messages, want the one that was committed", len(waiting))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSweep_ForgetsTransactions: only those that nobody can ask for any more.
func TestSweep_ForgetsTransactions(t *testing.T) {
	n := newNode(t, fresh(t))
	n.create()
	insist(t, n.store, "UPDATE commits SET at_ms = at_ms - 3601000")
	n.create()
	_, err := n.store.Sweep(t.Context(), time.Now().Add(-48*time.Hour).UnixMilli(), session.Retention{})
	rows := func(query string) (count int) {
		err = errors.Join(err, n.store.direct.with(t.Context(), func(c *conn) error {
			got, err := c.raw.Exec(c.ctx, query).ReadAll()
			count = len(got[0].Rows)
			return err
		}))
		return count
	}
	all, young := rows("SELECT id FROM commits"), rows("SELECT id FROM commits WHERE at_ms > extract(epoch FROM clock_timestamp()) * 1000 - 60000")
	if err != nil || young == 0 || all != young {
		t.Errorf("%d transactions are known, %d of them young (%v)", all, young, err)
	}
}

// TestServer_Away: while there is no server, calls are refused in time and the store is
// sick; when it is back, so is the store.
func TestServer_Away(t *testing.T) {
	server := pgtest.Start(t)
	n := newNode(t, server.Database(t))
	id := n.create()
	server.Stop(t, "fast")
	var all sync.WaitGroup
	began := time.Now()
	for i := range 40 {
		all.Go(func() {
			if _, err := n.merge(id, fmt.Sprint("k", i)); session.CodeOf(err) != session.CodeUnavailable {
				t.Errorf("got %v, want unavailable", err)
			}
		})
		all.Go(func() {
			if _, err := n.core.At(t.Context(), n.in, id); session.CodeOf(err) != session.CodeUnavailable {
				t.Errorf("a read got %v, want unavailable", err)
			}
		})
	}
	all.Wait()
	if took := time.Since(began); took > patience+time.Minute {
		t.Errorf("refused after %s", took)
	}
	if session.CodeOf(n.store.Healthy()) != session.CodeUnavailable {
		t.Errorf("health is %v", n.store.Healthy())
	}
	server.Start(t)
	if _, err := n.merge(id, "back"); err != nil {
		t.Error(err)
	}
	for n.store.Healthy() != nil { // the probe sees it too; the test's own limit ends this
		if t.Context().Err() != nil {
			t.Fatal("never healthy again")
		}
		<-time.After(probeEvery)
	}
	if keys, version := n.keys(id); len(keys) != 1 || version != 2 {
		t.Errorf("%d keys and version %d: what was refused is there", len(keys), version)
	}
}

// TestNodes_OverlappingGroups: two nodes write to the same clients as fast as they can.
// No update is lost, no transaction is killed for a deadlock.
func TestNodes_OverlappingGroups(t *testing.T) {
	url := fresh(t)
	nodes := []*node{newNode(t, url), newNode(t, url)}
	var ids []session.ID
	for range 12 {
		ids = append(ids, nodes[0].create())
	}
	var l ledger
	l.load(t, 32, 24, nodes, ids, nil)
	l.check(nodes[1])
	if len(l.refused) > 0 {
		t.Errorf("refused: %v", l.refused)
	}
	if n := asked(t, nodes[0].store, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); n[0] != "0" {
		t.Errorf("%s deadlocks", n[0])
	}
}

// TestNodes_OnePausedInATransaction: a node that stops while it holds a client's lock is
// thrown out by the server. Until then only that client waits.
func TestNodes_OnePausedInATransaction(t *testing.T) {
	url := fresh(t)
	paused, n := newNode(t, url), newNode(t, url)
	stuck, free := n.create(), n.create()
	locked, over := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := paused.store.direct.with(context.Background(), func(c *conn) error {
			c.ahead = []*step{{name: "Begin"}}
			if err := c.run(&step{name: "LockClients", args: []any{[]session.ID{stuck}, []string{}, []string{}}}); err != nil {
				return err
			}
			close(locked)
			<-over
			return c.run(&step{name: "Ping"})
		})
		if !isAway(err) {
			t.Errorf("the paused node goes on in its transaction: %v", err)
		}
	})
	<-locked
	held := make(chan error, 1)
	all.Go(func() {
		_, err := n.merge(stuck, "patient")
		held <- err
	})
	for i := range 50 {
		if _, err := n.merge(free, fmt.Sprint("k", i)); err != nil {
			t.Error(err)
		}
	}
	select {
	case err := <-held:
		t.Errorf("the client that another node has was written to (%v)", err)
	default:
	}
	if err := <-held; err != nil {
		t.Errorf("the client stayed locked: %v", err)
	}
	close(over)
	all.Wait()
}

// TestRemembered_OnceOnTwoNodes: of two calls with one Idempotency-Key one does it, the
// other gets its answer.
func TestRemembered_OnceOnTwoNodes(t *testing.T) {
	url := fresh(t)
	nodes := []*node{newNode(t, url), newNode(t, url)}
	for round := range 20 {
		var all sync.WaitGroup
		made := make(chan string, len(nodes))
		for _, n := range nodes {
			all.Go(func() {
				got, err := n.core.Create(context.Background(), n.in, session.Create{Channel: session.KindCustom, Repeat: &session.Repeat{
					Route: "create", Key: fmt.Sprint("k", round), Hash: []byte("h"),
					Answer: func(r *session.Result) []byte { return []byte(r.Session.ID.String()) },
				}})
				switch {
				case err != nil:
					t.Error(err)
				case got.Repeated != nil:
					made <- string(got.Repeated)
				default:
					made <- got.Session.ID.String()
				}
			})
		}
		all.Wait()
		if a, b := <-made, <-made; a != b {
			t.Errorf("two sessions, %s and %s, for one key", a, b)
		}
	}
}

// TestPerson_OnceOnTwoNodes: a person who comes to two nodes at once is one client.
func TestPerson_OnceOnTwoNodes(t *testing.T) {
	url := fresh(t)
	nodes := []*node{newNode(t, url), newNode(t, url)}
	var all sync.WaitGroup
	var clients sync.Map
	for i := range 60 {
		all.Go(func() {
			person := fmt.Sprint("person ", i/6)
			got, err := nodes[i%2].core.Create(context.Background(), nodes[i%2].in, session.Create{Channel: session.KindCustom, ChannelUserID: person})
			if err != nil {
				t.Error(err)
				return
			}
			if was, known := clients.LoadOrStore(person, got.Session.Client); known && was != got.Session.Client {
				t.Errorf("%s is two clients", person)
			}
		})
	}
	all.Wait()
}

// TestListener_HearsEachClientInOrder, whatever names the client.
func TestListener_HearsEachClientInOrder(t *testing.T) {
	n := newNode(t, fresh(t))
	last := map[session.ID]int64{}
	var inside atomic.Int32
	n.store.OnCommit(func(b *session.Batch) {
		if inside.Add(1) != 1 {
			t.Error("the listener was called twice at a time")
		}
		defer inside.Add(-1)
		for _, ev := range b.Events {
			if ev.Sequence != last[ev.Chain]+1 {
				t.Errorf("event %d of a chain after %d", ev.Sequence, last[ev.Chain])
			}
			last[ev.Chain] = ev.Sequence
		}
	})
	ids := []session.ID{n.create(), n.create(), n.create()}
	var l ledger
	var all sync.WaitGroup
	all.Go(func() { l.load(t, 8, 20, []*node{n}, ids, nil) })
	for i := range 60 { // of which the store does not know before what they act on
		err := n.store.Commit(context.Background(), session.NewChange("read", time.Now(), func(w *session.Work) error {
			_, err := n.core.At(context.Background(), n.in, ids[i%3])
			return errors.Join(err, errPassed)
		}))
		if !errors.Is(err, errPassed) {
			t.Error(err)
		}
	}
	all.Wait()
	l.check(n)
}

var errPassed = errors.New("seen")
