package session

import "context"

// Transfer says to whom a conversation goes: to an agent, or to the queue of a
// department ("" is anybody's).
type Transfer struct {
	Agent      *Agent
	Department string
}

// Transfer gives the conversation to another agent or department, whoever has
// it, in one transaction: either that owner has it and the event says so, or
// nothing changed. The result's Standing says whether somebody is there.
func (o Ownership) Transfer(ctx context.Context, in *Integration, handle ID, by Agent, to Transfer) (*Result, error) {
	op := &transfer{scope: o.core.scope(in), handle: handle, by: by, to: to, there: o.core.cfg.availability(in, to.Department)}
	err := o.core.commit(ctx, "transfer", op, handle)
	return &op.out, err
}

type transfer struct {
	scope
	handle ID
	by     Agent
	to     Transfer
	there  Availability
	out    Result
}

type transferBody struct {
	By         Agent  `json:"by"`
	From       Owner  `json:"from"`
	Agent      *Agent `json:"agent,omitempty"`
	Department string `json:"department,omitempty"`
}

func (op *transfer) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, true)
	if err != nil {
		return err
	}
	talk, err := w.openConversation(op.scope, s)
	if err != nil {
		return err
	}
	if !op.stays(talk) {
		if err := op.move(op.holder(w, s), talk); err != nil {
			return err
		}
	}
	if talk, err = w.conversation(s.ID); err != nil {
		return err
	}
	st, err := op.holder(w, s).standing(talk, op.there)
	op.out = Result{Session: s, Chain: ch, Standing: &st}
	return err
}

// stays reports whether the conversation is where it shall go.
func (op *transfer) stays(talk *Conversation) bool {
	if op.to.Agent != nil {
		return talk.Owner == OwnerAgent && talk.Agent.ID == op.to.Agent.ID
	}
	return talk.Owner == OwnerQueue && talk.Department == op.to.Department
}

func (op *transfer) move(h holder, talk *Conversation) error {
	from := *talk
	body := transferBody{By: op.by, From: *from.owner(), Agent: op.to.Agent, Department: op.to.Department}
	h.w.announce(op.scope, h.s, EventTransferred, body, nil)
	c := h.w.conversations.edit(talk.ID)
	if op.to.Agent == nil || op.to.Department != "" {
		c.Department = op.to.Department
	}
	if from.Owner == OwnerBot || op.to.Agent == nil {
		c.Reason = ReasonTransferred // so that routing does not give it back to who gave it away
	}
	if op.to.Agent != nil {
		return h.seat(&from, *op.to.Agent, ReasonTransferred)
	}
	h.leave(&from)
	return h.own(&from, OwnerQueue, Agent{})
}
