package history_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"parley/e2e/history"
)

// TestHistoryKill kills the program under load, PARLEY_HISTORY_KILLS times: what
// is stored is whole after every kill, the start takes less than a second, and
// in the end nothing contradicts the invariants.
func TestHistoryKill(t *testing.T) {
	bot, err := filepath.Abs("bot")
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, build(t, "parley/e2e/history/server"), plan{bot: bot, hooks: true})
	chosen := seed(t)
	l := s.load(chosen)
	l.Thinks = false
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.Run(ctx)
	}()
	rng := rand.New(rand.NewPCG(chosen, 0))
	for range setting(t, "PARLEY_HISTORY_KILLS", 6) {
		<-time.After(500*time.Millisecond + time.Duration(rng.Int64N(int64(1500*time.Millisecond))))
		s.crash()
	}
	cancel()
	<-ended
	s.settle(2 * time.Minute)
	l.Settle(t.Context())
	h := s.history()
	said(t, h)
	report(t, history.Check(h))
	t.Logf("the slowest start took %v", s.slowest)
	if s.slowest > time.Second {
		t.Errorf("a start took %v", s.slowest)
	}
}
