package session

import "context"

// Claim gives the conversation to an agent. With transfer it is taken from
// another agent; without, the loser of a race gets CodeConflict with the winner
// in Error.Owner.
func (o Ownership) Claim(ctx context.Context, in *Integration, handle ID, by Agent, transfer bool) (*Result, error) {
	op := &claim{scope: o.core.scope(in), handle: handle, agent: by, force: transfer}
	err := o.core.commit(ctx, "claim", op, handle)
	return &op.out, err
}

// Assign gives a conversation that waits in the queue to an agent; one that does
// not wait there any more is CodeConflict, with who has it in Error.Owner.
func (o Ownership) Assign(ctx context.Context, in *Integration, handle ID, to Agent) (*Result, error) {
	op := &assign{scope: o.core.scope(in), handle: handle, agent: to}
	err := o.core.commit(ctx, "assign", op, handle)
	return &op.out, err
}

// claim gives the conversation to one agent. Of two simultaneous claims one
// wins; force is a transfer from another agent.
type claim struct {
	scope
	handle ID
	agent  Agent
	force  bool
	out    Result
}

func (op *claim) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, true)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	return op.holder(w, s).claim(op.agent, op.force)
}

// assign gives what waits in the queue to an agent.
type assign struct {
	scope
	handle ID
	agent  Agent
	out    Result
}

func (op *assign) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	if !talk.InLine() {
		return errOwned(talk)
	}
	op.out = Result{Session: s, Chain: ch}
	return op.holder(w, s).seat(talk, op.agent, "")
}
