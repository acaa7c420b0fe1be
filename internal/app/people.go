package app

import (
	"context"

	"parley/internal/desk"
	"parley/internal/session"
)

// newRouter returns what gives waiting conversations to agents. The core is
// built after it.
func (n *Node) newRouter() *desk.Router {
	return desk.NewRouter(desk.RouterConfig{
		People: n.people, Queue: n.store.queue, Integration: n.directory.Integration, Now: n.now, Log: n.log,
		Assign: func(ctx context.Context, in *session.Integration, id session.ID, to session.Agent) error {
			_, err := n.core.Assign(ctx, in, id, to)
			return err
		},
		Requeue: func(ctx context.Context, in *session.Integration, id session.ID, from string) error {
			_, err := n.core.Requeue(ctx, in, id, from)
			return err
		},
	})
}

// committed tells the parts beside the core of a commit.
func (n *Node) committed(b *session.Batch) {
	n.metrics.Committed(b)
	n.inbox.Mark(b)
	n.router.Committed(b)
}
