package session_test

import (
	"context"
	"testing"
	"time"

	"parley/internal/session"
)

// A session keeps the release of its first turn; a successor has none until its
// own first turn.
func TestRelease(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	newest := 1
	h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		d, err := switching(ctx, turn)
		if d.Release = turn.Session.Release; d.Release == 0 {
			d.Release = newest
		}
		return d, err
	}
	id := h.create("ada")
	say := func(words string) int {
		h.mustSend(id, words)
		for {
			if v := h.head(id); v.Client.Pending == 0 && v.Session.ID == v.Chain.Head {
				return v.Session.Release
			}
			<-time.After(time.Millisecond)
		}
	}
	if got := say("hi"); got != 1 {
		t.Errorf("the first turn: release %d", got)
	}
	newest = 2
	if got := say("fail"); got != 1 {
		t.Errorf("a later turn: release %d", got)
	}
	for _, words := range []string{"start", "new"} {
		if got := say(words); got != 0 {
			t.Errorf("a successor before its first turn: release %d", got)
		}
		if got := say("hi"); got != newest {
			t.Errorf("a successor after %q: release %d, want %d", words, got, newest)
		}
		newest++
	}
	say("stop")
	if got := say("hi"); got != newest {
		t.Errorf("a successor after stop: release %d, want %d", got, newest)
	}
	counts, err := h.store.Releases(t.Context())
	if err != nil || len(counts) != 1 || counts[0] != (session.ReleaseCount{Integration: h.in.ID, Release: newest, Open: 1}) {
		t.Errorf("counts %v, %v", counts, err)
	}
}
