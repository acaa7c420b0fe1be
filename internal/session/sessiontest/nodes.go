package sessiontest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

// Stage is where the nodes of a subject run.
type Stage struct {
	// Share returns, for one subject, what gives each node its own store on the same data.
	Share func(t *testing.T) func(*testing.T) session.Store
	// Within runs a subject: in a bubble of its own time, or as it is.
	Within func(*testing.T, func(*testing.T))
	// Slack is what everything may take longer than it should.
	Slack time.Duration
}

// Nodes runs what many cores on the same data must do.
func Nodes(t *testing.T, stage Stage) {
	for _, subject := range []struct {
		name   string
		nodes  int
		run    func(*Town)
		change []func(*session.Config)
	}{
		{"LeaseComesAndGoes", 2, leaseComesAndGoes, nil},
		{"LaneStaysWithItsHolder", 2, laneStays, nil},
		{"DeadHolder", 2, deadHolder, nil},
		{"PausedHolder", 2, pausedHolder, nil},
		{"DrainGivesBack", 2, drainGivesBack, nil},
		{"DrainTellsTheOthers", 2, drainTells, []func(*session.Config){hinted}},
		{"BlindNodeStartsNothing", 2, blindNode, nil},
		{"EndWhileATurnRuns", 2, endWhileATurnRuns, nil},
		{"TimerOnce", 3, timerOnce, nil},
		{"TimerWaitsForTheHolder", 2, timerWaits, nil},
		{"TimerAfterTroubleAtTheHolder", 2, timerAfterTrouble, nil},
		{"FollowersByPolling", 2, followersByPolling, nil},
		{"FollowersByHints", 2, followersByHints, []func(*session.Config){hinted}},
		{"Typing", 2, typing, []func(*session.Config){hinted}},
		{"WorkHint", 2, workHint, []func(*session.Config){hinted}},
		{"DrainingAccepts", 2, drainingAccepts, nil},
		{"SameKeyAtOnce", 3, sameKeyAtOnce, nil},
		{"SamePersonAtOnce", 3, samePersonAtOnce, nil},
		{"NoKeyLost", 3, noKeyLostByNodes, nil},
		{"Turmoil", 3, turmoil, nil},
		{"TurmoilWithHints", 3, turmoil, []func(*session.Config){hinted}},
	} {
		t.Run(subject.name, func(t *testing.T) {
			stage.Within(t, func(t *testing.T) {
				town := newTown(t, subject.nodes, stage.Share(t), subject.change...)
				town.slack = stage.Slack
				subject.run(town)
				town.checkTurns()
			})
		})
	}
}

// freed waits until nobody holds a client's lane.
func (town *Town) freed(id session.ID) {
	town.Helper()
	town.await("the lease is given back", 3*time.Second, func() bool { return town.client(id).Holder.IsZero() })
}

func leaseComesAndGoes(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	if c := town.client(id); !c.Holder.IsZero() || c.Fence != 0 {
		town.Errorf("a client that said nothing is held: %+v", c.Client)
	}
	a.say(id, "one")
	town.expect(id, time.Second, "user:one", "a:one:1")
	town.freed(id)
	b.say(id, "two")
	town.expect(id, time.Second, "user:one", "a:one:1", "user:two", "b:two:1")
	town.freed(id)
	if c := town.client(id); c.Fence != 2 || string(c.Data) != `{"n":2}` {
		town.Errorf("fence %d, data %s, want 2 and two turns", c.Fence, c.Data)
	}
}

// held lets the bot of a node wait in its turns, until release, or until the node
// goes.
type held struct {
	entered chan string
	open    chan struct{}
	once    sync.Once
}

func (n *Node) hold() *held {
	h := &held{entered: make(chan string, 64), open: make(chan struct{})}
	n.answer(func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		h.entered <- turn.Input.Text
		select {
		case <-h.open:
		case <-ctx.Done():
		}
		return n.counting(ctx, turn)
	})
	n.town.Cleanup(h.release)
	return h
}

func (h *held) release() { h.once.Do(func() { close(h.open) }) }

// laneStays: what other nodes accept waits for the node that runs the lane.
func laneStays(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	h := a.hold()
	a.say(id, "one")
	<-h.entered
	b.say(id, "two")
	b.say(id, "three")
	<-time.After(5 * time.Second) // many pickups of b
	town.expect(id, 0)
	h.release()
	town.expect(id, 3*time.Second, "user:one", "a:one:1", "user:two", "a:two:1", "user:three", "a:three:1")
	town.freed(id)
	if c := town.client(id); c.Fence != 1 {
		town.Errorf("the lease was taken %d times, want once", c.Fence)
	}
}

