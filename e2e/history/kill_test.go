package history_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"parley/e2e/history"
)

// TestHistoryKill kills the program under load, PARLEY_HISTORY_KILLS times.
func TestHistoryKill(t *testing.T) {
	t.Parallel()
	kill(t, build(t, "parley/e2e/history/server"), seed(t), setting(t, "PARLEY_HISTORY_KILLS", 10))
}

// kill runs the load on a script bot and kills the program again and again:
// what is stored is whole after every kill, every start takes less than a
// second, and in the end nothing contradicts the invariants. A busy machine makes
// a start wait that does nothing wrong: none may use a processor for a second, and
// one of them has to be there within one, so that none of them waits by itself.
func kill(t *testing.T, binary string, seed uint64, rounds int64) {
	t.Helper()
	bot, err := filepath.Abs("bot")
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, binary, plan{bot: bot, hooks: true})
	l := s.load(seed)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.Run(ctx)
	}()
	rng := rand.New(rand.NewPCG(seed, 0))
	for range rounds {
		s.pass(300*time.Millisecond + time.Duration(rng.Int64N(int64(1700*time.Millisecond))))
		s.crash()
	}
	cancel()
	<-ended
	s.settle(patience)
	l.Settle(t.Context())
	h := s.history()
	t.Log(h)
	report(t, history.Check(h))
	late := time.Duration(h.SlackMs) * time.Millisecond
	t.Logf("%d kills, the fastest start took %v, the longest ran for %v, the machine was late by %v", rounds, s.fastest, s.longest, late)
	if s.longest > time.Second || s.fastest > time.Second+late {
		t.Errorf("a start ran for %v, and the fastest took %v", s.longest, s.fastest)
	}
}
