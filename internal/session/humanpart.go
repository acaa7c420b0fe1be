package session

import (
	"context"
	"encoding/json"
)

// HumanPart is a stretch of a session in which people had the dialog: guarantees
// 2, row 12. A message stands in it when its sequence lies between the two.
type HumanPart struct {
	First      int64 // sequence of what began it; 0: it began before what was asked for
	Last       int64 // sequence of what ended it; 0: it goes on
	BeganMs    int64 // 0 with First
	EndedMs    int64 // 0 with Last
	Reason     string
	Department string
	State      string // where the bot was told to go on; "" where it was
}

// Holds reports whether a message of the session was said in the part. One that
// has no place yet comes after all others.
func (p *HumanPart) Holds(m *Message) bool {
	if !m.Placed() {
		return p.Last == 0
	}
	return m.Sequence > p.First && (p.Last == 0 || m.Sequence < p.Last)
}

// eventPage is how many events are read at once.
const eventPage = 1000

// humanParts reads the human parts of a session from the events after a
// sequence, in order.
func (c runner) humanParts(ctx context.Context, l *loaded, after int64) ([]HumanPart, error) {
	f := partFolder{session: l.session.ID}
	for {
		events, err := c.cfg.Store.Events(ctx, l.session.Chain, after, eventPage)
		if err != nil {
			return nil, err
		}
		for _, ev := range events {
			f.hear(ev)
			after = ev.Sequence
		}
		if len(events) < eventPage {
			return f.done(l.talk), nil
		}
	}
}

// partFolder makes parts of events.
type partFolder struct {
	session  ID
	parts    []HumanPart
	resolved bool // the last conversation was people's when it was resolved
}

// open is the part that goes on, nil where the bot has the dialog.
func (f *partFolder) open() *HumanPart {
	if n := len(f.parts); n > 0 && f.parts[n-1].Last == 0 {
		return &f.parts[n-1]
	}
	return nil
}

// partBody has those fields of the events' bodies that a part is made of.
type partBody struct {
	Reason     string       `json:"reason"`
	Department string       `json:"department"`
	Status     Availability `json:"status"`
	State      string       `json:"state"`
}

func (f *partFolder) hear(ev *Event) {
	if ev.Session != f.session {
		return
	}
	body := partBody{}
	switch ev.Kind {
	case EventHandover, EventTransferred, EventReturned:
		_ = json.Unmarshal(ev.Body, &body) // a body that says nothing leaves a part without a reason
	}
	switch ev.Kind {
	case EventHandover:
		if body.Status != "" { // without one people were only told something
			f.begin(ev, body.Reason, body.Department)
		}
	case EventTransferred:
		f.begin(ev, ReasonTransferred, body.Department)
	case EventMemberJoin:
		f.begin(ev, ReasonTakenOver, "")
	case EventConversationReopened:
		if n := len(f.parts); f.resolved {
			f.begin(ev, f.parts[n-1].Reason, f.parts[n-1].Department)
		}
	case EventReturned:
		f.end(ev, body.State)
	case EventConversationClosed:
		if f.resolved = f.open() != nil; f.resolved {
			f.end(ev, "")
		}
	}
}

func (f *partFolder) begin(ev *Event, reason, department string) {
	if f.open() == nil {
		f.parts = append(f.parts, HumanPart{First: ev.Sequence, BeganMs: ev.AtMs, Reason: reason, Department: department})
	}
}

func (f *partFolder) end(ev *Event, state string) {
	p := f.open()
	if p == nil {
		f.parts = append(f.parts, HumanPart{})
		p = f.open()
	}
	p.Last, p.EndedMs, p.State = ev.Sequence, ev.AtMs, state
}

// done returns the parts; people who have the conversation and were not heard of
// had it all the time.
func (f *partFolder) done(talk *Conversation) []HumanPart {
	if talk.Human() && f.open() == nil {
		f.parts = append(f.parts, HumanPart{Reason: talk.Reason, Department: talk.Department})
	}
	return f.parts
}
