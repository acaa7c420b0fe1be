package blob

import (
	"sync"

	"parley/internal/session"
)

// slots bound the uploads that run: of all, and of one client, so that one who
// sends slowly does not keep the others out.
type slots struct {
	mu    sync.Mutex
	all   int
	taken map[session.ID]int // by client; no zeros
}

// take refuses with session.CodeUnavailable when everything is taken, and with
// session.CodeRateLimited when the client has its share.
func (s *slots) take(client session.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.taken[client] >= session.UploadsOfClient:
		return &session.Error{Code: session.CodeRateLimited, RetryAfter: session.PingInterval, Message: "too many of your uploads run at the same time"}
	case s.all >= session.UploadsAtOnce:
		return session.Unavailable("too many uploads run at the same time")
	}
	s.all++
	s.taken[client]++
	return nil
}

func (s *slots) release(client session.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.taken[client]--; s.taken[client] == 0 {
		delete(s.taken, client)
	}
}
