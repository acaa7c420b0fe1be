package history_test

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"parley/e2e/history"
	"parley/e2e/history/load"
)

// build builds a program of this module and returns its path.
func build(t *testing.T, pkg string, flags ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), filepath.Base(pkg))
	args := append(append([]string{"build", "-o", path}, flags...), pkg)
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, out)
	}
	return path
}

// patience is how long is waited for what has to come: it says what has to come,
// not how fast a machine is that does much else.
const patience = 2 * time.Minute

// stage is a server with everything around it that a run needs.
type stage struct {
	t       *testing.T
	rec     *load.Recorder
	cast    *load.Cast
	program *load.Program
	source  string         // of the facts
	hooks   *load.Receiver // nil without
	fastest time.Duration  // of all starts
	longest time.Duration  // that a start took, or had a processor where that is less
}

// plan of a stage.
type plan struct {
	bot   string // directory of a counting bot; "" is the server's own
	hooks bool   // events go to a webhook receiver
	env   []string
}

// newStage starts the server on a new data directory.
func newStage(t *testing.T, binary string, p plan) *stage {
	t.Helper()
	s := &stage{t: t, rec: load.NewRecorder()}
	hook := ""
	if p.hooks {
		s.hooks = load.NewReceiver(s.rec)
		receiver := httptest.NewServer(s.hooks)
		t.Cleanup(receiver.Close)
		hook = receiver.URL
	}
	if p.bot == "" {
		p.env = append(p.env, "HISTORY_BOT=go")
	}
	var err error
	if s.program, err = load.NewProgram(binary, t.TempDir(), p.env...); err != nil {
		t.Fatal(err)
	}
	s.source = s.program.Database()
	if s.cast, err = load.Prepare(t.Context(), s.program.Dir, load.Webhook{URL: hook}, load.Bots{Calm: p.bot, Brief: p.bot}); err != nil {
		t.Fatal(err)
	}
	s.run()
	return s
}

// run starts the server and measures the machine until the test ends.
func (s *stage) run() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.t.Cleanup(cancel)
	go s.rec.Watch(ctx)
	s.start()
	s.t.Cleanup(func() { _ = s.program.Kill() })
}

func (s *stage) start() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	took, err := s.program.Start(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	ran, err := s.program.Ran()
	must(s.t, err)
	if s.longest = max(s.longest, min(took, ran)); s.fastest == 0 || took < s.fastest {
		s.fastest = took
	}
}

// pass lets real time go by: the program is a process with a clock of its own.
func (s *stage) pass(d time.Duration) {
	s.t.Helper()
	select {
	case <-time.After(d):
	case <-s.t.Context().Done():
		s.t.Fatal("the test has ended")
	}
}

// crash kills the program, has a look at what is stored, and starts it again.
func (s *stage) crash() {
	s.t.Helper()
	from := s.rec.Now()
	if err := s.program.Kill(); err != nil {
		s.t.Fatal(err)
	}
	s.look(s.copied())
	s.start()
	s.rec.Down(from, s.rec.Now())
}

// copied copies the database as the crash left it, so that looking at it does
// not repair what the program has to repair.
func (s *stage) copied() string {
	s.t.Helper()
	dir := s.t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(s.program.Database() + suffix)
		if err != nil && suffix == "" {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "copy.db"+suffix), b, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	return filepath.Join(dir, "copy.db")
}

// look checks what holds of the facts at every moment.
func (s *stage) look(path string) {
	s.t.Helper()
	facts, err := history.Read(s.t.Context(), path)
	if err != nil {
		s.t.Fatal(err)
	}
	report(s.t, history.CheckFacts(facts))
}

// settle waits until the program has nothing left to do, or for so long: that it
// had something left is for the checker to tell.
func (s *stage) settle(atMost time.Duration) {
	s.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(atMost)
	for {
		n, err := history.Waiting(s.t.Context(), s.source)
		if err != nil {
			s.t.Fatal(err)
		}
		if n == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			return
		}
	}
}

// history returns what was seen and what is stored. The server must be at rest.
func (s *stage) history() *history.History {
	s.t.Helper()
	h := s.rec.History()
	h.Settings = s.cast.Settings()
	var err error
	if h.Facts, err = history.Read(s.t.Context(), s.source); err != nil {
		s.t.Fatal(err)
	}
	log, err := os.Open(s.program.Trace())
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	if h.Turns, err = history.ReadTurns(log); err != nil {
		s.t.Fatal(err)
	}
	return h
}

// report fails the test for every finding, the first ones in full.
func report(t *testing.T, found []history.Finding) {
	t.Helper()
	for i, f := range found {
		if i == 20 {
			t.Errorf("… and %d more", len(found)-i)
			break
		}
		t.Error(f)
	}
}
