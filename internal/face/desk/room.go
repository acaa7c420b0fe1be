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

// enter adds a connection and tells everybody there who looks at the thread.
func (r *rooms) enter(thread session.ID, c *connection, who session.Agent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.threads == nil {
		r.threads = map[session.ID]map[*connection]session.Agent{}
	}
	if r.threads[thread] == nil {
		r.threads[thread] = map[*connection]session.Agent{}
	}
	r.threads[thread][c] = who
	r.tell(thread)
}

// leave removes a connection and tells those who stay.
func (r *rooms) leave(thread session.ID, c *connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.threads[thread], c)
	if len(r.threads[thread]) == 0 {
		delete(r.threads, thread)
		return
	}
	r.tell(thread)
}

type viewing struct {
	Type   string          `json:"type"`
	Thread string          `json:"thread"`
	Agents []session.Agent `json:"agents"`
}

// tell sends the list of people. mu is held, so that no list overtakes a newer
// one.
func (r *rooms) tell(thread session.ID) {
	v := viewing{Type: "viewing", Thread: thread.String(), Agents: []session.Agent{}}
	seen := map[string]bool{}
	for _, who := range r.threads[thread] {
		if !seen[who.ID] {
			seen[who.ID] = true
			v.Agents = append(v.Agents, who)
		}
	}
	slices.SortFunc(v.Agents, func(a, b session.Agent) int { return strings.Compare(a.ID, b.ID) })
	f := encode(v)
	for c := range r.threads[thread] {
		c.offerRaw(f)
	}
}
