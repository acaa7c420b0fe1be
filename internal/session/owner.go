package session

// Owners change by compare-and-set inside the transaction; every change raises
// the epoch, so that no reply of an older epoch is shown.

// Ownership is how people act on conversations. Every core has one; its methods
// are the core's.
type Ownership struct{ core *Core }

// holder changes who answers in a session, within a running change. The chain
// of the session has been read by it.
type holder struct {
	scope
	w *Work
	s *Session
}

func (op scope) holder(w *Work, s *Session) holder { return holder{op, w, s} }

// own sets the owner. The script timeout is cancelled, the dialog timer stands
// still while a human owns, and whoever has it is awake.
func (h holder) own(talk *Conversation, kind OwnerKind, by Agent) error {
	c := h.w.conversations.edit(talk.ID)
	c.Owner, c.Agent = kind, by
	switch kind {
	case OwnerAgent:
		c.LastAgent = by
	case OwnerQueue:
		c.QueuedMs = h.ms()
		if c.WaitingMs == 0 {
			c.WaitingMs = h.ms()
		}
	case OwnerBot:
		c.WaitingMs, c.Department, c.Reason = 0, "", ""
	}
	h.w.chains.edit(h.s.Chain).Epoch++
	dead := []TimerKind{TimerSnooze}
	if kind != OwnerBot {
		dead = append(dead, TimerScript, TimerDialog)
	}
	c.SnoozedMs = 0
	for _, kind := range dead {
		if err := h.w.killTimer(h.s.ID, kind); err != nil {
			return err
		}
	}
	h.reset(c)
	return nil
}

// reset re-arms what depends on the session's deadlines after the owner
// changed or a message slid them: the next check may come earlier, never later.
func (h holder) reset(talk *Conversation) {
	s := h.w.sessions.edit(h.s.ID)
	s.CheckMs = min(s.CheckMs, s.nextCheck(&h.in.Settings, talk))
}

// seat gives the conversation to an agent, from whoever has it. reason is why
// it leaves the bot, if it does.
func (h holder) seat(talk *Conversation, agent Agent, reason string) error {
	h.leave(talk)
	if talk.Owner == OwnerBot {
		h.w.conversations.edit(talk.ID).Reason = reason
	}
	if err := h.own(talk, OwnerAgent, agent); err != nil {
		return err
	}
	h.w.announce(h.scope, h.s, EventMemberJoin, agentBody{agent}, nil)
	return nil
}

// leave tells that the agent who has the conversation gives it away.
func (h holder) leave(talk *Conversation) {
	if talk.Owner == OwnerAgent {
		h.w.announce(h.scope, h.s, EventMemberLeave, agentBody{talk.Agent}, nil)
	}
}

type agentBody struct {
	Agent
}

// claim gives the conversation to an agent: from another one only by force.
func (h holder) claim(by Agent, force bool) error {
	talk, err := h.w.openConversation(h.scope, h.s)
	switch {
	case err != nil:
		return err
	case talk.Owner == OwnerAgent && talk.Agent.ID == by.ID:
		return nil
	case talk.Owner == OwnerAgent && !force && guardClaim:
		return errOwned(talk)
	}
	return h.seat(talk, by, ReasonTakenOver)
}

// queue hands the conversation to the queue; one that has left the bot
// already stays as it is. moved tells whether it left.
func (h holder) queue(opt Handover, there Availability) (st Standing, moved bool, err error) {
	talk, err := h.w.openConversation(h.scope, h.s)
	if err != nil {
		return st, false, err
	}
	if moved = talk.Owner == OwnerBot; moved {
		if opt.Reason == "" {
			opt.Reason = ReasonRequested
		}
		c := h.w.conversations.edit(talk.ID)
		c.Department, c.Reason = opt.Department, opt.Reason
		if err := h.own(talk, OwnerQueue, Agent{}); err != nil {
			return st, false, err
		}
		talk = c
	}
	st, err = h.standing(talk, there)
	if err == nil && moved {
		h.w.announce(h.scope, h.s, EventHandover, opt.body(&st), nil)
	}
	return st, moved, err
}
