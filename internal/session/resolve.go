package session

import "context"

// CloseConversation resolves the open conversation, if there is one. by is nil
// unless a human did it.
func (o Ownership) CloseConversation(ctx context.Context, in *Integration, handle ID, by *Agent) (*Result, error) {
	op := &closeConversation{scope: o.core.scope(in), handle: handle, agent: by, began: livechatsOf(o.core.cfg.Bot(in))}
	err := o.core.commit(ctx, "close conversation", op, handle)
	return &op.out, err
}

// closeConversation resolves the open question of a session. On the socket
// face's sessions a keep-alive window follows; the others stay open.
type closeConversation struct {
	scope
	handle ID
	agent  *Agent // nil unless a human did it
	began  livechats
	out    Result
}

type conversationBody struct {
	Status    string `json:"status"`
	KeepAlive int64  `json:"keep_alive"`
	AgentID   string `json:"agent_id,omitempty"`
	AgentName string `json:"agent_name,omitempty"`
}

func (op scope) conversationBody(status string, s *Session, by *Agent) conversationBody {
	body := conversationBody{Status: status, KeepAlive: KeepAlive(op.in, s)}
	if by != nil {
		body.AgentID, body.AgentName = by.ID, by.Name
	}
	return body
}

func (op *closeConversation) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	return op.finish(w, s)
}

// finish resolves the conversation and tells the bot that its livechat is over.
func (op *closeConversation) finish(w *Work, s *Session) error {
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	human := talk.Human()
	if err := op.holder(w, s).resolve(op.agent); err != nil || !human {
		return err
	}
	vars, err := w.varsOf(s.ID)
	if err == nil && op.began(vars) != nil {
		err = op.raise(w, s, botEvent{name: EventLivechatFinished, data: finishedBody{Agent: op.agent}})
	}
	return err
}

// resolve closes the open conversation; without one it does nothing.
func (h holder) resolve(by *Agent) error {
	talk, err := h.w.conversation(h.s.ID)
	if err != nil || !talk.Open() {
		return err
	}
	if talk.Human() {
		h.w.chains.edit(h.s.Chain).Epoch++
	}
	c := h.w.conversations.edit(talk.ID)
	c.ClosedMs, c.WaitingMs, c.SnoozedMs = h.ms(), 0, 0
	body := h.conversationBody("closed", h.s, by)
	h.w.announce(h.scope, h.s, EventConversationClosed, body, nil)
	for _, kind := range []TimerKind{TimerScript, TimerSnooze} {
		if err := h.w.killTimer(h.s.ID, kind); err != nil {
			return err
		}
	}
	h.reset(c)
	if body.KeepAlive > 0 {
		return h.w.arm(h.scope, h.s, TimerKeepAlive, h.ms()+body.KeepAlive*1000, "")
	}
	return nil
}

// KeepAlive returns the seconds in which a closed conversation of the session
// can be reopened before the session closes by itself; 0 when it does not.
func KeepAlive(in *Integration, s *Session) int64 {
	if s.Channel == string(KindWeb) {
		return in.Settings.KeepAlive.Seconds()
	}
	return 0
}
