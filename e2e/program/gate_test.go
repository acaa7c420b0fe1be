package program

import (
	"context"
	"encoding/json"
	"sync"

	"parley/internal/session"
)

// gate is a bot whose turns a test holds and lets go. It answers with the
// user's words, and notes what ran and how many turns ran at once.
type gate struct {
	mu      sync.Mutex
	shut    chan struct{} // turns wait for its closing; nil: open
	ran     []string
	running map[session.ID]int // turns under way, by client
	most    int                // of one client at once
	decide  func(turn *session.Turn, d *session.Decision)
}

func (g *gate) bot(*session.Integration) session.Bot { return g }

// close holds the turns that start from now on until the returned function is
// called.
func (g *gate) close() (open func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	shut := make(chan struct{})
	g.shut = shut
	return sync.OnceFunc(func() {
		g.mu.Lock()
		g.shut = nil
		g.mu.Unlock()
		close(shut)
	})
}

// turns returns what ran so far, in the order of the starts: the words, or
// "-> state" of a timeout.
func (g *gate) turns() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string{}, g.ran...)
}

func (g *gate) atOnce() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.most
}

// Run is a turn.
func (g *gate) Run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	words := turn.Input.Text
	if turn.TargetState != "" {
		words = "-> " + turn.TargetState
	}
	g.mu.Lock()
	if g.running == nil {
		g.running = map[session.ID]int{}
	}
	g.running[turn.Client.ID]++
	g.most = max(g.most, g.running[turn.Client.ID])
	g.ran = append(g.ran, words)
	shut, decide := g.shut, g.decide
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.running[turn.Client.ID]--
		g.mu.Unlock()
	}()
	if shut != nil {
		select {
		case <-shut:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	reply, err := json.Marshal(map[string]string{"type": "text", "action_id": "1", "text": "You said: " + words})
	d := &session.Decision{Vars: *turn.Vars, Replies: []session.Reply{reply}}
	if decide != nil {
		decide(turn, d)
	}
	return d, err
}