// deadHolder: within a pickup of the others seeing it dead its lane goes on, the
// message that it may have been running is counted, and they stay in order.
func deadHolder(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	h := a.hold()
	a.say(id, "one")
	<-h.entered
	b.say(id, "two")
	a.store.close()
	town.bury(a)
	town.expect(id, 2*time.Second, "user:one", "b:one:2", "user:two", "b:two:1")
	town.freed(id)
}

// pausedHolder: a node that slept, and does not know it, commits nothing of what
// it ran, though the cause still waits.
func pausedHolder(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	asleep, awake := a.hold(), b.hold()
	a.say(id, "one")
	<-asleep.entered
	town.bury(a)
	<-awake.entered // b runs the same message
	asleep.release()
	<-time.After(2 * time.Second)
	town.expect(id, 0)
	awake.release()
	town.expect(id, 2*time.Second, "user:one", "b:one:2")
	town.freed(id)
	if c := town.client(id); c.Fence != 2 || string(c.Data) != `{"n":1}` {
		town.Errorf("fence %d, data %s, want one turn under the second fence", c.Fence, c.Data)
	}
}

// drainGivesBack: a node that is stopped finishes its turn; the rest goes on
// elsewhere as if it had never been there.
func drainGivesBack(town *Town) {
	a := town.Nodes[0]
	id := town.create("ann")
	h := a.hold()
	a.say(id, "one")
	<-h.entered
	a.say(id, "two")
	a.say(id, "three")
	stopped := make(chan struct{})
	go func() {
		a.Stop(context.Background())
		close(stopped)
	}()
	<-time.After(2 * time.Second) // it stops, on a busy machine too
	h.release()
	<-stopped
	town.expect(id, 3*time.Second, "user:one", "a:one:1", "user:two", "b:two:1", "user:three", "b:three:1")
}

// drainTells: with a bus nobody waits for a pickup.
func drainTells(town *Town) {
	a := town.Nodes[0]
	id := town.create("ann")
	h := a.hold()
	a.say(id, "one")
	<-h.entered
	a.say(id, "two")
	go a.Stop(context.Background())
	<-time.After(2 * time.Second) // it stops, on a busy machine too
	h.release()
	town.expect(id, 500*time.Millisecond, "user:one", "a:one:1", "user:two", "b:two:1")
}

// drainingAccepts: what a node accepts while it goes is not its own to run.
func drainingAccepts(town *Town) {
	a := town.Nodes[0]
	id := town.create("ann")
	a.Stop(context.Background())
	a.say(id, "one")
	town.expect(id, 2*time.Second, "user:one", "b:one:1")
}

// sameKeyAtOnce: a repeated Idempotency-Key is decided by the store: whichever
// nodes it reaches, one session is created and all get the same answer.
func sameKeyAtOnce(town *Town) {
	for round := range 10 {
		var all sync.WaitGroup
		var mu sync.Mutex
		ids := map[string]bool{}
		for _, n := range town.Nodes {
			for range 2 {
				all.Go(func() {
					out, err := n.Create(context.Background(), town.In, session.Create{Channel: session.KindCustom, Repeat: &session.Repeat{
						Route: "create", Key: strconv.Itoa(round), Hash: []byte("same"),
						Answer: func(r *session.Result) []byte { return []byte(r.Session.ID.String()) },
					}})
					if err != nil {
						town.Error(err)
						return
					}
					id := string(out.Repeated)
					if out.Session != nil {
						id = out.Session.ID.String()
					}
					mu.Lock()
					ids[id] = true
					mu.Unlock()
				})
			}
		}
		all.Wait()
		if len(ids) != 1 {
			town.Fatalf("one key got %d answers: %v", len(ids), ids)
		}
	}
	if list, err := town.store().Sessions(context.Background(), session.SessionFilter{}); err != nil || len(list) != 10 {
		town.Errorf("%d sessions (%v), want 10", len(list), err)
	}
}

// samePersonAtOnce: who comes through all nodes at once for the first time is one
// client.
func samePersonAtOnce(town *Town) {
	for round := range 10 {
		var all sync.WaitGroup
		for _, n := range town.Nodes {
			all.Go(func() { n.say(n.create(fmt.Sprint("person ", round)), "hello") })
		}
		all.Wait()
	}
	clients := map[session.ID]int{}
	list, err := town.store().Sessions(context.Background(), session.SessionFilter{})
	if err != nil {
		town.Fatal(err)
	}
	for _, s := range list {
		clients[s.Client]++
		town.await("it has its turn", 5*time.Second, func() bool { return len(town.lines(s.ID)) == 2 })
	}
	if len(list) != 30 || len(clients) != 10 {
		town.Errorf("%d sessions of %d clients, want 30 of 10", len(list), len(clients))
	}
}

