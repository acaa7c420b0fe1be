package session

import (
	"context"
	"encoding/json"
	"slices"
)

// Reactions are what people do beside writing: receipts, ratings and typing.
// All are direct turns; none of them pushes a timer of the session.
type Reactions struct{ *Core }

// ReceiptKind says how far messages came. Read implies delivered.
type ReceiptKind string

const (
	ReceiptDelivered ReceiptKind = "delivered"
	ReceiptRead      ReceiptKind = "read"
)

// Receipt says that messages of the other side arrived or were read: contract
// a.6, a.7. It holds for everything up to the newest message it names.
type Receipt struct {
	Kind     ReceiptKind
	Messages []ID   // empty: everything said so far; unknown ones are ignored
	By       *Agent // who read what the user wrote; nil: the user, what was written to it
	Quiet    bool   // the integration's back end said so, so its webhook is not told
}

// Marks are how far the receipts of a chain came, as sequences of messages.
// They only rise.
type Marks struct {
	Delivered int64 // to the user
	Read      int64 // by the user
	Seen      int64 // by people of the desk
}

// of returns the marks that a receipt raises, the one it is about first.
func (m *Marks) of(r *Receipt) []*int64 {
	switch {
	case r.By != nil:
		return []*int64{&m.Seen}
	case r.Kind == ReceiptRead:
		return []*int64{&m.Read, &m.Delivered}
	}
	return []*int64{&m.Delivered}
}

// covers tells whether a receipt can be about the message of an event.
func (r *Receipt) covers(ev *Event) bool {
	switch ev.Kind {
	case EventMessageUser:
		return r.By != nil
	case EventMessageBot, EventMessageAgent, EventMessageExternal:
		return r.By == nil
	}
	return false
}

func (r *Receipt) check() error {
	if r.Kind != ReceiptDelivered && r.Kind != ReceiptRead {
		return Invalid("kind", "must be delivered or read")
	}
	if len(r.Messages) > MaxReceiptMessages {
		return Invalid("message_ids", "more than %d ids", MaxReceiptMessages)
	}
	return nil
}

// Receive notes a receipt. One that says nothing new changes nothing and is
// told to nobody.
func (c Reactions) Receive(ctx context.Context, in *Integration, handle ID, r Receipt) (*Result, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	v, err := c.View(ctx, in, handle)
	if err != nil {
		return nil, err
	}
	found, err := c.receivable(ctx, v.Chain, &r)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return &Result{Session: v.Session, Chain: v.Chain}, nil
	}
	op := &receive{scope: c.scope(in), handle: handle, receipt: r, found: found}
	err = c.commit(ctx, "receive", op, handle)
	return &op.out, err
}

// receivable reads the messages that a receipt may be new for, oldest first.
func (c Reactions) receivable(ctx context.Context, ch *Chain, r *Receipt) ([]*Message, error) {
	const page = 256
	marks := ch.Marks
	after := *marks.of(r)[0]
	var found []*Message
	for named := 0; after < ch.Sequence; {
		list, err := c.cfg.Store.Events(ctx, ch.ID, after, page)
		if err != nil || len(list) == 0 {
			return found, err
		}
		for _, ev := range list {
			if !r.covers(ev) {
				continue
			}
			found = append(found, ev.Message)
			if slices.Contains(r.Messages, ev.Message.ID) {
				named = len(found)
			}
		}
		after = list[len(list)-1].Sequence
		if len(r.Messages) > 0 && after >= ch.Sequence {
			return found[:named], nil
		}
	}
	return found, nil
}

// receive raises the marks and tells of the messages that are new above them.
type receive struct {
	scope
	handle  ID
	receipt Receipt
	found   []*Message // oldest first, never empty
	out     Result
}

type receiptBody struct {
	Messages  []ID   `json:"message_ids"`
	AgentID   string `json:"agent_id,omitempty"`
	AgentName string `json:"agent_name,omitempty"`
	Quiet     bool   `json:"quiet,omitempty"`
}

func (op *receive) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	marks := ch.Marks
	list := marks.of(&op.receipt)
	body := receiptBody{Messages: []ID{}, Quiet: op.receipt.Quiet}
	for _, m := range op.found {
		if m.Sequence > *list[0] {
			body.Messages = append(body.Messages, m.ID)
		}
	}
	if len(body.Messages) == 0 {
		return nil
	}
	if over := len(body.Messages) - MaxReceiptMessages; over > 0 {
		body.Messages = body.Messages[over:]
	}
	if by := op.receipt.By; by != nil {
		body.AgentID, body.AgentName = by.ID, by.Name
	}
	for _, mark := range list {
		*mark = max(*mark, op.found[len(op.found)-1].Sequence)
	}
	w.chains.edit(ch.ID).Marks = marks
	op.out.Changed = true
	w.announce(op.scope, s, "message:"+string(op.receipt.Kind), body, nil)
	return nil
}

// receiptWebhook: what the back end said itself is not echoed to it.
func receiptWebhook(ev *Event) (string, json.RawMessage) {
	var body receiptBody
	_ = json.Unmarshal(ev.Body, &body)
	if body.Quiet {
		return "", nil
	}
	return ev.Kind, ev.Body
}
