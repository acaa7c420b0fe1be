package session

import "context"

// ReopenConversation opens the last resolved conversation again: the bot's goes
// back to the bot, an agent's to the agent while the desk says that he is there,
// otherwise to the queue. by is nil unless a human did it.
func (o Ownership) ReopenConversation(ctx context.Context, in *Integration, handle ID, by *Agent) (*Result, error) {
	op := &reopenConversation{scope: o.core.scope(in), handle: handle, agent: by}
	if v, err := o.core.Look(ctx, in, handle); err == nil && v.Conversation != nil {
		talk, cfg := v.Conversation, &o.core.cfg
		if talk.Owner == OwnerAgent && cfg.keeps(in, talk.Agent.ID, talk.Department) {
			op.back = talk.Agent.ID
		}
		op.there = cfg.availability(in, talk.Department)
	}
	err := o.core.commit(ctx, "reopen conversation", op, handle)
	return &op.out, err
}

// reopenConversation opens the last resolved conversation again.
type reopenConversation struct {
	scope
	handle ID
	agent  *Agent
	back   string // the agent who had it, if he is there
	there  Availability
	out    Result
}

func (op *reopenConversation) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	talk, err := w.conversation(s.ID)
	if err != nil || talk == nil || talk.Open() {
		return err
	}
	c := w.conversations.edit(talk.ID)
	c.ClosedMs = 0
	if err := w.killTimer(s.ID, TimerKeepAlive); err != nil {
		return err
	}
	w.sessions.edit(s.ID).heard(op.ms())
	h := op.holder(w, s)
	w.announce(op.scope, s, EventConversationReopened, op.conversationBody("open", s, op.agent), nil)
	switch {
	case c.Owner == OwnerBot:
		h.reset(c)
		return nil
	case c.Owner == OwnerAgent && c.Agent.ID == op.back:
		c.WaitingMs = op.ms()
		return h.own(c, OwnerAgent, c.Agent)
	}
	return op.wait(h, c)
}

// wait puts the conversation into the queue that it came from.
func (op *reopenConversation) wait(h holder, c *Conversation) error {
	if err := h.own(c, OwnerQueue, Agent{}); err != nil {
		return err
	}
	st, err := h.standing(c, op.there)
	if err != nil {
		return err
	}
	h.w.announce(op.scope, h.s, EventHandover, Handover{Reason: c.Reason, Department: c.Department}.body(&st), nil)
	op.out.Standing = &st
	return nil
}
