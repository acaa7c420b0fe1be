package history_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/e2e/history"
	"parley/e2e/history/load"
)

// experiment is what makes a guard of the core necessary. A guard that stands
// behind others is seen only when they are off too.
type experiment struct {
	guard  string
	behind string // names, separated by commas
	lines  []int  // the invariants it keeps
	do     func(*scene)
}

func experiments() []experiment {
	return []experiment{
		{"place_at_end", "", []int{18}, endOverWaiting},
		{"timers_die", "", []int{16, 18}, endOverTimer},
		{"timer_cancel", "", []int{14}, messageBeforeTimeout},
		{"bound", "", []int{18}, flood},
		{"repeat", "", []int{3}, repeatedMessage},
		{"version", "", []int{8}, sameIfMatch},
		{"cause", "", []int{14}, messageDuringTimeout},
		{"open", "cause", []int{9}, endDuringTurn},
		{"epoch", "", []int{12}, handoverDuringTurn},
		{"epoch", "", []int{12}, handoverAndBackDuringTurn},
		{"epoch", "", []int{12}, returnDuringTurn},
		{"claim", "", []int{19}, twoClaims},
		{"lane", "", []int{5, 6}, timeoutBesideMessage},
		{"newest", "", []int{7}, mergeDuringMerge},
		{"expiry", "", []int{13}, longNap},
		{"order", "", []int{4}, queueUp},
		{"cursor", "", []int{11}, manyEvents},
		{"durable", "", []int{7, 8}, killDuringMerges},
		{"successor", "lane,cause,open,epoch", []int{10}, twoRestarts},
	}
}

// TestGuards switches each guard of the core off, in a build with the tag
// faults, and demands that the checker sees it. With all guards on the same
// experiments show nothing, and one behind others is what made the difference.
func TestGuards(t *testing.T) {
	binary := build(t, "parley/e2e/history/server", "-tags", "faults")
	for _, e := range experiments() {
		t.Run(e.guard, func(t *testing.T) {
			t.Parallel()
			var found []history.Finding
			for range 10 { // a busy machine may miss the moment
				if found = observe(t, binary, e.guard+","+e.behind, e.do); e.sees(found) {
					return
				}
			}
			t.Errorf("want a finding of %v, got %v", e.lines, found)
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
}

func (e experiment) sees(found []history.Finding) bool {
	return slices.ContainsFunc(found, func(f history.Finding) bool { return slices.Contains(e.lines, f.Line) })
}

// observe makes an experiment and checks what came of it.
func observe(t *testing.T, binary, off string, do func(*scene)) []history.Finding {
	t.Helper()
	s := newStage(t, binary, plan{env: []string{"PARLEY_GUARDS_OFF=" + off}})
	client := &http.Client{Timeout: patience}
	t.Cleanup(client.CloseIdleConnections)
	backend := func(in load.Integration) *load.Backend {
		return &load.Backend{Name: in.ID, In: in, URL: s.program.URL(), HTTP: client, Rec: s.rec}
	}
	sc := &scene{stage: s, ctx: t.Context(), calm: backend(s.cast.Calm), brief: backend(s.cast.Brief)}
	do(sc)
	rest := patience
	if off != "" {
		rest = 8 * time.Second // a core that lacks a guard may never come to rest
	}
	s.settle(rest)
	load.Settle(t.Context(), s.rec, sc.sockets...)
	return history.Check(s.history())
}

// scene is a stage on which an experiment is made by hand.
type scene struct {
	*stage
	ctx     context.Context
	calm    *load.Backend
	brief   *load.Backend
	sockets []*load.Socket
}

func (s *scene) open(b *load.Backend, user string) string {
	s.t.Helper()
	c := b.Create(s.ctx, s.rec.Token(), user, 0)
	if c.Outcome != history.Done {
		s.t.Fatalf("create: %s", c.Code)
	}
	return c.Acting
}

// say sends a message and returns its token.
func (s *scene) say(b *load.Backend, session, verb string) string {
	token := s.rec.Token()
	b.Send(s.ctx, session, verb, token, nil, 0)
	return token
}

// answered waits until the message of a token has been placed.
func (s *scene) answered(token string) {
	s.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		facts, err := history.Read(s.ctx, s.program.Database())
		if err != nil {
			s.t.Fatal(err)
		}
		if slices.ContainsFunc(facts.Messages, func(m *history.Stored) bool { return m.Token == token && m.Sequence > 0 }) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			s.t.Fatalf("message %s got no turn", token)
		}
	}
}

func endOverWaiting(s *scene) {
	id := s.open(s.calm, "")
	s.say(s.calm, id, "long")
	s.say(s.calm, id, "echo")
	s.say(s.calm, id, "echo")
	s.calm.Act(s.ctx, history.Close, id)
}

func endOverTimer(s *scene) {
	id := s.open(s.calm, "")
	s.answered(s.say(s.calm, id, "arm"))
	s.calm.Act(s.ctx, history.Close, id)
}

func messageBeforeTimeout(s *scene) {
	id := s.open(s.calm, "")
	s.answered(s.say(s.calm, id, "arm"))
	s.say(s.calm, id, "echo")
	s.pass(1500 * time.Millisecond)
}

func messageDuringTimeout(s *scene) {
	id := s.open(s.calm, "")
	s.answered(s.say(s.calm, id, "armlong"))
	s.pass(1350 * time.Millisecond) // due after 1 s, runs for 0.7 s
	s.say(s.calm, id, "echo")
	s.pass(time.Second)
}

func flood(s *scene) {
	id := s.open(s.brief, "")
	s.say(s.brief, id, "long")
	for range 12 {
		s.say(s.brief, id, "echo")
	}
}

func repeatedMessage(s *scene) {
	id := s.open(s.calm, "")
	socket := s.join(id, -1)
	token := s.rec.Token()
	for n := range 3 {
		socket.Send(s.ctx, id, "slow", token, nil, n)
	}
	s.answered(token)
	socket.Send(s.ctx, id, "slow", token, nil, 3)
}

// join connects a socket to the chain of a session.
func (s *scene) join(id string, after int64) *load.Socket {
	s.t.Helper()
	socket, err := load.Dial(s.ctx, "socket", s.program.URL(), s.calm.In, s.rec)
	if err != nil {
		s.t.Fatal(err)
	}
	s.sockets = append(s.sockets, socket)
	if c := socket.Reconnect(s.ctx, id, after); c.Outcome != history.Done {
		s.t.Fatalf("reconnect: %s", c.Code)
	}
	return socket
}

func sameIfMatch(s *scene) {
	id := s.open(s.calm, "")
	for range 3 {
		token := s.rec.Token()
		s.calm.Merge(s.ctx, id, token, map[string]any{"h_key": token}, 1, id)
	}
}

func endDuringTurn(s *scene) {
	id := s.open(s.calm, "")
	s.say(s.calm, id, "long")
	s.pass(200 * time.Millisecond)
	s.calm.Act(s.ctx, history.Close, id)
	s.pass(time.Second)
}

func handoverDuringTurn(s *scene) {
	id := s.open(s.calm, "")
	s.say(s.calm, id, "long")
	s.pass(200 * time.Millisecond)
	s.calm.Act(s.ctx, history.Handover, id)
}

func handoverAndBackDuringTurn(s *scene) {
	id := s.open(s.calm, "")
	s.say(s.calm, id, "long")
	s.pass(400 * time.Millisecond)
	s.calm.Act(s.ctx, history.Handover, id)
	s.calm.Act(s.ctx, history.CloseConversation, id)
}

func returnDuringTurn(s *scene) {
	id := s.open(s.calm, "")
	s.say(s.calm, id, "long")
	s.pass(400 * time.Millisecond)
	s.calm.Claim(s.ctx, id, "ann", false)
	s.calm.Return(s.ctx, id, "ann")
}

func twoClaims(s *scene) {
	id := s.open(s.calm, "")
	s.calm.Transfer(s.ctx, id, "ann", "")
	s.calm.Claim(s.ctx, id, "ann", false)
	s.calm.Claim(s.ctx, id, "bob", false)
}

func timeoutBesideMessage(s *scene) {
	id, other := s.open(s.calm, "somebody"), s.open(s.calm, "somebody")
	s.answered(s.say(s.calm, id, "armlong"))
	s.pass(1250 * time.Millisecond)
	s.answered(s.say(s.calm, other, "slow"))
	s.pass(time.Second)
}

func mergeDuringMerge(s *scene) {
	id := s.open(s.calm, "")
	s.say(s.calm, id, "longmerge")
	s.pass(200 * time.Millisecond)
	token := s.rec.Token()
	s.calm.Merge(s.ctx, id, token, map[string]any{"h_key": token}, 0, "")
}

func longNap(s *scene) {
	id := s.open(s.brief, "")
	s.answered(s.say(s.brief, id, "nap"))
}

func queueUp(s *scene) {
	id := s.open(s.calm, "")
	s.say(s.calm, id, "long")
	for range 4 {
		s.say(s.calm, id, "echo")
	}
}

func manyEvents(s *scene) {
	id := s.open(s.calm, "")
	s.join(id, -1)
	s.writers(8, func() bool {
		token := s.rec.Token()
		return s.calm.Merge(s.ctx, id, token, map[string]any{"h_key": token}, 0, "").Outcome == history.Done
	}, 50)
}

// writers makes calls from several callers at once, so many each, until one
// gets no answer.
func (s *scene) writers(callers int, call func() bool, times int) {
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for n := 0; n < times && call(); n++ {
			}
		})
	}
	group.Wait()
}

