package history_test

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"parley/e2e/history"
	"parley/e2e/history/load"
)

// setting reads a number from the environment, which is how a longer run is
// asked for.
func setting(t *testing.T, name string, otherwise int64) int64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// seed returns the seed of a run and says it.
func seed(t *testing.T) uint64 {
	t.Helper()
	n := setting(t, "PARLEY_HISTORY_SEED", time.Now().UnixNano())
	t.Logf("PARLEY_HISTORY_SEED=%d", n)
	return uint64(n)
}

func (s *stage) load(seed uint64) *load.Load {
	return &load.Load{
		URLs: []string{s.program.URL()}, Cast: s.cast, Rec: s.rec, Seed: seed,
		Backends: 9, Sockets: 6, Pause: 40 * time.Millisecond,
	}
}

// TestHistory checks a run of PARLEY_HISTORY_SECONDS under a random load. With
// what it takes to come to rest it is the two minutes of `make test`.
func TestHistory(t *testing.T) {
	t.Parallel()
	length := time.Duration(setting(t, "PARLEY_HISTORY_SECONDS", 80)) * time.Second
	play(t, build(t, "parley/e2e/history/server"), seed(t), length)
}

// play runs the load for a time and checks the history that it makes.
func play(t *testing.T, binary string, seed uint64, length time.Duration) {
	t.Helper()
	s := newStage(t, binary, plan{hooks: true})
	l := s.load(seed)
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		l.Run(ctx)
	}()
	s.watch(ctx)
	<-ran
	s.settle(patience)
	l.Settle(t.Context())
	h := s.history()
	t.Log(h)
	report(t, history.Check(h))
}

// watch looks at the stored facts now and then while the load goes on.
func (s *stage) watch(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.look(s.source)
		}
	}
}
