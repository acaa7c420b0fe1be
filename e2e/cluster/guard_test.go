package cluster_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/e2e/cluster"
	"parley/e2e/history"
	"parley/e2e/history/load"
)

// experiment is what makes a guard of many nodes necessary. Where it stands
// behind others it is seen only when they are off too.
type experiment struct {
	guard  string
	behind string // names, separated by commas
	lines  []int  // the invariants it keeps
	do     func(*scene)
}

func experiments() []experiment {
	return []experiment{
		{"fence", "cause", []int{1, 2, 5, 6}, pauseDuringTurn},
		{"lease", "fence,cause", []int{1, 2, 5, 6}, messagesAtTwoNodes},
		{"outcome", "", []int{1, 17}, loseAnswers},
	}
}

// TestGuards switches each guard of many nodes off, in a build with the tag
// faults, and demands that the checker sees it. With all guards on the same
// experiments show nothing, and one behind others is what made the difference.
func TestGuards(t *testing.T) {
	binary := build(t, "-tags", "faults")
	for _, e := range experiments() {
		t.Run(e.guard, func(t *testing.T) {
			t.Parallel()
			for range 3 { // a slow machine may miss the moment
				if found := observe(t, binary, e.guard+","+e.behind, e.do); e.sees(found) {
					t.Log(found[0])
					return
				}
			}
			t.Errorf("nothing of %v was found", e.lines)
		})
		if e.behind == "" {
			continue
		}
		t.Run(e.guard+" alone on", func(t *testing.T) {
			t.Parallel()
			if found := observe(t, binary, e.behind, e.do); e.sees(found) {
				t.Errorf("the guard does not keep %v: %v", e.lines, found)
			}
		})
	}
	t.Run("all on", func(t *testing.T) {
		t.Parallel()
		report(t, observe(t, binary, "", func(s *scene) {
			for _, e := range experiments() {
				e.do(s)
			}
		}))
	})
	t.Run("no hint arrives", func(t *testing.T) {
		t.Parallel()
		report(t, observe(t, binary, "", hintsLost))
	})
}

func (e experiment) sees(found []history.Finding) bool {
	return slices.ContainsFunc(found, func(f history.Finding) bool { return slices.Contains(e.lines, f.Line) })
}

// observe makes an experiment on two nodes and checks what came of it.
func observe(t *testing.T, binary, off string, do func(*scene)) []history.Finding {
	t.Helper()
	s := newStage(t, cluster.Proxies{}, binary, 2, false, "PARLEY_GUARDS_OFF="+off)
	client := &http.Client{Timeout: 20 * time.Second}
	t.Cleanup(client.CloseIdleConnections)
	sc := &scene{stage: s}
	for _, n := range s.nodes {
		sc.at = append(sc.at, &load.Backend{
			Name: n.Name, In: s.cast.Calm, URL: "http://" + n.Front.Address(), HTTP: client, Rec: s.rec,
		})
	}
	do(sc)
	s.settle(time.Minute) // a webhook whose claim got no answer waits for its lease to run out
	load.Settle(t.Context(), s.rec, sc.sockets...)
	h := s.history()
	for _, n := range s.nodes {
		must(t, n.Kill())
	}
	return history.Check(h)
}

// scene is a stage on which an experiment is made by hand.
type scene struct {
	*stage
	at      []*load.Backend // callers, one at each node
	sockets []*load.Socket
}

func (s *scene) open() string {
	s.t.Helper()
	c := s.at[0].Create(s.t.Context(), s.rec.Token(), "", 0)
	if c.Outcome != history.Done {
		s.t.Fatalf("create: %s", c.Code)
	}
	return c.Acting
}

func (s *scene) say(node int, session, verb string) {
	s.at[node].Send(s.t.Context(), session, verb, s.rec.Token(), nil, 0)
}

// pauseDuringTurn stops a node in the middle of a turn, for longer than its
// lease, so that the other takes over.
func pauseDuringTurn(s *scene) {
	id := s.open()
	s.say(0, id, "long")
	s.pass(200 * time.Millisecond)
	from := s.rec.Now()
	must(s.t, s.nodes[0].Pause())
	s.pass(8 * time.Second)
	s.say(1, id, "echo")
	s.pass(3 * time.Second)
	must(s.t, s.nodes[0].Continue())
	s.rec.Down(from, s.rec.Now())
	s.pass(2 * time.Second)
}

// messagesAtTwoNodes has both nodes take a message while a turn runs.
func messagesAtTwoNodes(s *scene) {
	for range 4 {
		id := s.open()
		s.say(0, id, "long")
		s.pass(200 * time.Millisecond)
		s.say(1, id, "echo")
		s.pass(1500 * time.Millisecond)
	}
}

// loseAnswers takes the answers of PostgreSQL from a node, again and again,
// while agents talk through it.
func loseAnswers(s *scene) {
	ids := []string{s.open(), s.open(), s.open()}
	stop := make(chan struct{})
	var group sync.WaitGroup
	for n := range 6 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					s.at[0].Answer(s.t.Context(), ids[n%len(ids)], "ann", s.rec.Token())
				}
			}
		})
	}
	for range 5 {
		from := s.rec.Now()
		s.pass(300 * time.Millisecond)
		must(s.t, s.nodes[0].Database.Set(cluster.Deaf))
		s.pass(100 * time.Millisecond)
		must(s.t, s.nodes[0].Database.Set(cluster.Closed))
		must(s.t, s.nodes[0].Database.Set(cluster.Open))
		s.rec.Down(from, s.rec.Now())
	}
	close(stop)
	group.Wait()
}

// hintsLost takes NATS away for good, and has the nodes do for each other what
// hints are for: messages for a lane elsewhere, events for sockets elsewhere.
func hintsLost(s *scene) {
	for _, n := range s.nodes {
		must(s.t, n.Bus.Set(cluster.Silent))
	}
	id := s.open()
	for node := range s.nodes {
		socket, err := load.Dial(s.t.Context(), "socket", s.at[node].URL, s.cast.Calm, s.rec)
		must(s.t, err)
		s.sockets = append(s.sockets, socket)
		if c := socket.Reconnect(s.t.Context(), id, -1); c.Outcome != history.Done {
			s.t.Fatalf("reconnect: %s", c.Code)
		}
	}
	for n := range 20 {
		s.say(n%2, id, "slow")
		token := s.rec.Token()
		s.at[(n+1)%2].Merge(s.t.Context(), id, token, map[string]any{"h_key": token}, 0, "")
	}
	s.pass(7 * time.Second) // a poll is every five seconds while the bus only seems to be there
}
