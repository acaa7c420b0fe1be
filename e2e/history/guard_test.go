package history_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/history"
	"parley/e2e/history/load"
)

// experiment is what makes a guard of the core necessary.
type experiment struct {
	off   string // the guard, and those that stand before it
	lines []int  // the invariants it keeps
	do    func(*scene)
}

func experiments() []experiment {
	return []experiment{
		{"place_at_end", []int{18}, endOverWaiting},
		{"timers_die", []int{16, 18}, endOverTimer},
		{"timer_cancel", []int{14}, messageBeforeTimeout},
		{"bound", []int{18}, flood},
		{"repeat", []int{3}, repeatedMessage},
		{"version", []int{8}, sameIfMatch},
		{"cause", []int{14}, messageDuringTimeout},
		{"open,cause", []int{1, 9}, endDuringTurn},
		{"epoch", []int{12}, handoverDuringTurn},
		{"lane", []int{5, 6}, timeoutBesideMessage},
		{"newest", []int{7}, mergeDuringMerge},
		{"expiry", []int{13}, longNap},
		{"order", []int{4}, queueUp},
	}
}

// TestGuards switches each guard of the core off, in a build with the tag
// faults, and demands that the checker sees it. With all guards on the same
// experiments show nothing.
func TestGuards(t *testing.T) {
	binary := build(t, "parley/e2e/history/server", "-tags", "faults")
	for _, e := range experiments() {
		t.Run(e.off, func(t *testing.T) {
			t.Parallel()
			found := observe(t, binary, e.off, e.do)
			if !slices.ContainsFunc(found, func(f history.Finding) bool { return slices.Contains(e.lines, f.Line) }) {
				t.Errorf("want a finding of %v, got %v", e.lines, found)
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		report(t, observe(t, binary, "", func(s *scene) {
			for _, e := range experiments() {
				e.do(s)
			}
		}))
	})
}

// observe makes an experiment and checks what came of it.
func observe(t *testing.T, binary, off string, do func(*scene)) []history.Finding {
	t.Helper()
	s := newStage(t, binary, "PARLEY_GUARDS_OFF="+off)
	client := &http.Client{Timeout: 20 * time.Second}
	t.Cleanup(client.CloseIdleConnections)
	backend := func(in load.Integration) *load.Backend {
		return &load.Backend{Name: in.ID, In: in, URL: s.program.URL(), HTTP: client, Rec: s.rec}
	}
	sc := &scene{stage: s, ctx: t.Context(), calm: backend(s.cast.Calm), brief: backend(s.cast.Brief)}
	do(sc)
	s.settle(8 * time.Second)
	for _, socket := range sc.sockets {
		socket.Settle()
	}
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
	deadline := time.After(10 * time.Second)
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

func (s *scene) pass(d time.Duration) { <-time.After(d) }

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

// TestExperimentsCoverGuards keeps the list of experiments as long as the list
// of guards.
func TestExperimentsCoverGuards(t *testing.T) {
	covered := map[string]bool{}
	for _, e := range experiments() {
		for name := range strings.SplitSeq(e.off, ",") {
			covered[name] = true
		}
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
