package desk

import (
	"sync"

	"parley/internal/account"
	"parley/internal/desk"
	"parley/internal/session"
)

// subscription feeds the events of one open thread to a connection.
type subscription struct {
	conn     *connection
	in       string // integration
	thread   session.ID
	follower *session.Follower

	mu   sync.Mutex // held while a frame is added, so that nothing follows close
	shut bool
}

// open feeds a thread from a sequence on, without a gap. A thread that is open
// already begins again there.
func (c *connection) open(f frame) error {
	t, err := c.live.face.thread(c.live.ctx, f.thread)
	if err != nil {
		return err
	}
	newest := t.view.Chain.Sequence
	if !f.given {
		f.after = newest
	}
	if f.after > newest { // of a chain that was restored, or of nothing
		c.offer(reloadThread{Type: "reset", Thread: f.thread.String()})
		return nil
	}
	if err := c.room(f.thread); err != nil {
		return err
	}
	s := &subscription{conn: c, in: t.in.ID, thread: t.id}
	c.mu.Lock()
	before := c.threads[s.thread]
	c.threads[s.thread] = s
	c.mu.Unlock()
	if before != nil {
		before.close()
	}
	s.follow(f.after)
	c.live.rooms.enter(s.thread, c, c.agent.Load().Public())
	return nil
}

// room refuses a further thread over the limit.
func (c *connection) room(thread session.ID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.threads[thread] == nil && len(c.threads) >= session.DeskThreads {
		return &session.Error{Code: session.CodeRateLimited, Message: "too many threads are open on one connection"}
	}
	return nil
}

func (s *subscription) follow(after int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.follower = s.conn.live.face.cfg.Core.Follow(s.thread, after, s.deliver).Hear(s.hear)
}

// deliver sends an event; it waits while the page has much to read.
func (s *subscription) deliver(ev *session.Event) bool {
	in, ok := s.conn.live.face.cfg.Directory.Integration(s.in)
	if !ok {
		return false
	}
	f := encode(shownEvent{Type: "event", Thread: s.thread.String(), Event: s.conn.live.face.render(in, ev, s.conn.masked())})
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.shut && s.conn.out.feed(f)
}

type typingFrame struct {
	Type   string         `json:"type"`
	Thread string         `json:"thread"`
	Author string         `json:"author"` // user or agent
	Agent  *session.Agent `json:"agent,omitempty"`
	Action string         `json:"action"`
	Text   string         `json:"text,omitempty"`
}

// hear shows who types, but not to himself.
func (s *subscription) hear(t *session.Typing) {
	f := typingFrame{Type: "typing", Thread: s.thread.String(), Author: "user", Agent: t.By, Action: t.Action, Text: t.Text}
	if t.By != nil {
		f.Author = "agent"
		if t.By.ID == s.conn.agent.Load().ID {
			return
		}
	}
	s.conn.offer(f)
}

// close ends the feed: nothing is added after it.
func (s *subscription) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut = true
	s.follower.Close()
}

// shut ends the feed of a thread that the page has closed.
func (c *connection) shut(thread session.ID) {
	c.mu.Lock()
	s := c.threads[thread]
	delete(c.threads, thread)
	c.mu.Unlock()
	if s != nil {
		s.close()
		c.live.rooms.leave(thread, c)
	}
}

// typing tells the user and the others in a thread that this person writes.
func (c *connection) typing(f frame) error {
	agent := c.agent.Load()
	if err := (&account.Caller{Agent: agent}).May(desk.PermissionAnswer); err != nil {
		return err
	}
	t, err := c.live.face.thread(c.live.ctx, f.thread)
	if err != nil {
		return err
	}
	by := agent.Public()
	return session.Reactions{Core: c.live.face.cfg.Core}.Compose(c.live.ctx, t.in, t.id, session.Typing{Action: f.action, By: &by})
}
