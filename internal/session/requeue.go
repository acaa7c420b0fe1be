package session

import "context"

// Requeue takes a conversation from an agent who is away back to the queue of
// its department, with the reason ReasonAgentAway and its place by how long the user
// has waited. It is CodeConflict where the agent does not have it any more, it
// sleeps, or nobody waits for an answer.
func (o Ownership) Requeue(ctx context.Context, in *Integration, handle ID, from string) (*Result, error) {
	op := &requeue{scope: o.core.scope(in), handle: handle, from: from}
	if v, err := o.core.Look(ctx, in, handle); err == nil && v.Conversation != nil {
		op.there = o.core.cfg.availability(in, v.Conversation.Department)
	}
	err := o.core.commit(ctx, "requeue", op, handle)
	return &op.out, err
}

type requeue struct {
	scope
	handle ID
	from   string
	there  Availability
	out    Result
}

func (op *requeue) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	if !talk.Open() || talk.Owner != OwnerAgent || talk.Agent.ID != op.from || talk.WaitingMs == 0 || talk.SnoozedMs != 0 {
		return errOwned(talk)
	}
	h := op.holder(w, s)
	h.leave(talk)
	c := w.conversations.edit(talk.ID)
	c.Reason = ReasonAgentAway
	if err := h.own(c, OwnerQueue, Agent{}); err != nil {
		return err
	}
	st, err := h.standing(c, op.there)
	if err != nil {
		return err
	}
	w.announce(op.scope, s, EventHandover, Handover{Reason: c.Reason, Department: c.Department}.body(&st), nil)
	op.out = Result{Session: s, Chain: ch, Standing: &st}
	return nil
}
