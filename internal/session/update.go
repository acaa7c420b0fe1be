package session

import "fmt"

// mergeContext is a context merge over REST or socket: a direct turn that
// never waits for a bot turn.
type mergeContext struct {
	scope
	handle ID
	update *Update
	out    Result
}

func (op *mergeContext) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, true)
	if err != nil {
		return err
	}
	if err := checkVersion(op.update, s, ch); err != nil {
		return err
	}
	m, err := w.merge(op.scope, s, op.update)
	if err != nil {
		return err
	}
	ch, err = w.chain(s.Chain)
	op.out = Result{Session: s, Chain: ch, Document: m.doc, Version: ch.Version, Changed: m.changed, Ignored: m.ignored}
	return err
}

// checkVersion decides a precondition, in the transaction that writes.
func checkVersion(u *Update, s *Session, ch *Chain) error {
	want := u.IfMatch
	if want == nil || !guardVersion {
		return nil
	}
	if want.Version == ch.Version && (want.Session.IsZero() || want.Session == s.ID) {
		return nil
	}
	return &Error{
		Code: CodeVersionConflict, Version: ch.Version,
		Message: fmt.Sprintf("the context has version %d, not %d", ch.Version, want.Version),
	}
}

// merge applies an update to the current document. The version rises by 1
// when the stored document differs, and only then is there an event.
func (w *Work) merge(sc scope, s *Session, u *Update) (merged, error) {
	doc, err := w.document(s.ID)
	if err != nil {
		return merged{}, err
	}
	m, err := mergeInto(doc, u, &sc.in.Settings)
	if err != nil || !m.changed {
		return m, err
	}
	w.documents.put(s.ID, &m.doc)
	if _, err := w.chain(s.Chain); err != nil {
		return m, err
	}
	w.chains.edit(s.Chain).Version++
	w.announce(sc, s, EventContextUpdated, contextBody{Patch: m.patch, Ignored: m.ignored}, nil)
	return m, nil
}

type contextBody struct {
	Patch   Document `json:"patch"`
	Ignored []string `json:"ignored,omitempty"`
}

// closeSession ends a session at the wish of a back end, user or agent.
type closeSession struct {
	scope
	handle ID
	reason Reason
	out    Result
}

func (op *closeSession) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	return w.end(op.scope, s.ID, op.reason, ID{})
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

func (op *closeConversation) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	return op.finish(w, s)
}

// resolve closes the open conversation; without one it does nothing.
func (w *Work) resolve(sc scope, s *Session, by *Agent) error {
	talk, err := w.conversation(s.ID)
	if err != nil || !talk.Open() {
		return err
	}
	wasHuman := talk.Human()
	w.conversations.edit(talk.ID).ClosedMs = sc.ms()
	body := conversationBody{Status: "closed", KeepAlive: KeepAlive(sc.in, s)}
	if by != nil {
		body.AgentID, body.AgentName = by.ID, by.Name
	}
	if wasHuman {
		w.chains.edit(s.Chain).Epoch++
	}
	w.announce(sc, s, EventConversationClosed, body, nil)
	if err := w.killTimer(s.ID, TimerScript); err != nil {
		return err
	}
	w.reset(sc, s.ID, false)
	if body.KeepAlive > 0 {
		return w.arm(sc, s, TimerKeepAlive, sc.ms()+body.KeepAlive*1000, "")
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

// reopenConversation opens the last resolved conversation again, with its
// previous owner.
type reopenConversation struct {
	scope
	handle ID
	out    Result
}

func (op *reopenConversation) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	talk, err := w.conversation(s.ID)
	if err != nil || talk == nil || talk.Open() {
		return err
	}
	c := w.conversations.edit(talk.ID)
	c.ClosedMs = 0
	if c.Human() {
		w.chains.edit(s.Chain).Epoch++
	}
	if err := w.killTimer(s.ID, TimerKeepAlive); err != nil {
		return err
	}
	w.sessions.edit(s.ID).LastUserMs = op.ms()
	w.reset(op.scope, s.ID, c.Human())
	w.announce(op.scope, s, EventConversationReopened, conversationBody{Status: "open", KeepAlive: KeepAlive(op.in, s)}, nil)
	return nil
}
