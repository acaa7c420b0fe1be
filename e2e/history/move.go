package history

// move is a conversation that an agent was to get, in a session or its chain.
type move struct{ where, agent string }

// moves are what calls asked for that were not refused.
type moves struct {
	gives     map[move]bool // by a claim, a message or a transfer
	forces    map[move]bool // those that may take it from another agent
	transfers map[string]bool
	returns   map[string]bool
}

func movesOf(r *run) *moves {
	m := &moves{gives: map[move]bool{}, forces: map[move]bool{}, transfers: map[string]bool{}, returns: map[string]bool{}}
	for _, c := range r.Calls {
		if c.Outcome == Refused {
			continue
		}
		at := r.actedOn(c)
		switch c.Kind {
		case Claim, AgentMessage, Transfer:
			m.gives[move{at, c.Agent}] = true
			if c.Kind != Claim || c.Force {
				m.forces[move{at, c.Agent}] = true
			}
			if c.Kind == Transfer {
				m.transfers[at] = true
			}
		case Return:
			m.returns[at] = true
		}
	}
	return m
}

// check: whoever has a conversation keeps it until a call gives it to somebody
// else; a claim takes it from no other agent unless it says so (19).
func (m *moves) check(f *findings, x *index) {
	for chain := range x.events {
		x.talks(chain, func(e *Event, before talk) {
			switch e.Kind {
			case "conversation:member_join":
				m.joined(f, chain, e, before)
			case "conversation:transferred":
				if !m.transfers[e.Session] && !m.transfers[chain] {
					f.add(19, "session %s: the conversation was transferred and nobody asked for it", e.Session)
				}
			case "conversation:returned":
				if !m.returns[e.Session] && !m.returns[chain] {
					f.add(19, "session %s: the conversation was returned to the bot and nobody asked for it", e.Session)
				}
			}
		})
	}
}

func (m *moves) joined(f *findings, chain string, e *Event, before talk) {
	agent := e.text("agent_id")
	by := func(set map[move]bool) bool { return set[move{e.Session, agent}] || set[move{chain, agent}] }
	switch {
	case !by(m.gives):
		f.add(19, "session %s: %s got the conversation and nobody asked for it", e.Session, agent)
	case before.open && before.owner == "agent" && before.agent != agent && !by(m.forces):
		f.add(19, "session %s: %s took the conversation of %s by a claim of what is free", e.Session, agent, before.agent)
	}
}
