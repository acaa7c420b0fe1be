package nats_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/internal/bus/nats"
	"parley/internal/natstest"
	"parley/internal/session"
)

const patience = 2 * time.Minute

type node struct {
	*nats.Bus
	heard chan session.Hint
}

func open(t *testing.T, url, cluster, name string) *node {
	t.Helper()
	bus, err := nats.Open(nats.Config{URL: url, Cluster: cluster, Name: name, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	n := &node{Bus: bus, heard: make(chan session.Hint, 100)}
	bus.Subscribe(func(h session.Hint) { n.heard <- h })
	return n
}

// hears publishes until the other node heard it: a subscription reaches the
// server a moment after Open.
func (n *node) hears(t *testing.T, from *node, want session.Hint) {
	t.Helper()
	limit := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		from.Publish(want)
		select {
		case got := <-n.heard:
			if got.Kind == want.Kind && got.Chain == want.Chain && got.Sequence == want.Sequence {
				return
			}
		case <-tick.C:
		case <-limit:
			t.Fatalf("nobody heard %+v within %s", want, patience)
		}
	}
}

func hint(sequence int64) session.Hint {
	return session.Hint{Kind: session.HintEvents, Chain: session.ID{1, 2}, Sequence: sequence}
}

func TestBus_OthersHear(t *testing.T) {
	server := natstest.Start(t)
	a, b := open(t, server.URL(), "one", "a"), open(t, server.URL(), "one", "b")
	stranger := open(t, server.URL(), "two", "c")
	b.hears(t, a, hint(1))
	a.hears(t, b, hint(2))
	for len(a.heard) > 0 {
		if got := <-a.heard; got.Sequence != 2 {
			t.Errorf("a node heard itself: %+v", got)
		}
	}
	if n := len(stranger.heard); n != 0 {
		t.Errorf("another cluster heard %d hints", n)
	}
	if s := a.Stats(); s.Published == 0 || s.Received == 0 {
		t.Errorf("stats: %+v", s)
	}
}

// A server that goes and comes is noticed and nothing is sent twice or late:
// what was said meanwhile is dropped.
func TestBus_SurvivesItsServer(t *testing.T) {
	server := natstest.Start(t)
	a, b := open(t, server.URL(), "one", "a"), open(t, server.URL(), "one", "b")
	b.hears(t, a, hint(1))
	server.Stop()
	eventually(t, "the loss is noticed", func() bool { return !a.Connected() && !b.Connected() })
	for len(b.heard) > 0 {
		<-b.heard
	}
	a.Publish(hint(2))
	eventually(t, "the hint is dropped", func() bool { return a.Stats().Dropped > 0 })
	server.Start()
	eventually(t, "the nodes come back", func() bool { return a.Connected() && b.Connected() })
	b.hears(t, a, hint(3))
}

func TestBus_StartsWithoutItsServer(t *testing.T) {
	server := natstest.Start(t)
	server.Stop()
	a, b := open(t, server.URL(), "one", "a"), open(t, server.URL(), "one", "b")
	if a.Connected() {
		t.Fatal("connected to nothing")
	}
	server.Start()
	eventually(t, "the nodes find it", func() bool { return a.Connected() && b.Connected() })
	b.hears(t, a, hint(1))
}

func TestOpen_RefusesWhatIsNoURL(t *testing.T) {
	if _, err := nats.Open(nats.Config{URL: "nats://bad host:x", Cluster: "c", Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("no error")
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// TestBus_AwayAtTheStart: a bus that nobody answers opens, and says so.
func TestBus_AwayAtTheStart(t *testing.T) {
	var log strings.Builder
	bus, err := nats.Open(nats.Config{URL: "nats://127.0.0.1:1", Cluster: "one", Name: "a", Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Close(); err != nil {
		t.Error(err)
	}
	if said := log.String(); !strings.Contains(said, "the bus is away; nodes poll") {
		t.Errorf("the log says %q", said)
	}
}
