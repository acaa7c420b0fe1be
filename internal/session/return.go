package session

import (
	"context"
	"slices"
)

// Return gives the conversation back to the bot. With a state the dialog goes
// on there, otherwise where it was; the bot hears EventLivechatFinished either
// way. One that the bot has already stays as it is; without an open
// conversation there is CodeConflict. A state that the bot is known not to have is
// CodeInvalidPayload.
func (o Ownership) Return(ctx context.Context, in *Integration, handle ID, by Agent, state string) (*Result, error) {
	if err := o.core.cfg.checkState(in, state); err != nil {
		return nil, err
	}
	op := &giveBack{scope: o.core.scope(in), handle: handle, agent: by, state: state, bot: o.core.cfg.Bot(in)}
	err := o.core.commit(ctx, "return", op, handle)
	return &op.out, err
}

// checkState refuses a state that the bot does not have; "" is where it was.
func (c *Config) checkState(in *Integration, state string) error {
	if state == "" || c.States == nil {
		return nil
	}
	if known := c.States(in); len(known) > 0 && !slices.Contains(known, state) {
		return Invalid("state", "the bot has no state %q", state)
	}
	return nil
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
