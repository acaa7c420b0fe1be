package session

import "context"

// Snooze puts a conversation that people have to sleep until a moment, in Unix
// milliseconds, at most MaxSnooze from now, or until its user writes
// (SnoozedUntilReply). A user's message wakes it in either case. CodeConflict
// where the bot has it.
func (o Ownership) Snooze(ctx context.Context, in *Integration, handle ID, by Agent, untilMs int64) (*Result, error) {
	op := &snooze{scope: o.core.scope(in), handle: handle, agent: by, until: untilMs}
	if untilMs != SnoozedUntilReply && (untilMs <= op.ms() || untilMs > op.at.Add(MaxSnooze).UnixMilli()) {
		return nil, Invalid("until", "must be a moment of the next %d days", int(MaxSnooze.Hours()/24))
	}
	err := o.core.commit(ctx, "snooze", op, handle)
	return &op.out, err
}

// Wake ends the sleep of a conversation; one that is awake stays so.
func (o Ownership) Wake(ctx context.Context, in *Integration, handle ID, by Agent) (*Result, error) {
	op := &wake{scope: o.core.scope(in), handle: handle, agent: by}
	err := o.core.commit(ctx, "wake", op, handle)
	return &op.out, err
}

type snooze struct {
	scope
	handle ID
	agent  Agent
	until  int64
	out    Result
}

type snoozeBody struct {
	Until int64 `json:"until"`
	Agent Agent `json:"agent"`
}

func (op *snooze) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	if !talk.Human() {
		return errOwned(talk)
	}
	op.out = Result{Session: s, Chain: ch}
	w.conversations.edit(talk.ID).SnoozedMs = op.until
	if op.until == SnoozedUntilReply {
		err = w.killTimer(s.ID, TimerSnooze)
	} else {
		err = w.arm(op.scope, s, TimerSnooze, op.until, "")
	}
	w.announce(op.scope, s, EventSnoozed, snoozeBody{op.until, op.agent}, nil)
	return err
}

type wake struct {
	scope
	handle ID
	agent  Agent
	out    Result
}

func (op *wake) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	return op.holder(w, s).wake(talk, wokenBody{By: AuthorAgent, Agent: &op.agent})
}

// wakeUp wakes a conversation whose time has come.
type wakeUp struct {
	scope
	timer *Timer
}

func (op *wakeUp) apply(w *Work) error {
	s, err := due(w, op.timer)
	if err != nil || !s.Open() {
		return err
	}
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	return op.holder(w, s).wake(talk, wokenBody{})
}

// wokenBody says who woke a conversation: its user, an agent, or nobody when its
// time had come.
type wokenBody struct {
	By    Author `json:"by,omitempty"`
	Agent *Agent `json:"agent,omitempty"`
}

// wake ends the sleep. The session gets its whole time again, so that it does
// not end with the sleep.
func (h holder) wake(talk *Conversation, by wokenBody) error {
	if !talk.Open() || talk.SnoozedMs == 0 {
		return nil
	}
	if err := h.w.killTimer(h.s.ID, TimerSnooze); err != nil {
		return err
	}
	c := h.w.conversations.edit(talk.ID)
	c.SnoozedMs = 0
	h.w.sessions.edit(h.s.ID).LastAgentMs = h.ms()
	h.reset(c)
	h.w.announce(h.scope, h.s, EventWoken, by, nil)
	return nil
}

// heard notes that the user wrote while people have the conversation: he waits
// for an answer now, and it wakes.
func (h holder) heard(talk *Conversation) error {
	if !talk.Human() {
		return nil
	}
	if talk.WaitingMs == 0 {
		h.w.conversations.edit(talk.ID).WaitingMs = h.ms()
	}
	return h.wake(talk, wokenBody{By: AuthorUser})
}
