package cluster

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"parley/internal/session"
)

// view is the cluster as the last beat showed it. Moments are this node's
// monotonic clock's; a lease that this node has is counted from before the beat
// was sent, one that another has from after it was answered.
type view struct {
	self  session.ID
	until time.Time // this node is there
	leads time.Time // it has the duty
	nodes map[session.ID]standing
	seen  map[session.ID]Node // the others that were alive
	dead  []Node              // of those seen before
	took  bool                // the duty, in this beat

	leader session.ID // who has the duty, zero for nobody
}

// standing is a node as it is seen here.
type standing struct {
	Node
	until time.Time
}

// next is the view after a beat. Who was alive when this node lost sight of the
// store gets the time of a lease to be seen again: when a store comes back,
// whoever is first must not take everybody else for dead. A sign is counted from when
// it was seen first, whatever the store's clock does after it.
func (v *view) next(sign Sign, state *State, sent, answered time.Time) *view {
	n := &view{self: v.self, until: sent.Add(sign.For), nodes: map[session.ID]standing{}, seen: map[session.ID]Node{}}
	blind := !v.until.IsZero() && !answered.Before(v.until)
	for _, node := range state.Nodes {
		s := standing{node, answered.Add(min(sign.For, left(node.UntilMs, state.NowUs)))}
		if old, known := v.nodes[node.ID]; known {
			if blind && old.until.After(v.until.Add(-sign.For)) {
				s.until = latest(s.until, answered.Add(sign.For))
			} else if old.UntilMs == node.UntilMs {
				s.until = old.until // with the grace it got
			}
		}
		n.nodes[node.ID] = s
	}
	if state.LeadsMs*1000 > state.NowUs {
		n.leader = state.Leader
	}
	if state.Leader == v.self {
		n.leads = sent.Add(left(state.LeadsMs, state.NowUs))
		n.took = !v.leads.After(sent)
	}
	for _, id := range n.others(answered) {
		n.seen[id] = n.nodes[id].Node
	}
	for id, node := range v.seen {
		if _, alive := n.seen[id]; !alive {
			n.dead = append(n.dead, node)
		}
	}
	return n
}

// twins are the nodes with this one's name that gave a sign since the view before: a
// process that was here before it gives none.
func (v *view) twins(before *view) (list []Node) {
	self := v.nodes[v.self]
	for id, node := range v.nodes {
		old, known := before.nodes[id]
		if id != v.self && node.Name == self.Name && known && node.UntilMs > old.UntilMs {
			list = append(list, node.Node)
		}
	}
	return list
}

func left(untilMs, nowUs int64) time.Duration {
	return time.Duration(untilMs*1000-nowUs) * time.Microsecond
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// alive reports whether a node is there. Of itself it says so only when nobody can
// think otherwise.
func (v *view) alive(node session.ID, at time.Time) bool {
	if node == v.self {
		return at.Before(v.until)
	}
	return at.Before(v.nodes[node].until)
}

// others are those alive beside this node.
func (v *view) others(at time.Time) []session.ID {
	var list []session.ID
	for id := range v.nodes {
		if id != v.self && v.alive(id, at) {
			list = append(list, id)
		}
	}
	return list
}

func (v *view) sights(at time.Time) []Sight {
	list := make([]Sight, 0, len(v.nodes))
	for id, node := range v.nodes {
		list = append(list, Sight{
			Node: node.Node, Self: id == v.self, Alive: v.alive(id, at), Leads: id == v.leader,
		})
	}
	slices.SortFunc(list, func(a, b Sight) int {
		return cmp.Or(cmp.Compare(a.StartedMs, b.StartedMs), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return list
}
