package telemetry

import (
	"sync"

	"parley/internal/session"
)

// leases counts the lanes that this node holds, by what it committed.
type leases struct {
	mu   sync.Mutex
	self session.ID
	held map[session.ID]bool // clients
}

// Self says under which id this node holds leases, before its first commit.
func (m *Metrics) Self(node session.ID) {
	m.facts.leases.mu.Lock()
	defer m.facts.leases.mu.Unlock()
	m.facts.leases.self, m.facts.leases.held = node, map[session.ID]bool{}
}

// Leases is the number of lanes that this node holds.
func (m *Metrics) Leases() int {
	m.facts.leases.mu.Lock()
	defer m.facts.leases.mu.Unlock()
	return len(m.facts.leases.held)
}

func (l *leases) batch(b *session.Batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.self.IsZero() {
		return
	}
	for _, c := range b.Clients {
		if c.Holder == l.self {
			l.held[c.ID] = true
		} else {
			delete(l.held, c.ID)
		}
	}
}