// noKeyLostByNodes: writers on all nodes merge into one session.
func noKeyLostByNodes(town *Town) {
	const each = 20
	id := town.create("ann")
	var all sync.WaitGroup
	var versions sync.Map
	for _, n := range town.Nodes {
		for w := range 3 {
			all.Go(func() {
				for i := range each {
					out, err := n.Merge(context.Background(), town.In, id, patch(fmt.Sprint(n.Name, w, "-", i), i))
					if err != nil {
						town.Error(err)
						return
					}
					if _, twice := versions.LoadOrStore(out.Version, true); twice {
						town.Errorf("version %d was given twice", out.Version)
					}
				}
			})
		}
	}
	all.Wait()
	for _, n := range town.Nodes {
		v, err := n.View(context.Background(), town.In, id)
		if err != nil {
			town.Fatal(err)
		}
		keys, _ := v.Document.At("live_instructions")
		if m, _ := keys.(map[string]any); len(m) != 9*each || v.Chain.Version != 9*each+1 {
			town.Errorf("%s sees %d keys at version %d, want %d", n.Name, len(m), v.Chain.Version, 9*each)
		}
	}
}

// blindNode: a node that cannot say that it is there accepts, and runs nothing.
func blindNode(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	a.sees(a, false)
	id := town.create("ann")
	a.say(id, "one")
	town.expect(id, 2*time.Second, "user:one", "b:one:1")
	town.freed(id)
	b.sees(b, false)
	a.say(id, "two")
	<-time.After(3 * time.Second)
	town.expect(id, 0, "user:one", "b:one:1")
	a.sees(a, true)
	town.expect(id, 2*time.Second, "user:one", "b:one:1", "user:two", "a:two:1")
}

// endWhileATurnRuns: a close on another node takes what waits from the lane, which
// gives its lease back all the same.
func endWhileATurnRuns(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	h := a.hold()
	a.say(id, "one")
	<-h.entered
	if _, err := b.Close(context.Background(), town.In, id, session.ReasonAPI); err != nil {
		town.Fatal(err)
	}
	h.release()
	town.freed(id)
	town.expect(id, 0, "user:one")
}

// timerOnce: a due timer fires once, though two nodes think they lead.
func timerOnce(town *Town) {
	id := town.create("ann")
	for _, n := range town.Nodes {
		n.lead(true)
		n.answer(func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
			d, err := n.counting(ctx, turn)
			if turn.Input.Text == "arm" {
				d.Timeout = &session.Timeout{After: 2 * time.Second, TargetState: "/late"}
			}
			return d, err
		})
	}
	town.Nodes[1].say(id, "arm")
	town.await("the timer fires", 4*time.Second, func() bool { return len(town.lines(id)) > 2 })
	<-time.After(2 * time.Second)
	if got := town.lines(id); len(got) != 3 || string(town.client(id).Data) != `{"n":2}` {
		town.Errorf("got %q, want the turn of one timer", got)
	}
	town.freed(id)
}

// timerWaits: the leader does not fire into a lane that another node runs.
func timerWaits(town *Town) {
	b := town.Nodes[1]
	id := town.create("ann")
	b.answer(func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		d, err := b.counting(ctx, turn)
		d.Pushes = []session.Push{{ID: session.NewID(time.Now()), DueMs: time.Now().Add(time.Second).UnixMilli(), Event: "poke"}}
		return d, err
	})
	b.say(id, "push")
	town.expect(id, time.Second, "user:push", "b:push:1")
	h := b.hold()
	b.say(id, "long")
	<-h.entered
	<-time.After(3 * time.Second) // the event is due
	town.expect(id, 0, "user:push", "b:push:1")
	h.release()
	town.await("the event has its turn", 3*time.Second, func() bool { return len(town.lines(id)) == 5 })
}

// timerAfterTrouble: a node that lost the store in the turn of a timer, and the duty
// with it, keeps no lane to which nobody else may fire the timer.
func timerAfterTrouble(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	a.answer(func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		d, err := a.counting(ctx, turn)
		d.Pushes = []session.Push{{ID: session.NewID(time.Now()), DueMs: time.Now().Add(time.Second).UnixMilli(), Event: "poke"}}
		return d, err
	})
	a.say(id, "push")
	town.expect(id, time.Second, "user:push", "a:push:1")
	h := a.hold()
	<-h.entered // the turn of the event
	a.store.close()
	a.lead(false)
	b.lead(true)
	h.release()
	<-time.After(time.Second)
	a.store.reopen()
	town.await("the event has its turn", 4*time.Second, func() bool { return len(town.lines(id)) == 3 })
	town.freed(id)
}

