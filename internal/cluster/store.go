package cluster

import (
	"context"
	"time"

	"parley/internal/session"
)

// Duty is what one node at a time does for all: timers, sweep, routing, retention.
const Duty = "lead"

// Store keeps who is there. All times are its own clock's.
type Store interface {
	// Beat writes the node's sign of life, takes the duty when it is free, and reads
	// the rest, in one round trip.
	Beat(ctx context.Context, sign Sign) (*State, error)
	// Leave takes the node out, with its duty and its presence.
	Leave(ctx context.Context, node session.ID) error
	// SavePresence replaces how many connections each agent has on a node.
	SavePresence(ctx context.Context, node session.ID, connections map[string]int) error
	// Presence sums the connections of agents on all living nodes but one.
	Presence(ctx context.Context, besides session.ID) (map[string]int, error)
}

// Sign says that a node is there.
type Sign struct {
	Node
	For time.Duration // from now on, unless it says so again
}

// Node is a process of the cluster.
type Node struct {
	ID        session.ID // new at every start
	Name      string
	Address   string // where the others' operators reach it; may be ""
	StartedMs int64
	UntilMs   int64 // it is there until then
}

// State is the cluster at one moment.
type State struct {
	NowUs     int64  // the moment, in Unix microseconds
	Nodes     []Node // also some that are gone
	Leader    session.ID
	LeadsMs   int64            // until when
	Revisions map[string]int64 // of what nodes hold in memory, by name
}
