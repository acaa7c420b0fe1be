package load

import (
	"context"
	"fmt"
	"strings"

	"parley/e2e/history"
)

// overSocket makes one step of a person on a socket: connect, come back, talk,
// or lose the connection.
func (p *person) overSocket(ctx context.Context) {
	if p.socket == nil {
		p.connect(ctx)
		return
	}
	select {
	case <-p.socket.gone:
		p.lose()
		return
	default:
	}
	session, _ := p.socket.Where()
	if session == "" || p.socket.ended() {
		p.lose()
		p.forget()
		return
	}
	if p.open != nil {
		p.sayOpen(ctx)
		return
	}
	act := choose(p.rng, []weighted[func(context.Context, string) *history.Call]{
		{50, p.say}, {3, p.sayAgain}, {30, p.update}, {8, p.cut}, {1, p.leave}, {3, p.reopen},
	})
	switch c := act(ctx, session); {
	case c == nil || p.socket == nil:
	case c.Code == "invalid_session":
		p.lose()
		p.forget()
	case unheard(c):
		p.back.next()
		p.lose()
	}
}

// connect dials, and creates a session, joins one of the board or comes back.
func (p *person) connect(ctx context.Context) {
	p.dialled++
	s, err := p.load.dial(ctx, p, fmt.Sprintf("%s#%d", p.name, p.dialled))
	if err != nil {
		p.back.next()
		return
	}
	p.socket = s
	s.wait = min(patience, p.load.Patience)
	other := p.board.take(p.rng)
	var c *history.Call
	switch {
	case p.session != "" && p.rng.IntN(6) > 0:
		c = s.Reconnect(ctx, p.session, p.last)
	case p.session != "":
		c = s.Reconnect(ctx, p.session, -1)
	case other.handle != "" && p.rng.IntN(2) == 0:
		c = s.Reconnect(ctx, other.handle, -1)
	default:
		c = s.Create(ctx)
		p.board.put(c.Acting)
	}
	if c.Outcome != history.Done {
		p.lose()
		if c.Outcome == history.Refused && !unheard(c) {
			p.forget()
		}
	}
}

// dial connects: as a client that comes back by itself, or anew to a server.
func (l *Load) dial(ctx context.Context, p *person, name string) (*Socket, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	if !p.tabbed {
		return Dial(ctx, name, p.back.URL, p.back.In, l.Rec)
	}
	if p.tab == nil {
		tab, err := l.Browsers.open(p.name, l.TabURL, p.back.In)
		if err != nil {
			return nil, err
		}
		p.tab = tab
	}
	return p.tab.dial(ctx, name)
}

// forget leaves a chain for good.
func (p *person) forget() { p.session, p.past, p.open = "", past{}, nil }

// lose ends the connection and remembers where to come back to. A socket that
// had not got there yet changes nothing.
func (p *person) lose() {
	if session, last := p.socket.Where(); session != "" {
		p.session, p.last = session, last
	}
	p.socket.Cut()
	p.socket = nil
}

func (p *person) cut(context.Context, string) *history.Call {
	p.lose()
	return nil
}

func (p *person) say(ctx context.Context, session string) *history.Call {
	token, verb := p.load.Rec.Token(), p.verb()
	var patch map[string]any
	if !strings.HasSuffix(verb, "merge") && p.rng.IntN(6) == 0 {
		patch = p.patch(token)
	}
	c := p.socket.Send(ctx, session, verb, token, patch, 0)
	if c.Outcome == history.Done && p.rng.IntN(8) == 0 {
		p.rest(ctx)
		c = p.socket.Send(ctx, session, verb, token, patch, 1)
	}
	p.settled(c, verb, patch)
	return c
}

// settled remembers what was sent. A socket that gives no answer is left: the
// message is sent again on the next one, under its id.
func (p *person) settled(c *history.Call, verb string, patch map[string]any) {
	p.open = nil
	p.past.remember(c, verb, patch)
	if !unheard(c) {
		return
	}
	p.open = &sent{c.Session, verb, c.Token, patch, c.Repeat + 1}
	p.back.next()
	p.lose()
}

// sayOpen repeats the message that got no answer.
func (p *person) sayOpen(ctx context.Context) {
	m := p.open
	c := p.socket.Send(ctx, m.session, m.verb, m.token, m.patch, m.times)
	p.settled(c, m.verb, m.patch)
	if m.times > 20 || c.Code == "invalid_session" {
		p.open = nil
	}
}

// sayAgain repeats an old message of the same chain.
func (p *person) sayAgain(ctx context.Context, session string) *history.Call {
	m, ok := p.past.recall(p.rng)
	if !ok {
		return p.say(ctx, session)
	}
	return p.socket.Send(ctx, m.session, m.verb, m.token, m.patch, m.times)
}

func (p *person) update(ctx context.Context, session string) *history.Call {
	token := p.load.Rec.Token()
	version := int64(0)
	if p.rng.IntN(3) == 0 {
		version = p.socket.known()
	}
	return p.socket.Merge(ctx, session, token, p.patch(token), version)
}

func (p *person) leave(ctx context.Context, session string) *history.Call {
	return p.socket.Close(ctx, session)
}

func (p *person) reopen(ctx context.Context, session string) *history.Call {
	return p.socket.Reopen(ctx, session)
}

func (s *Socket) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

// known returns the newest version that the socket has heard of.
func (s *Socket) known() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}
