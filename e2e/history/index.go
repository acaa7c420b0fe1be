package history

import (
	"cmp"
	"slices"
)

// index finds facts by what names them.
type index struct {
	facts    *Facts
	clients  map[string]*Client
	chains   map[string]*Chain
	sessions map[string]*Session
	messages map[string]*Stored
	events   map[string][]*Event  // by chain, in order of sequence
	inbox    map[string][]*Stored // user messages by client, in order of number
	tokens   map[string][]*Stored // user messages by token
}

func newIndex(facts *Facts) *index {
	x := &index{
		facts: facts, clients: map[string]*Client{}, chains: map[string]*Chain{}, sessions: map[string]*Session{},
		messages: map[string]*Stored{}, events: map[string][]*Event{}, inbox: map[string][]*Stored{}, tokens: map[string][]*Stored{},
	}
	for _, c := range facts.Clients {
		x.clients[c.ID] = c
	}
	for _, c := range facts.Chains {
		x.chains[c.ID] = c
	}
	for _, s := range facts.Sessions {
		x.sessions[s.ID] = s
	}
	for _, m := range facts.Messages {
		x.messages[m.ID] = m
		if m.User() {
			x.inbox[m.Client] = append(x.inbox[m.Client], m)
			x.tokens[m.Token] = append(x.tokens[m.Token], m)
		}
	}
	for _, e := range facts.Events {
		x.events[e.Chain] = append(x.events[e.Chain], e)
	}
	for _, list := range x.inbox {
		slices.SortFunc(list, func(a, b *Stored) int { return cmp.Compare(a.Number, b.Number) })
	}
	for _, list := range x.events {
		slices.SortStableFunc(list, func(a, b *Event) int { return cmp.Compare(a.Sequence, b.Sequence) })
	}
	return x
}

// chainOf returns the chain of a session, "" where it is unknown.
func (x *index) chainOf(session string) string {
	if s := x.sessions[session]; s != nil {
		return s.Chain
	}
	return ""
}

// at returns the event of a chain with a sequence, nil where there is none.
func (x *index) at(chain string, sequence int64) *Event {
	list := x.events[chain]
	i, ok := slices.BinarySearchFunc(list, sequence, func(e *Event, n int64) int { return cmp.Compare(e.Sequence, n) })
	if !ok {
		return nil
	}
	return list[i]
}

// run is an index with what callers saw.
type run struct {
	*index
	*History
	byToken map[string][]*Call
	first   map[string]*Call // confirmed first, by token
	sent    map[string]int64 // when first, by token
	patches map[string][]*patch
}

func newRun(h *History) *run {
	r := &run{
		index: newIndex(h.Facts), History: h,
		byToken: map[string][]*Call{}, first: map[string]*Call{}, sent: map[string]int64{},
	}
	for _, c := range h.Calls {
		if c.Token == "" {
			continue
		}
		r.byToken[c.Token] = append(r.byToken[c.Token], c)
		if at := r.sent[c.Token]; at == 0 || c.Sent < at {
			r.sent[c.Token] = c.Sent
		}
		if c.Outcome == Done && (r.first[c.Token] == nil || c.Answered < r.first[c.Token].Answered) {
			r.first[c.Token] = c
		}
	}
	r.patches = r.index.patches()
	return r
}
