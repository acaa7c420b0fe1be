package history

import "slices"

// Cut returns the history as a copy of the store shows it that was made between
// two moments, in Unix nanoseconds: what was answered before the copy must be in
// it, what was sent after it must not, and of all between nobody knows. A copy is
// of one moment: where it shows a call, it must show all that was answered
// before that call was sent.
func (h *History) Cut(shown *Facts, from, to int64) *History {
	facts := *shown
	whole := *h
	whole.Facts = &facts
	r := copied{newRun(&whole)}
	from = max(from, r.newest())
	facts.ReadMs = from / 1e6
	cut := &History{Facts: &facts, Settings: h.Settings, SlackMs: h.SlackMs, SkewMs: h.SkewMs}
	for _, c := range h.Calls {
		if c.Sent <= to {
			cut.Calls = append(cut.Calls, c.asOf(from))
		}
	}
	for _, s := range h.Stays {
		if s := r.stayAsOf(s, from); len(s.Seen) > 0 {
			cut.Stays = append(cut.Stays, s)
		}
	}
	for _, k := range h.Hooks {
		if k.At <= from || k.At <= to && r.at(r.chainOf(k.Session), k.Sequence) != nil {
			cut.Hooks = append(cut.Hooks, k)
		}
	}
	for _, t := range h.Turns {
		if r.took(t) || r.stood(t, from) {
			cut.Turns = append(cut.Turns, t)
		}
	}
	for _, d := range h.Downs {
		if d.From <= from/1e6 {
			cut.Downs = append(cut.Downs, d)
		}
	}
	return cut
}

// copied is a run with the facts of a copy.
type copied struct{ *run }

// known is how long after the time in the log a commit is known at the latest, in
// milliseconds: changes are written together.
const known = 1000

// newest returns when the newest of the calls was sent that the facts show.
func (r copied) newest() int64 {
	latest := int64(0)
	see := func(token string) { latest = max(latest, r.sent[token]) }
	for _, m := range r.facts.Messages {
		see(m.Token)
	}
	for _, s := range r.facts.Sessions {
		see(s.External)
	}
	for token := range r.patches {
		see(token)
	}
	return latest
}

// asOf is the call as it was known at a moment. What was refused later left
// nothing either.
func (c *Call) asOf(at int64) *Call {
	if c.Outcome != Done || c.Answered <= at {
		return c
	}
	open := *c
	open.Outcome, open.Answered = Unknown, 0
	open.Acting, open.Message, open.Version, open.Document = "", "", 0, nil
	return &open
}

// stayAsOf is what a socket had got at a moment, and what it got later of the
// events that are stored.
func (r copied) stayAsOf(s *Stay, at int64) *Stay {
	last := int64(0)
	if c := r.chains[r.chainOf(s.Session)]; c != nil {
		last = c.Sequence
	}
	cut := *s
	cut.Whole, cut.Seen = false, nil
	for _, seen := range s.Seen {
		if seen.At <= at || seen.Sequence <= last {
			cut.Seen = append(cut.Seen, seen)
		}
	}
	return &cut
}

// stood reports whether the commit of a turn was known at a moment for certain.
func (r copied) stood(t Turn, at int64) bool {
	later := t.Commit/1e6 + known + r.SlackMs + r.SkewMs
	return later <= at/1e6 && !r.down(t.Commit/1e6, later)
}

// took reports whether the facts show a turn: its message has its place.
func (r copied) took(t Turn) bool {
	id, of := messageOf(t)
	m := r.index.messages[id]
	return of && m != nil && m.Sequence > 0
}

// Then returns the history of a server that went on from a copy of which h is the
// history, up again since a moment in Unix milliseconds. Facts are those of next.
func (h *History) Then(next *History, up int64) *History {
	all := *next
	gap := Span{From: h.Facts.ReadMs, To: up}
	all.Calls = slices.Concat(h.Calls, next.Calls)
	all.Stays = slices.Concat(h.Stays, next.Stays)
	all.Hooks = slices.Concat(h.Hooks, next.Hooks)
	all.Turns = slices.Concat(h.Turns, next.Turns)
	all.Downs = slices.Concat(h.Downs, []Span{gap}, next.Downs)
	all.SlackMs, all.SkewMs = max(h.SlackMs, next.SlackMs), max(h.SkewMs, next.SkewMs)
	return &all
}
