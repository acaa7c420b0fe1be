package desk

import (
	"slices"
	"strings"
	"sync"

	"parley/internal/session"
)

// rooms knows which connections have a thread open.
type rooms struct {
	mu      sync.Mutex
	threads map[session.ID]map[*connection]session.Agent
}

// enter adds a connection and tells who looks at the thread: everybody there
// when it is somebody new, otherwise only the connection itself. So a person's
// hundredth window costs no more than the second.
func (r *rooms) enter(thread session.ID, c *connection, who session.Agent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.threads == nil {
		r.threads = map[session.ID]map[*connection]session.Agent{}
	}
	if r.threads[thread] == nil {
		r.threads[thread] = map[*connection]session.Agent{}
	}
	known := r.here(thread, who)
	r.threads[thread][c] = who
	if known {
		c.offerRaw(r.viewing(thread))
		return
	}
	r.tell(thread)
}

// here reports whether a person has the thread open. mu is held.
func (r *rooms) here(thread session.ID, who session.Agent) bool {
	for _, other := range r.threads[thread] {
		if other == who {
			return true
		}
	}
	return false
}

// leave removes a connection and tells those who stay.
func (r *rooms) leave(thread session.ID, c *connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	who := r.threads[thread][c]
	delete(r.threads[thread], c)
	if len(r.threads[thread]) == 0 {
		delete(r.threads, thread)
		return
	}
	if !r.here(thread, who) {
		r.tell(thread)
	}
}

type viewing struct {
	Type   string          `json:"type"`
	Thread string          `json:"thread"`
	Agents []session.Agent `json:"agents"`
}

// tell sends the list of people. mu is held, so that no list overtakes a newer
// one.
func (r *rooms) tell(thread session.ID) {
	f := r.viewing(thread)
	for c := range r.threads[thread] {
		c.offerRaw(f)
	}
}

// viewing is the frame with the people who have a thread open. mu is held.
func (r *rooms) viewing(thread session.ID) []byte {
	v := viewing{Type: "viewing", Thread: thread.String(), Agents: []session.Agent{}}
	seen := map[string]bool{}
	for _, who := range r.threads[thread] {
		if !seen[who.ID] {
			seen[who.ID] = true
			v.Agents = append(v.Agents, who)
		}
	}
	slices.SortFunc(v.Agents, func(a, b session.Agent) int { return strings.Compare(a.ID, b.ID) })
	return encode(v)
}
