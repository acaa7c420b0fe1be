package postgres

import (
	"testing"
	"time"

	"parley/internal/session"
)

// TestPool_Crowded: who finds no free connection is refused in time, and that is no
// sign of a database that is away.
func TestPool_Crowded(t *testing.T) {
	s := openStore(t, fresh(t))
	s.direct.wait = 20 * time.Millisecond
	var fill func(n int) error
	fill = func(n int) error {
		return s.with(t.Context(), func(*conn) error {
			if n > 1 {
				return fill(n - 1)
			}
			return s.with(t.Context(), func(*conn) error {
				t.Error("there is a connection more than the pool has")
				return nil
			})
		})
	}
	if err := fill(directSize); session.CodeOf(err) != session.CodeUnavailable {
		t.Errorf("got %v, want unavailable", err)
	}
	if err := s.Healthy(); err != nil {
		t.Errorf("health is %v", err)
	}
}
