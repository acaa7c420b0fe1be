package history

import (
	"cmp"
	"reflect"
)

// CheckGrowth compares the facts of a store, or of a copy, with those of the same
// store later: what stood stands, in its place and with its contents, and nothing
// that counts has fallen.
func CheckGrowth(before, after *Facts) []Finding {
	f := &findings{}
	g := &growth{f, newIndex(after)}
	g.clients(before.Clients)
	g.chains(before.Chains)
	g.sessions(before.Sessions)
	g.messages(before.Messages)
	g.events(before.Events)
	return f.sorted()
}

// growth is the later state.
type growth struct {
	*findings
	*index
}

func (g *growth) clients(list []*Client) {
	for _, c := range list {
		switch d := g.index.clients[c.ID]; {
		case d == nil || d.Integration != c.Integration || d.Key != c.Key:
			g.add(16, "client %s (%s) is gone or another", c.ID, c.Key)
		case d.N < c.N || d.InboxNumber < c.InboxNumber:
			g.add(6, "client %s: $client.n %d and %d messages came after %d and %d", c.ID, d.N, d.InboxNumber, c.N, c.InboxNumber)
		}
	}
}

func (g *growth) chains(list []*Chain) {
	for _, c := range list {
		d := g.index.chains[c.ID]
		if d == nil || d.Client != c.Client {
			g.add(9, "chain %s is gone or another client's", c.ID)
			continue
		}
		for _, n := range []struct {
			line          int
			name          string
			before, after int64
		}{{9, "sequence", c.Sequence, d.Sequence}, {8, "version", c.Version, d.Version}, {12, "epoch", c.Epoch, d.Epoch}} {
			if n.after < n.before {
				g.add(n.line, "chain %s: the %s fell from %d to %d", c.ID, n.name, n.before, n.after)
			}
		}
	}
}

func (g *growth) sessions(list []*Session) {
	for _, s := range list {
		now := g.index.sessions[s.ID]
		switch {
		case now == nil:
			g.add(10, "session %s is gone", s.ID)
		case now.identity() != s.identity():
			g.add(10, "session %s was %+v and is %+v", s.ID, s.identity(), now.identity())
		case !s.Open() && now.end(s.Successor) != s.end(s.Successor):
			g.add(10, "session %s ended as %+v and now as %+v", s.ID, s.end(s.Successor), now.end(s.Successor))
		}
	}
}

type identity struct {
	integration, client, chain, predecessor, external string
	createdMs                                         int64
}

func (s *Session) identity() identity {
	return identity{s.Integration, s.Client, s.Chain, s.Predecessor, s.External, s.CreatedMs}
}

type end struct {
	status, reason, successor string
	endedMs                   int64
}

// end is how a session ended, with its successor where there was one: after
// stopSession the next message makes it.
func (s *Session) end(successor string) end {
	if successor != "" {
		successor = s.Successor
	}
	return end{s.Status, s.Reason, successor, s.EndedMs}
}

func (g *growth) messages(list []*Stored) {
	for _, m := range list {
		now := g.index.messages[m.ID]
		if now == nil {
			g.add(1, "message %s (%s) is gone", m.ID, m.Token)
			continue
		}
		want := *m
		if m.User() && m.Sequence == 0 { // it waited for its turn
			want.Chain, want.Session, want.Sequence, want.Outcome, want.Why = now.Chain, now.Session, now.Sequence, now.Outcome, now.Why
		}
		if !reflect.DeepEqual(&want, now) {
			g.add(1, "message %s was %+v and is %+v", m.ID, *m, *now)
		}
	}
}

func (g *growth) events(list []*Event) {
	for _, e := range list {
		if now := g.at(e.Chain, e.Sequence); now == nil || !reflect.DeepEqual(e, now) {
			g.add(9, "event %d of chain %s was %+v and is %+v", e.Sequence, e.Chain, *e, cmp.Or(now, &Event{}))
		}
	}
}
