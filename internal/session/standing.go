package session

// Standing is where a conversation that left the bot stands, for who asked.
type Standing struct {
	Status     Availability `json:"status"`
	Position   int          `json:"position,omitempty"` // in its line, from 1; 0 is not in one
	Department string       `json:"department,omitempty"`
	Reason     string       `json:"reason,omitempty"`
}

// Standing tells where a conversation stands now that has left the bot; nil for
// any other.
func (o Ownership) Standing(in *Integration, talk *Conversation) (*Standing, error) {
	if !talk.Human() {
		return nil, nil
	}
	cfg := &o.core.cfg
	st := Standing{Status: cfg.availability(in, talk.Department), Department: talk.Department, Reason: talk.Reason}
	if talk.Owner == OwnerAgent {
		st.Status = Attended
	}
	if talk.InLine() {
		ahead, err := cfg.Store.Line().Ahead(talk)
		if err != nil {
			return nil, err
		}
		st.Position = ahead + 1
	}
	return &st, nil
}

// availability asks for people. An integration without a desk has none.
func (cfg *Config) availability(in *Integration, department string) Availability {
	if cfg.Desk == nil || !in.Settings.Desk {
		return NoAgents
	}
	return cfg.Desk.Availability(in, department)
}

// keeps tells whether a conversation that is opened again goes back to the
// agent who had it. Agents of other desks are not ours to judge.
func (cfg *Config) keeps(in *Integration, agent, department string) bool {
	if !in.Settings.Desk {
		return true
	}
	return cfg.Desk != nil && cfg.Desk.Available(in, agent, department)
}

// standing tells where a conversation stands; there is what its department's
// people do.
func (h holder) standing(talk *Conversation, there Availability) (Standing, error) {
	st := Standing{Status: there, Department: talk.Department, Reason: talk.Reason}
	if talk.Owner == OwnerAgent {
		st.Status = Attended
	}
	if !talk.InLine() {
		return st, nil
	}
	ahead, err := h.ahead(talk)
	st.Position = ahead + 1
	return st, err
}

// ahead counts who waits in the same line for longer: those of the store, and
// what this group has changed about them.
func (h holder) ahead(talk *Conversation) (int, error) {
	n, err := h.line.Ahead(talk)
	if err != nil {
		return 0, err
	}
	waits := func(c *Conversation) bool {
		return c.InLine() && c.ID != talk.ID && c.Integration == talk.Integration && c.Department == talk.Department && c.before(talk)
	}
	for id, stored := range h.w.talksRead {
		if waits(stored) {
			n--
		}
		if c, err := h.w.conversations.get(id, unread[Conversation]); err == nil && waits(c) {
			n++
		}
	}
	return n, nil
}
