package desk

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/account"
	"parley/internal/desk"
	"parley/internal/session"
)

// live holds the live connections of all pages.
type live struct {
	face     *Face
	log      *slog.Logger
	ctx      context.Context // of what connections ask the core
	upgrader websocket.Upgrader
	rooms    rooms
	check    time.Duration // between two checksums of a list
	slow     time.Duration // that a page may take nothing

	mu      sync.Mutex
	open    map[*connection]struct{}
	windows map[string]int // connections of each agent; no zeros
	closed  bool
	gone    sync.WaitGroup
	stop    chan struct{}
	deaf    func() // ends the hearing of changes of people
}

func newLive(f *Face) *live {
	l := &live{
		face: f, log: f.cfg.Log, ctx: context.Background(),
		check: checkEvery, slow: writeTime, open: map[*connection]struct{}{}, windows: map[string]int{}, stop: make(chan struct{}),
	}
	l.upgrader = websocket.Upgrader{
		HandshakeTimeout: writeTime,
		CheckOrigin:      func(*http.Request) bool { return true }, // checked with the route
		Error: func(w http.ResponseWriter, r *http.Request, _ int, reason error) {
			why := session.Invalid("", "this is for WebSockets: %v", reason)
			f.serve(refusing(Base+"/live", why))(w, r)
		},
	}
	l.deaf = f.cfg.People.Listen(l.hear)
	go l.tend()
	return l
}

// openLive serves GET /live: the route's checks are done, so the caller gets a
// connection.
func openLive(c *call, w http.ResponseWriter) {
	l := c.face.live
	if !l.admit(c.caller.Agent.ID) {
		why := &session.Error{Code: session.CodeRateLimited, RetryAfter: session.PingInterval, Message: "you have too many windows open"}
		c.face.serve(refusing(Base+"/live", why))(w, c.r)
		return
	}
	defer l.dismiss(c.caller.Agent.ID)
	ws, err := l.upgrader.Upgrade(w, c.r, http.Header{"X-Request-Id": {c.id.String()}})
	if err != nil {
		return // it was answered by the upgrader
	}
	one := &connection{live: l, ws: ws, out: newOutbox(), caller: c.caller, threads: map[session.ID]*subscription{}}
	one.agent.Store(c.caller.Agent)
	if !l.add(one) {
		_ = ws.Close()
		return
	}
	ended, release := c.accounts().Ended(c.caller)
	defer release()
	defer c.face.cfg.People.Connect(c.caller.Agent.ID)()
	served := make(chan struct{})
	defer close(served)
	go func() {
		select {
		case <-ended:
			one.signOut()
		case <-served:
		}
	}()
	one.serve()
}

// admit counts a connection of an agent in, unless he has his share.
func (l *live) admit(agent string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.windows[agent] >= session.DeskConnections {
		return false
	}
	l.windows[agent]++
	return true
}

func (l *live) dismiss(agent string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.windows[agent]--; l.windows[agent] == 0 {
		delete(l.windows, agent)
	}
}

func (l *live) add(c *connection) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.open[c] = struct{}{}
	l.gone.Add(1)
	return true
}

func (l *live) remove(c *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, here := l.open[c]; here {
		delete(l.open, c)
		l.gone.Done()
	}
}

// all returns the connections of this moment.
func (l *live) all() []*connection {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]*connection, 0, len(l.open))
	for c := range l.open {
		list = append(list, c)
	}
	return list
}

// tend pings the pages, and sends away who is signed in no longer.
func (l *live) tend() {
	tick := time.NewTicker(session.PingInterval)
	defer tick.Stop()
	ping := encode(notice{Type: "ping"})
	for {
		select {
		case <-l.stop:
			return
		case <-tick.C:
			for _, c := range l.all() {
				if c.still() {
					c.offerRaw(ping)
				}
			}
		}
	}
}

// still looks whether the person may still be here, with the role of now. When
// the store cannot be asked, the next ping asks again.
func (c *connection) still() bool {
	who, err := c.live.face.cfg.Accounts.Still(c.live.ctx, c.caller)
	if err == nil {
		err = who.May(desk.PermissionRead)
	}
	switch session.CodeOf(err) {
	case session.CodeUnauthorized, account.CodeForbidden:
		c.signOut()
		return false
	}
	if err == nil {
		c.agent.Store(who.Agent)
	}
	return true
}

type presenceFrame struct {
	Type     string        `json:"type"`
	Agent    string        `json:"agent_id"`
	Presence desk.Presence `json:"presence"`
}

// hear tells everybody who is here, and looks again whether the one who
// changed may be.
func (l *live) hear(change desk.Change) {
	who := change.Agent
	if who == nil || change.Live {
		return
	}
	f := encode(presenceFrame{"presence", who.ID, who.Presence})
	for _, c := range l.all() {
		c.offerRaw(f)
		if c.agent.Load().ID == who.ID {
			go c.still()
		}
	}
}

// drain sends everybody away and waits until they have gone or ctx ends.
func (l *live) drain(ctx context.Context) error {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.stop)
		l.deaf()
	}
	l.mu.Unlock()
	for _, c := range l.all() {
		c.finish(websocket.CloseServiceRestart, "the server restarts", nil)
	}
	gone := make(chan struct{})
	go func() { defer close(gone); l.gone.Wait() }()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
