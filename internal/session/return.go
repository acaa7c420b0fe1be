package session

import "context"

// Return gives the conversation back to the bot. With a state the dialog goes
// on there, otherwise where it was; the bot hears EventLivechatFinished either
// way. One that the bot has already stays as it is; without an open
// conversation there is CodeConflict.
func (o Ownership) Return(ctx context.Context, in *Integration, handle ID, by Agent, state string) (*Result, error) {
	op := &giveBack{scope: o.core.scope(in), handle: handle, agent: by, state: state, bot: o.core.cfg.Bot(in)}
	err := o.core.commit(ctx, "return", op)
	return &op.out, err
}

// giveBack returns the conversation to the bot.
type giveBack struct {
	scope
	handle ID
	agent  Agent
	state  string
	bot    Bot // nil: nobody has to be told
	out    Result
}

// finishedBody is the data of EventLivechatFinished and the body of
// EventReturned.
type finishedBody struct {
	Agent *Agent `json:"agent,omitempty"`
	State string `json:"state,omitempty"`
}

func (op *giveBack) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	if !talk.Open() {
		return errOwned(talk)
	}
	if talk.Owner == OwnerBot {
		return nil
	}
	h := op.holder(w, s)
	h.leave(talk)
	if err := h.own(talk, OwnerBot, Agent{}); err != nil {
		return err
	}
	body := finishedBody{&op.agent, op.state}
	w.announce(op.scope, s, EventReturned, body, nil)
	if op.bot == nil {
		return nil
	}
	return op.raise(w, s, botEvent{name: EventLivechatFinished, data: body, state: op.state})
}
