package session

import (
	"errors"
	"unicode/utf8"
)

// Create opens a session: contract a.1 and session:create of c.2. It never
// ends another one of the same client.
type Create struct {
	ExternalID    string
	ChannelUserID string   // "" on sockets without an identity token
	Context       *Update  // may be nil
	Trusted       Document // claims of an identity token, merged first
	Connection    Document // user.ip, browser, …: only where the client gave none
	Channel       Kind     // the face that creates it
	IsTest        bool
	OptOut        bool
	Repeat        *Repeat
}

// Check refuses identifiers over the limit of contract (f).
func (c *Create) Check() error {
	if utf8.RuneCountInString(c.ExternalID) > MaxExternalIDChars {
		return Invalid("external_session_id", "longer than %d characters", MaxExternalIDChars)
	}
	if utf8.RuneCountInString(c.ChannelUserID) > MaxExternalIDChars {
		return Invalid("channel_user_id", "longer than %d characters", MaxExternalIDChars)
	}
	return nil
}

type createSession struct {
	scope
	req Create
	out Result
}

func (op *createSession) apply(w *Work) error {
	if again, err := w.answered(op.in, op.req.Repeat); err != nil || again != nil {
		op.out = Result{Repeated: again}
		return err
	}
	id := op.newID()
	cl, err := op.client(w, id)
	if err != nil {
		return err
	}
	doc, ignored, err := op.document(cl)
	if err != nil {
		return err
	}
	s := &Session{
		ID: id, Integration: op.in.ID, Client: cl.ID, Chain: id, Status: StatusOpen, Channel: string(op.req.Channel),
		ExternalID: op.req.ExternalID, ChannelUserID: op.req.ChannelUserID, IsTest: op.req.IsTest, OptOut: op.req.OptOut,
		CreatedMs: op.ms(), LastUserMs: op.ms(),
	}
	s.CheckMs = s.nextCheck(&op.in.Settings, nil)
	w.clients.edit(cl.ID).Newest = id
	w.chains.put(id, &Chain{ID: id, Client: cl.ID, Head: id, Version: 1})
	w.sessions.put(id, s)
	w.documents.put(id, &doc)
	w.announce(op.scope, s, EventSessionCreated, nil, nil)
	op.out = Result{Session: s, Chain: w.chains.edit(id), Document: doc, Version: 1, Changed: true, Ignored: ignored}
	w.recordAnswer(op.scope, op.req.Repeat, &op.out)
	return nil
}

// person makes the change known before by its person.
func (op *createSession) person() PersonKey {
	if op.req.ChannelUserID == "" {
		return PersonKey{}
	}
	return PersonKey{op.in.ID, UserKey(op.req.ChannelUserID)}
}

// client finds the person, or makes one: known by channel user id, otherwise
// anonymous and of this chain alone.
func (op *createSession) client(w *Work, first ID) (*Client, error) {
	key := anonymousKey(first)
	if op.req.ChannelUserID != "" {
		key = UserKey(op.req.ChannelUserID)
	}
	cl, err := w.clientByKey(op.in.ID, key)
	if errors.Is(err, ErrNoRow) {
		cl = &Client{ID: op.newID(), Integration: op.in.ID, Key: key}
		cl.UserID = cl.ID.String()
		w.addClient(cl)
		return cl, nil
	}
	return cl, err
}

// document builds the first context: defaults, trusted claims, what the
// caller sent, what the connection shows, and what identifies the session.
func (op *createSession) document(cl *Client) (Document, []string, error) {
	doc := NewDocument().with(cl.UserID, "user", "user_id")
	if op.req.Trusted != nil {
		m, err := mergeInto(doc, &Update{Patch: op.req.Trusted}, &op.in.Settings)
		if err != nil {
			return nil, nil, err
		}
		doc = m.doc
	}
	var ignored []string
	if op.req.Context != nil {
		m, err := mergeInto(doc, op.req.Context, &op.in.Settings)
		if err != nil {
			return nil, nil, err
		}
		doc, ignored = m.doc, m.ignored
	}
	for key, value := range op.req.Connection {
		if _, given := doc.At("user", key); !given {
			doc = doc.with(value, "user", key)
		}
	}
	if op.req.ChannelUserID != "" && op.req.Channel == KindCustom {
		doc = doc.with(op.req.ChannelUserID, "user", "custom_psid")
	}
	if op.req.ChannelUserID != "" && op.req.Channel == KindWeb {
		doc = doc.with(op.req.ChannelUserID, "user", "external_id")
	}
	if op.req.ExternalID != "" {
		doc = doc.with(op.req.ExternalID, "channels", "custom", "external_session_id")
	}
	return doc, ignored, doc.checkSize()
}

// answered returns the answer remembered for a repeated Idempotency-Key.
func (w *Work) answered(in *Integration, r *Repeat) ([]byte, error) {
	if r == nil {
		return nil, nil
	}
	old, err := w.recall(in.ID, r.Route, r.Key)
	if err != nil || old == nil {
		return nil, err
	}
	if string(old.Hash) != string(r.Hash) {
		return nil, &Error{Code: CodeIdempotencyMismatch, Field: "Idempotency-Key", Message: "the key was used before with another body"}
	}
	return old.Answer, nil
}

func (w *Work) recordAnswer(sc scope, r *Repeat, out *Result) {
	if r == nil {
		return
	}
	w.remember(&Remembered{
		Integration: sc.in.ID, Route: r.Route, Key: r.Key, Hash: r.Hash,
		Answer: r.Answer(out), ExpiresMs: sc.ms() + RepeatMemory.Milliseconds(),
	})
}
