package cluster

import (
	"context"
	"errors"
	"net/http"
	"time"

	"parley/e2e/history"
	"parley/e2e/history/load"
)

// Traps have turns under way at a node when a fault strikes it: the bot holds
// them, so that the same fault meets the same state in every run, however the
// processes interleave. While the fault lasts another node is asked for the same
// sessions.
type Traps struct {
	In    load.Integration // answered by the server's own bot
	Nodes []*Node
	Rec   *load.Recorder
	HTTP  *http.Client
	Gate  history.Gate
}

// trap is set at one node.
type trap struct {
	*Traps
	node        *Node
	here, there *load.Backend // callers of the node that is struck, and of the next one
	again       bait          // its message is sent again, elsewhere
	owned       bait          // people get it, elsewhere
	left        bait          // nobody asks for it
	timed       string        // a session with a timeout
}

// bait is a session with a message whose turn the bot holds.
type bait struct {
	session, token string
	held           bool // for certain, and at the node
}

// trapTime is how long a node may need for a trap: it may have just come back.
const trapTime = 10 * time.Second

// springTime is how long the other node may need: a fault may strike it, too.
const springTime = 3 * time.Second

// set sets a trap at a node; nil where none are set.
func (t *Traps) set(ctx context.Context, node int) *trap {
	if t == nil {
		return nil
	}
	caller := func(i int) *load.Backend {
		n := t.Nodes[i%len(t.Nodes)]
		return &load.Backend{Name: "trap-" + n.Name, In: t.In, URL: "http://" + n.Front.Address(), HTTP: t.HTTP, Rec: t.Rec}
	}
	s := &trap{Traps: t, node: t.Nodes[node], here: caller(node), there: caller(node + 1)}
	ctx, cancel := context.WithTimeout(ctx, trapTime)
	defer cancel()
	s.timed = s.open(ctx)
	s.arm(ctx)
	s.again, s.owned, s.left = s.bait(ctx), s.bait(ctx), s.bait(ctx)
	return s
}

// open opens a session at the node, as soon as it takes one.
func (s *trap) open(ctx context.Context) string {
	for ctx.Err() == nil {
		if c := s.here.Create(ctx, s.Rec.Token(), "", 0); c.Outcome == history.Done {
			return c.Acting
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	return ""
}

// arm has a timeout fall due in a second: while the fault lasts, or when it is over.
func (s *trap) arm(ctx context.Context) {
	if s.timed != "" {
		s.here.Send(ctx, s.timed, "armlong", s.Rec.Token(), nil, 0)
	}
}

// bait has a turn held at the node, where a new client's lane begins.
func (s *trap) bait(ctx context.Context) bait {
	b := bait{session: s.open(ctx), token: s.Rec.Token()}
	if b.session != "" {
		c := s.here.Send(ctx, b.session, "heldecho", b.token, nil, 0)
		b.held = c.Outcome == history.Done && s.Gate.Held(ctx, b.token) == nil
	}
	return b
}

// spring is what happens while the fault lasts: other nodes may run the turns, and
// one hears of their sessions.
func (s *trap) spring(ctx context.Context) error {
	if s == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, springTime)
	defer cancel()
	err := s.pass(func(n *Node) bool { return n != s.node })
	if b := s.again; b.held {
		s.there.Send(ctx, b.session, "heldecho", b.token, nil, 1)
		s.there.Send(ctx, b.session, "echo", s.Rec.Token(), nil, 0)
	}
	if b := s.owned; b.held {
		s.there.Act(ctx, history.Handover, b.session)
	}
	return err
}

// free is when the fault is over: the node may go on with its turns.
func (s *trap) free(ctx context.Context) error {
	if s == nil {
		return nil
	}
	defer s.arm(ctx)
	return s.pass(func(*Node) bool { return true })
}

// pass opens the gate at some nodes.
func (s *trap) pass(at func(*Node) bool) (err error) {
	for _, n := range s.Nodes {
		for _, b := range []bait{s.again, s.owned, s.left} {
			if at(n) {
				err = errors.Join(err, s.Gate.Open(b.token, n.Name))
			}
		}
	}
	return err
}

// String says whether the trap holds what it should.
func (s *trap) String() string {
	switch {
	case s == nil:
		return "no trap"
	case !s.again.held || !s.owned.held || !s.left.held:
		return "with a trap that does not hold"
	}
	return "with turns held"
}
