//go:build soak

package history_test

import (
	"testing"
	"time"
)

// TestSoakHistory checks runs of five minutes, each from another seed, for
// PARLEY_SOAK_MINUTES.
func TestSoakHistory(t *testing.T) {
	binary, first := build(t, "parley/e2e/history/server"), seed(t)
	until := time.Now().Add(time.Duration(setting(t, "PARLEY_SOAK_MINUTES", 60)) * time.Minute)
	for n := uint64(0); time.Now().Before(until) && !t.Failed(); n++ {
		t.Logf("seed %d", first+n)
		play(t, binary, first+n, min(5*time.Minute, time.Until(until)))
	}
}

// TestSoakKill is the hundred kills of the acceptance list.
func TestSoakKill(t *testing.T) {
	kill(t, build(t, "parley/e2e/history/server"), seed(t), setting(t, "PARLEY_HISTORY_KILLS", 100))
}