// follow collects the sequences that a follower of a node is given.
func (n *Node) follow(id session.ID) func() []int64 {
	var mu sync.Mutex
	var got []int64
	f := n.Follow(id, 0, func(ev *session.Event) bool {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, ev.Sequence)
		return true
	})
	n.town.Cleanup(f.Close)
	return func() []int64 {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(got)
	}
}

func (town *Town) followed(within time.Duration) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	got := b.follow(id)
	for i, n := range []*Node{a, b, a, a, b} {
		n.say(id, strconv.Itoa(i))
		town.await("the turn", time.Second, func() bool { return len(town.lines(id)) == 2*(i+1) })
		town.await("the follower is told", within, func() bool { return len(got()) == 1+2*(i+1) })
	}
	for i, sequence := range got() {
		if sequence != int64(i+1) {
			town.Fatalf("the follower was given %v", got())
		}
	}
}

func followersByPolling(town *Town) { town.followed(1500 * time.Millisecond) }

func followersByHints(town *Town) { town.followed(200 * time.Millisecond) }

// typing reaches those who follow elsewhere.
func typing(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	heard := make(chan *session.Typing, 1)
	f := b.Follow(id, 0, func(*session.Event) bool { return true }).Hear(func(t *session.Typing) { heard <- t })
	defer f.Close()
	by := &session.Agent{ID: "bob", Name: "Bob"}
	if err := (session.Reactions{Core: a.Core}).Compose(context.Background(), town.In, id, session.Typing{Action: "start", By: by}); err != nil {
		town.Fatal(err)
	}
	if t := <-heard; t.Action != "start" || t.Session != id || t.By == nil || *t.By != *by || t.AtMs == 0 {
		town.Errorf("heard %+v by %+v", t, t.By)
	}
}

// workHint: a node that accepts for another one's lane tells it, and nobody waits
// for a pickup. The lane of a stopped with a commit that failed.
func workHint(town *Town) {
	a, b := town.Nodes[0], town.Nodes[1]
	id := town.create("ann")
	h := a.hold()
	a.say(id, "one")
	<-h.entered
	a.store.close()
	h.release()
	<-time.After(50 * time.Millisecond)
	a.store.reopen()
	b.say(id, "two")
	town.expect(id, 300*time.Millisecond, "user:one", "a:one:1", "user:two", "a:two:1")
}

// turmoil: nodes die, sleep and come back while everybody talks to everybody.
// Nothing is lost, doubled or out of order.
func turmoil(town *Town) {
	const people, each = 6, 20
	for _, n := range town.Nodes {
		n.answer(func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
			<-time.After(time.Duration(rand.IntN(20)) * time.Millisecond)
			return n.counting(ctx, turn)
		})
	}
	var all sync.WaitGroup
	var sessions []session.ID
	for p := range people {
		id := town.create(fmt.Sprint("person ", p))
		sessions = append(sessions, id)
		all.Go(func() {
			for i := range each {
				town.Nodes[rand.IntN(len(town.Nodes))].say(id, strconv.Itoa(i))
				<-time.After(time.Duration(rand.IntN(60)) * time.Millisecond)
			}
		})
	}
	stop := make(chan struct{})
	var trouble sync.WaitGroup
	trouble.Go(func() { town.trouble(stop) })
	all.Wait()
	close(stop)
	trouble.Wait()
	for _, id := range sessions {
		town.await("every message has its turn", 20*time.Second, func() bool { return len(town.lines(id)) == 2*each })
		town.freed(id)
		for i, line := range town.lines(id) {
			if want := fmt.Sprint("user:", i/2); i%2 == 0 && line != want {
				town.Fatalf("line %d is %q, want %q", i, line, want)
			}
		}
		if c := town.client(id); string(c.Data) != fmt.Sprintf(`{"n":%d}`, each) {
			town.Errorf("the script counted %s, want %d turns", c.Data, each)
		}
	}
}

// trouble makes one node after the other look dead to the rest for a while: it
// goes on running and does not know.
func (town *Town) trouble(stop chan struct{}) {
	for i := 0; ; i++ {
		n := town.Nodes[i%len(town.Nodes)]
		town.bury(n)
		<-time.After(150 * time.Millisecond)
		for _, other := range town.Nodes {
			other.sees(n, true)
		}
		select {
		case <-stop:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}
