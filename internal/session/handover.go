package session

import (
	"context"
	"encoding/json"
)

// Handover moves the conversation to people. The result's Standing says at once
// whether somebody is there; it waits in the queue in either case. One that has
// left the bot already stays where it is.
func (o Ownership) Handover(ctx context.Context, in *Integration, handle ID, opt Handover, r *Repeat) (*Result, error) {
	cfg := &o.core.cfg
	op := &handover{scope: o.core.scope(in), handle: handle, opt: opt, repeat: r, there: cfg.availability(in, opt.Department)}
	err := o.core.commit(ctx, "handover", op, handle)
	if st := op.out.Standing; err == nil && st != nil && st.Position > 0 && st.Department != opt.Department {
		st.Status = cfg.availability(in, st.Department)
	}
	return &op.out, err
}

// handover moves the conversation to people: contract a.10.
type handover struct {
	scope
	handle ID
	opt    Handover
	there  Availability
	repeat *Repeat
	out    Result
}

func (op *handover) apply(w *Work) error {
	if again, err := w.answered(op.in, op.repeat); err != nil || again != nil {
		op.out = Result{Repeated: again}
		return err
	}
	s, ch, err := w.head(op.scope, op.handle, true)
	if err != nil {
		return err
	}
	st, moved, err := op.holder(w, s).queue(op.opt, op.there)
	if err != nil {
		return err
	}
	if moved && op.there != Queued && op.in.Settings.Desk {
		if err := op.raise(w, s, botEvent{name: EventNobodyOnline, data: nobodyBody{op.there}}); err != nil {
			return err
		}
	}
	op.out = Result{Session: s, Chain: ch, Standing: &st}
	w.recordAnswer(op.scope, op.repeat, &op.out)
	return nil
}

type handoverBody struct {
	Reason     string            `json:"reason,omitempty"`
	Department string            `json:"department,omitempty"`
	Status     Availability      `json:"status,omitempty"`
	Position   int               `json:"position,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	First      string            `json:"first_message,omitempty"`
	Once       bool              `json:"one_time,omitempty"`
	Theme      string            `json:"theme,omitempty"`
	Hidden     map[string]string `json:"hidden_attributes,omitempty"`
	Custom     json.RawMessage   `json:"custom_data,omitempty"`
	History    []HandoverLine    `json:"history,omitempty"`
}

// body is the event of a handover; st is nil for one that leaves the dialog
// with the bot.
func (opt Handover) body(st *Standing) handoverBody {
	b := handoverBody{
		Reason: opt.Reason, Department: opt.Department, Attributes: opt.Attributes, First: opt.FirstMessage, Once: opt.Once,
		Theme: opt.Theme, Hidden: opt.Hidden, Custom: opt.Custom, History: opt.History,
	}
	if st != nil {
		b.Status, b.Position = st.Status, st.Position
	}
	return b
}
