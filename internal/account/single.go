package account

import (
	"context"
	"sync"

	"parley/internal/session"
)

// single lets one change of who is admin run at a time, at all nodes.
type single struct {
	here   sync.Mutex
	others session.Alone
}

func (s *single) run(ctx context.Context, change func(context.Context) error) error {
	s.here.Lock()
	defer s.here.Unlock()
	return s.others.Run(ctx, "admins", change)
}