func killDuringMerges(s *scene) {
	ids := []string{s.open(s.calm, ""), s.open(s.calm, ""), s.open(s.calm, "")}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var n atomic.Int64
		s.writers(12, func() bool {
			token := s.rec.Token()
			id := ids[n.Add(1)%int64(len(ids))]
			return s.calm.Merge(s.ctx, id, token, map[string]any{"h_key": token}, 0, "").Outcome == history.Done
		}, 100_000)
	}()
	s.pass(500 * time.Millisecond)
	s.crash()
	<-done
}

func twoRestarts(s *scene) {
	id := s.open(s.calm, "")
	s.answered(s.say(s.calm, id, "echo"))
	s.say(s.calm, id, "longrestart")
	s.pass(200 * time.Millisecond)
	s.say(s.calm, id, "echo") // wakes another lane, where there may be two
	s.pass(1500 * time.Millisecond)
}

// TestExperimentsCoverGuards keeps the list of experiments as long as the list
// of guards, but for those that only many nodes need: sessiontest's Nodes fails
// without them.
func TestExperimentsCoverGuards(t *testing.T) {
	covered := map[string]bool{"lease": true, "fence": true}
	for _, e := range experiments() {
		covered[e.guard] = true
	}
	for _, name := range guards(t) {
		if !covered[name] {
			t.Errorf("no experiment switches %s off", name)
		}
	}
}

// guards reads the names of the core's switches from its source.
func guards(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", "internal", "session", "guard_faults.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`guarded\("([a-z_]+)"\)`).FindAllSubmatch(source, -1) {
		names = append(names, string(m[1]))
	}
	if len(names) == 0 {
		t.Fatal("no guards found")
	}
	return names
}
