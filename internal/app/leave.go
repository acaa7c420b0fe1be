package app

import (
	"net/http"
	"time"

	"parley/internal/config"
)

// leaveDelay is how long a node that was told to stop still takes requests.
// The only node has nobody who would take them instead.
func leaveDelay(cfg config.Config) time.Duration {
	if cfg.Store == "" {
		return 0
	}
	return cfg.ShutdownDelay
}

// leaveSpread is the time over which sockets are sent away: while proxies
// learn that the node goes, and long enough that clients do not come back all
// at once.
func leaveSpread(cfg config.Config) time.Duration {
	return max(leaveDelay(cfg), min(time.Second, cfg.ShutdownGrace/4))
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
