package httpbot

import (
	"fmt"

	"parley/internal/action"
	"parley/internal/session"
)

// fields are those of an answer. Another one is a mistake.
func fields() []string {
	return []string{"responses", "context", "handover", "close_conversation", "end_session", "session_result"}
}

// answer reads the fields of an answer and keeps the first mistake.
type answer struct {
	body session.Document
	err  error
}

// read turns a signed answer into a decision.
func (b endpoint) read(turn *session.Turn, raw []byte) (*session.Decision, error) {
	body, err := session.ParseEnvelope(raw)
	if err != nil {
		return nil, fmt.Errorf("the answer is not as documented: %w", err)
	}
	a := &answer{body: body}
	a.known()
	d := &session.Decision{Vars: varsOf(turn), CloseConversation: a.truth("close_conversation"), SessionResult: a.text(body, "session_result")}
	if a.truth("end_session") {
		d.Switch = session.SwitchStop
	}
	a.patch(turn, d)
	d.Handover = a.handover()
	a.responses(b, turn, d)
	if a.err != nil {
		return nil, fmt.Errorf("the answer is not as documented: %w", a.err)
	}
	return d, nil
}

func (a *answer) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// known refuses fields that would be dropped silently.
func (a *answer) known() {
	rest := session.Document{}
	for name := range a.body {
		rest[name] = nil
	}
	for _, name := range fields() {
		delete(rest, name)
	}
	for name := range rest {
		a.fail(session.Invalid(name, "is no field of an answer"))
	}
}

func (a *answer) truth(name string) bool {
	v, ok := a.body[name].(bool)
	if a.body[name] != nil && !ok {
		a.fail(session.Invalid(name, "must be true or false"))
	}
	return v
}

func (a *answer) text(object session.Document, name string) string {
	v, ok := object[name].(string)
	if object[name] != nil && !ok {
		a.fail(session.Invalid(name, "must be a string"))
	}
	return v
}

// patch merges the context of the answer; what the document would not take is a
// mistake of the answer.
func (a *answer) patch(turn *session.Turn, d *session.Decision) {
	patch, err := action.Object(a.body, "context")
	if err != nil {
		a.fail(err)
	}
	if len(patch) == 0 {
		return
	}
	if _, err := turn.Document.Merge(patch); err != nil {
		a.fail(err)
	}
	d.Patches = append(d.Patches, session.Patch{Context: patch})
}

// handover is true, or an object that says more.
func (a *answer) handover() *session.Handover {
	const field = "handover"
	switch v := a.body[field].(type) {
	case nil:
		return nil
	case bool:
		if v {
			return &session.Handover{Reason: "bot"}
		}
		return nil
	case map[string]any:
		h := &session.Handover{Reason: a.text(v, "reason"), Department: a.text(v, "department"), FirstMessage: a.text(v, "first_message")}
		if h.Reason == "" {
			h.Reason = "bot"
		}
		attributes, err := action.Object(v, "attributes")
		if err != nil {
			a.fail(err)
		}
		for name := range attributes {
			if h.Attributes == nil {
				h.Attributes = map[string]string{}
			}
			h.Attributes[name] = a.text(attributes, name)
		}
		return h
	}
	a.fail(session.Invalid(field, "must be true, false or an object"))
	return nil
}

// responses are what the user gets; actions that belong to webhooks are carried
// out as there.
func (a *answer) responses(b endpoint, turn *session.Turn, d *session.Decision) {
	list, err := action.Objects(a.body, "responses")
	if err != nil {
		a.fail(err)
		return
	}
	read, err := b.reader.Read(list)
	if err != nil {
		a.fail(err)
		return
	}
	for range read.Calls {
		read.Dropped = append(read.Dropped, "a response of the type webhook is for webhooks only")
	}
	if read.Reset != nil {
		read.Dropped = append(read.Dropped, "a response of the type reset is for scripts only")
	}
	for _, why := range read.Dropped {
		b.o.Log.Warn("a response of the bot was left out", "integration", turn.Integration.ID, "session", turn.Session.ID.String(), "why", why)
	}
	d.Replies = read.Replies
	if read.Handover != nil && d.Handover == nil {
		d.Handover = read.Handover
	}
	given, _ := a.body["context"].(map[string]any)
	if patch := read.TagPatch(turn.Document, given); patch != nil {
		d.Patches = append(d.Patches, session.Patch{Context: patch})
	}
	d.Pushes = read.Pushes(b.o.Now())
}
