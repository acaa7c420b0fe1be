package postgres

import (
	"slices"
	"sync"

	"parley/internal/session"
)

// order makes the listener hear of each client's commits in the order in which they
// were made, one at a time. A transaction takes its turn while it holds the locks of
// its clients, before its COMMIT: who gets a lock after it takes a later turn.
type order struct {
	mu      sync.Mutex
	turns   []*turn // not over yet
	hearing sync.Mutex
}

type turn struct {
	clients map[session.ID]bool
	before  []*turn // of the same clients
	over    chan struct{}
}

func (o *order) enter(clients map[session.ID]bool) *turn {
	t := &turn{clients: clients, over: make(chan struct{})}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, other := range o.turns {
		if shares(t.clients, other.clients) {
			t.before = append(t.before, other)
		}
	}
	o.turns = append(o.turns, t)
	return t
}

func shares(a, b map[session.ID]bool) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	for id := range a {
		if b[id] {
			return true
		}
	}
	return false
}

// leave ends a turn, heard or not.
func (o *order) leave(t *turn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.turns = slices.DeleteFunc(o.turns, func(other *turn) bool { return other == t })
	close(t.over)
}

// hear calls the listener when the turns before are over.
func (o *order) hear(t *turn, listen func()) {
	for _, other := range t.before {
		<-other.over
	}
	o.hearing.Lock()
	defer o.hearing.Unlock()
	listen()
}
