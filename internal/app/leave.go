package app

import (
	"net/http"
	"time"
)

// leaveDelay is how long a node that was told to stop still takes requests.
// The only node has nobody who would take them instead.
func (s *server) leaveDelay() time.Duration {
	if s.cfg.Store == "" {
		return 0
	}
	return s.cfg.ShutdownDelay
}

// leaveSpread is the time over which sockets are sent away: while proxies
// learn that the node goes, and long enough that clients do not come back all
// at once.
func (s *server) leaveSpread() time.Duration {
	return max(s.leaveDelay(), min(time.Second, s.cfg.ShutdownGrace/4))
}

// leave ends the connections of proxies one by one, each with an answer: a
// request that is under way when a connection is closed without one would be
// an error that no proxy may repair by trying again.
func (s *server) leave(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-s.draining:
			w.Header().Set("Connection", "close")
		default:
		}
		next.ServeHTTP(w, r)
	})
}
