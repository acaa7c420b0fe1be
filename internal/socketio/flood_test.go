package socketio

import (
	"testing"
	"time"
)

// contractLimit is the product's: 20 events per second, burst 40, closed after 10 refusals.
func contractLimit() floodLimit {
	return newFloodLimit(Options{EventRate: 20, EventBurst: 40, MaxRefusals: 10})
}

func TestFloodBurstThenRate(t *testing.T) {
	var f flood
	limit, now := contractLimit(), time.Hour
	passed := 0
	for range 45 {
		if ok, _ := f.take(limit, now); ok {
			passed++
		}
	}
	if passed != 40 {
		t.Errorf("%d passed at once, want 40", passed)
	}
	for i := range 100 {
		now += 50 * time.Millisecond
		if ok, _ := f.take(limit, now); !ok {
			t.Fatalf("event %d at 20 per second was refused", i)
		}
	}
	if ok, _ := f.take(limit, now); ok {
		t.Error("an event over the rate passed")
	}
}

func TestFloodEndsAfterTenRefusals(t *testing.T) {
	var f flood
	limit := contractLimit()
	for i := range 50 {
		ok, last := f.take(limit, 0)
		if want := i < 40; ok != want {
			t.Fatalf("event %d: passed %v", i, ok)
		}
		if want := i == 49; last != want {
			t.Fatalf("event %d: last %v", i, last)
		}
	}
}

func TestFloodForgetsRefusalsOfAQuietClient(t *testing.T) {
	var f flood
	limit, now := contractLimit(), time.Duration(0)
	for round := range 20 {
		for range 45 { // five refusals
			if _, last := f.take(limit, now); last {
				t.Fatalf("closed in round %d", round)
			}
		}
		now += 3 * time.Second
	}
	for range 45 {
		f.take(limit, now)
	}
	now += 1900 * time.Millisecond // not yet the whole burst
	var last bool
	for range 44 {
		_, last = f.take(limit, now)
	}
	if !last {
		t.Error("refusals were forgotten while the client was still flooding")
	}
}

func TestFloodWithoutLimit(t *testing.T) {
	var f flood
	limit := newFloodLimit(Options{MaxRefusals: 1})
	for range 10_000 {
		if ok, last := f.take(limit, 0); !ok || last {
			t.Fatal("refused without a limit")
		}
	}
}
