package session

import "context"

// Repeats remembers the answers of calls that change no session but still
// must not be done twice: uploads (contract c.6).
type Repeats struct{ *Core }

// Answer returns the session that a handle stands for, without opening one,
// and remembers the answer under the caller's key, if there is one, by a
// commit of its own.
func (c Repeats) Answer(ctx context.Context, in *Integration, handle ID, r *Repeat) (*Result, error) {
	if r == nil {
		v, err := c.Look(ctx, in, handle)
		if err != nil {
			return nil, err
		}
		if !v.Session.Handle() {
			return nil, errNotFound()
		}
		return &Result{Session: v.Session, Chain: v.Chain}, nil
	}
	op := &answerOnce{scope: c.scope(in), handle: handle, repeat: r}
	err := c.commit(ctx, "answer", op, handle)
	return &op.out, err
}

type answerOnce struct {
	scope
	handle ID
	repeat *Repeat
	out    Result
}

func (op *answerOnce) apply(w *Work) error {
	if again, err := w.answered(op.in, op.repeat); err != nil || again != nil {
		op.out = Result{Repeated: again}
		return err
	}
	named, err := w.session(op.handle)
	if err != nil || named.Integration != op.in.ID {
		return notFound(err)
	}
	ch, err := w.chain(named.Chain)
	if err != nil {
		return err
	}
	s, err := w.session(ch.Head)
	if err != nil {
		return err
	}
	if !named.Handle() || !s.Handle() {
		return errNotFound()
	}
	op.out = Result{Session: s, Chain: ch}
	w.recordAnswer(op.scope, op.repeat, &op.out)
	return nil
}
