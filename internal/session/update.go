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
	w.announce(sc, s, EventContextUpdated, contextBody{Patch: m.patch, Ignored: m.ignored, By: u.author(), Agent: u.Agent}, nil)
	return m, nil
}

type contextBody struct {
	Patch   Document `json:"patch"`
	Ignored []string `json:"ignored,omitempty"`
	By      Author   `json:"by,omitempty"`
	Agent   *Agent   `json:"agent,omitempty"`
}

// author tells who wrote the update.
func (u *Update) author() Author {
	if u.By == "" && u.Face.Client {
		return AuthorUser
	}
	return u.By
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
