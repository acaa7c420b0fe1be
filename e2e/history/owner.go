package history

import "slices"

// talk is the conversation of a session as its events tell it.
type talk struct {
	open  bool
	owner string // bot, queue or agent
	agent string
}

func (t talk) human() bool { return t.open && t.owner != "bot" }

// after returns the conversation after an event.
func (t talk) after(e *Event) talk {
	switch e.Kind {
	case "session:created", "session:closed":
		return talk{}
	case "message:user":
		if !t.open {
			return talk{open: true, owner: "bot"}
		}
	case "conversation:handover":
		return talk{open: true, owner: "queue"}
	case "conversation:transferred": // to an agent: he joins
		if e.Body["agent"] == nil {
			return talk{open: true, owner: "queue"}
		}
	case "conversation:returned":
		return talk{open: true, owner: "bot"}
	case "conversation:member_join":
		return talk{open: true, owner: "agent", agent: e.text("agent_id")}
	case "conversation:closed":
		t.open = false
	case "conversation:reopened":
		t.open = true
	}
	return t
}

// talks calls see with the conversation before every event of a chain.
func (x *index) talks(chain string, see func(e *Event, before talk)) {
	var t talk
	for _, e := range x.events[chain] {
		see(e, t)
		t = t.after(e)
	}
}

// owners: nothing a bot decided shows while people own the conversation (12),
// and the owner is who the last change of owner named (19).
func (x *index) owners(f *findings) {
	now := map[string]talk{}
	for chain := range x.events {
		x.talks(chain, func(e *Event, before talk) {
			now[e.Session] = before.after(e)
			if !before.human() {
				return
			}
			m := x.messages[e.Message]
			switch {
			case m != nil && m.Bot() && len(m.Replies) > 0:
				f.add(12, "chain %s: event %d is a bot's reply while the %s owns the conversation", chain, e.Sequence, before.owner)
			case e.Kind == "session:closed" && e.text("reason") == "script":
				f.add(12, "chain %s: a script ended session %s while the %s owns the conversation", chain, e.Session, before.owner)
			}
		})
	}
	newest := map[string]*Conversation{}
	for _, c := range x.facts.Conversations {
		if old := newest[c.Session]; old == nil || c.ClosedMs == 0 || old.ClosedMs != 0 && c.OpenedMs >= old.OpenedMs {
			newest[c.Session] = c
		}
	}
	for id, s := range x.sessions {
		c, told := newest[id], now[id]
		if !s.Open() {
			continue
		}
		if stored := c != nil && c.ClosedMs == 0; stored != told.open || stored && (c.Owner != told.owner || c.Owner == "agent" && c.Agent != told.agent) {
			f.add(19, "session %s: the conversation is %+v, its events say %+v", id, c, told)
		}
	}
}

// humans returns the sessions whose conversation people own at their end, or
// now.
func (x *index) humans() map[string]bool {
	owned := map[string]bool{}
	for chain := range x.events {
		x.talks(chain, func(e *Event, before talk) {
			owned[e.Session] = before.human()
			if e.Kind != "session:closed" {
				owned[e.Session] = before.after(e).human()
			}
		})
	}
	return owned
}

// stale: a turn that began before a change of owner and committed after it
// shows nothing, also where the bot owns the conversation again (12). A turn
// begins when its ground is read, shortly after the moment in the log, unless
// something was not there meanwhile.
func (r *run) stale(f *findings) {
	const shortly = 100
	began := map[string]int64{} // by message
	for _, t := range r.Turns {
		if id, ok := messageOf(t); ok {
			began[id] = t.Load/1e6 + shortly + r.SlackMs + r.SkewMs
		}
	}
	for chain := range r.events {
		changed := int64(0)
		r.talks(chain, func(e *Event, before talk) {
			if before.human() != before.after(e).human() && e.Kind != "session:closed" {
				changed = e.AtMs
			}
			m := r.index.messages[e.Message]
			if at := began[e.Message]; m != nil && at > 0 && changed > at && m.Outcome == "answered" && !r.down(at, changed) {
				f.add(12, "message %s (%s) was answered by a turn that began before the owner changed", m.ID, m.Token)
			}
		})
	}
}

// down reports whether the program, or a part of it, was not there at some time
// between two moments.
func (h *History) down(from, to int64) bool {
	return slices.ContainsFunc(h.Downs, func(d Span) bool { return d.From <= to && d.To >= from })
}

// claims: a confirmed claim stays until another confirmed change of owner (19).
func (r *run) claims(f *findings) {
	joined := map[string]map[string]bool{} // agents by session
	for _, e := range r.facts.Events {
		if e.Kind == "conversation:member_join" {
			if joined[e.Session] == nil {
				joined[e.Session] = map[string]bool{}
			}
			joined[e.Session][e.text("agent_id")] = true
		}
	}
	for _, c := range r.Calls {
		if c.Kind == Claim && c.Outcome == Done && !joined[c.Acting][c.Agent] {
			f.add(19, "the confirmed claim of %s by %s is not among the events", c.Acting, c.Agent)
		}
	}
	asked := map[string]int{} // calls that may resolve or take over, by session
	for _, c := range r.Calls {
		if c.Outcome != Refused && (c.Kind == CloseConversation || c.Kind == Resolve) {
			asked[r.actedOn(c)]++
		}
	}
	for chain := range r.events {
		r.talks(chain, func(e *Event, before talk) {
			if e.Kind == "conversation:closed" && before.owner == "agent" && asked[e.Session] == 0 && asked[chain] == 0 {
				f.add(19, "session %s: the conversation of %s was resolved and nobody asked for it", e.Session, before.agent)
			}
		})
	}
}

// actedOn is the session of a call, or its chain where the answer did not come.
func (r *run) actedOn(c *Call) string {
	if c.Acting != "" {
		return c.Acting
	}
	return r.chainOf(c.Session)
}
