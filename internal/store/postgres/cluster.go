package postgres

import (
	"context"
	"time"

	"parley/internal/cluster"
	"parley/internal/session"
)

// forgetNodes is after what time a node that is gone is not listed any more.
const forgetNodes = time.Minute

// Cluster is a cluster.Store. Signs of life have a connection of their own: a node
// whose others are all busy is no dead one.
type Cluster struct {
	store *Store
	beats *pool
}

// Cluster returns the port of membership.
func (s *Store) Cluster() *Cluster { return &Cluster{store: s, beats: s.beats} }

// Beat is cluster.Store's: one pipeline, so one transaction.
func (c *Cluster) Beat(ctx context.Context, sign cluster.Sign) (*cluster.State, error) {
	state := &cluster.State{Revisions: map[string]int64{}}
	lease := sign.For.Milliseconds()
	err := c.beats.with(ctx, func(db *conn) error {
		if deadline, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			db.ctx, cancel = context.WithDeadline(db.ctx, deadline)
			defer cancel()
		}
		return db.run(
			&step{name: "BeatNode", args: []any{sign.ID, sign.Name, sign.Address, lease}},
			&step{name: "BeatDuty", args: []any{cluster.Duty, sign.ID, lease}},
			&step{name: "ForgetNodes", args: []any{forgetNodes.Milliseconds()}},
			&step{name: "ListNodes", read: func(r *row) { state.Nodes = append(state.Nodes, scanNode(r)) }},
			&step{name: "GetDuty", args: []any{cluster.Duty}, read: func(r *row) { state.Leader, state.LeadsMs = r.id(), r.int() }},
			&step{name: "ListRevisions", read: func(r *row) {
				name := r.text()
				state.Revisions[name] = r.int()
			}},
			&step{name: "ClockUs", read: func(r *row) { state.NowUs = r.int() }},
		)
	})
	if err != nil {
		return nil, refusal(err)
	}
	return state, nil
}

func scanNode(r *row) cluster.Node {
	return cluster.Node{ID: r.id(), Name: r.text(), Address: r.text(), StartedMs: r.int(), UntilMs: r.int()}
}

// Leave is cluster.Store's.
func (c *Cluster) Leave(ctx context.Context, node session.ID) error {
	return c.store.within(ctx, func(db *conn) error {
		return db.run(
			&step{name: "LeaveNode", args: []any{node}},
			&step{name: "LeaveDuties", args: []any{node}},
			&step{name: "LeavePresence", args: []any{node}},
			&step{name: "RaisePresence"},
		)
	})
}

// SavePresence is cluster.Store's.
func (c *Cluster) SavePresence(ctx context.Context, node session.ID, connections map[string]int) error {
	var agents []string
	var counts []int64
	for agent, n := range connections {
		agents, counts = append(agents, agent), append(counts, int64(n))
	}
	return c.store.within(ctx, func(db *conn) error {
		return db.run(
			&step{name: "LeavePresence", args: []any{node}},
			&step{name: "ForgetPresence"},
			&step{name: "AddPresence", args: []any{node, agents, counts}},
			&step{name: "RaisePresence"},
		)
	})
}

// Presence is cluster.Store's.
func (c *Cluster) Presence(ctx context.Context, besides session.ID) (map[string]int, error) {
	connections := map[string]int{}
	err := c.store.with(ctx, func(db *conn) error {
		clear(connections)
		return db.each("ListPresence", func(r *row) {
			agent := r.text()
			connections[agent] = int(r.int())
		}, besides)
	})
	return connections, err
}
