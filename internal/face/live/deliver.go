package live

import (
	"encoding/json"
	"fmt"

	"parley/internal/session"
	"parley/internal/socketio"
)

// deliver sends an event of a followed chain to the socket. It returns false
// when the socket is gone.
func (p *peer) deliver(ev *session.Event) bool {
	in, ok := p.face.cfg.Directory.Integration(p.integration)
	if !ok || p.mine(ev) {
		return ok
	}
	return p.show(in, ev) == nil
}

// mine reports an event of the socket's own message, which it knows already,
// and learns the ids of successors.
func (p *peer) mine(ev *session.Event) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ev.Kind == session.EventSessionCreated {
		if a := p.attached(ev.Chain); a != nil {
			a.sessions = append(a.sessions, ev.Session)
		}
	}
	if ev.Kind != session.EventMessageUser || !p.sent[ev.Message.ID] {
		return false
	}
	delete(p.sent, ev.Message.ID)
	return true
}

// stamp holds the fields of every durable event on the wire.
type stamp struct {
	SessionID string `json:"session_id"`
	Sequence  int64  `json:"sequence"`
	Timestamp int64  `json:"timestamp"`
}

type contextPayload struct {
	SessionID string          `json:"session_id"`
	Context   json.RawMessage `json:"context"`
	Version   int64           `json:"version"`
	Ignored   []string        `json:"ignored,omitempty"`
	Sequence  int64           `json:"sequence,omitempty"`
}

type userPayload struct {
	stamp
	MessageID string        `json:"message_id"`
	ClientID  string        `json:"client_message_id,omitempty"`
	Input     session.Input `json:"input"`
}

type agentPayload struct {
	stamp
	MessageID string        `json:"message_id"`
	Input     session.Input `json:"input"`
	session.Agent
}

// shown is an event as every socket of its chain gets it.
type shown struct {
	event *socketio.Prepared
	err   error
}

// show sends one event, which is rendered and framed once for all sockets of
// the chain.
func (p *peer) show(in *session.Integration, ev *session.Event) error {
	form, _ := ev.Rendered(func() any {
		payload, err := p.render(in, ev)
		if err != nil {
			return shown{err: err}
		}
		event, err := socketio.Prepare(nameOf(ev), payload)
		return shown{event, err}
	}).(shown)
	if form.err != nil {
		return form.err
	}
	return p.socket.Send(form.event)
}

// nameOf is an event's name on the wire. Of what is among people there is only
// that it has a sequence.
func nameOf(ev *session.Event) string {
	if ev.Private() {
		return session.EventSequence
	}
	return ev.Kind
}

// handoverPayload is what a client learns of its way to people.
type handoverPayload struct {
	stamp
	session.Standing
}

// render makes the payload of an event: contract c.3, with the extra fields of
// c.6.
func (p *peer) render(in *session.Integration, ev *session.Event) (any, error) {
	at := stamp{ev.Session.String(), ev.Sequence, ev.AtMs}
	if ev.Private() {
		return at, nil
	}
	switch ev.Kind {
	case session.EventSessionCreated:
		return p.created(in, ev)
	case session.EventContextUpdated:
		return p.contextUpdated(in, ev)
	case session.EventMessageUser:
		return userPayload{at, ev.Message.ID.String(), ev.Message.ClientMessageID, p.face.cfg.Files.Present(ev.Message.InputOf())}, nil
	case session.EventMessageAgent, session.EventMessageExternal:
		out := agentPayload{stamp: at, MessageID: ev.Message.ID.String(), Input: p.face.cfg.Files.Present(ev.Message.InputOf())}
		_ = json.Unmarshal(agentOf(ev.Message), &out.Agent) // written by the core
		return out, nil
	case session.EventMessageBot:
		return p.answered(in, ev, at)
	case session.EventMessageRead, session.EventMessageDelivered:
		return receiptOf(ev, at), nil
	case session.EventHandover:
		out := handoverPayload{stamp: at}
		_ = json.Unmarshal(ev.Body, &out.Standing) // written by the core
		return out, nil
	case session.EventTurnFailed, session.EventRestartLoop, session.EventReturned, session.EventAnalytics:
		return at, nil // what happened inside is not the client's
	}
	return merge(at, ev.Body), nil
}

// merge writes the stamp and a JSON object as one.
func merge(at stamp, body json.RawMessage) json.RawMessage {
	head, _ := json.Marshal(at) // a plain struct
	if len(body) <= len("{}") {
		return head
	}
	return append(append(head[:len(head)-1], ','), body[1:]...)
}

// context returns the document of an event: its own, or the newest with its
// version when the event comes from the log.
func (p *peer) context(in *session.Integration, ev *session.Event) (json.RawMessage, int64, error) {
	if ev.Document != nil {
		return p.mask(in, ev.Document), ev.Version, nil
	}
	v, err := p.face.cfg.Core.Look(p.face.ctx, in, ev.Session)
	if err != nil {
		return nil, 0, err
	}
	return masked(in, v.Document), v.Chain.Version, nil
}

func (p *peer) contextUpdated(in *session.Integration, ev *session.Event) (any, error) {
	doc, version, err := p.context(in, ev)
	if err != nil {
		return nil, err
	}
	var body struct {
		Ignored []string `json:"ignored"`
	}
	_ = json.Unmarshal(ev.Body, &body) // written by the core
	return contextPayload{ev.Session.String(), doc, version, body.Ignored, ev.Sequence}, nil
}

// answered is a bot's answer with the document. Both are JSON already, which an
// encoder would only read through once more.
func (p *peer) answered(in *session.Integration, ev *session.Event, at stamp) (any, error) {
	doc, version, err := p.context(in, ev)
	if err != nil {
		return nil, err
	}
	text := make(json.RawMessage, 0, 256+len(ev.Message.Body)+len(doc))
	text = fmt.Appendf(text, `{"session_id":%q,"sequence":%d,"timestamp":%d,"message_id":%q,"output":%s,"context":%s,"version":%d}`,
		at.SessionID, at.Sequence, at.Timestamp, ev.Message.ID.String(), ev.Message.Body, doc, version)
	return text, nil
}

// created renders the first session of a chain or a successor.
func (p *peer) created(in *session.Integration, ev *session.Event) (any, error) {
	v, err := p.face.cfg.Core.At(p.face.ctx, in, ev.Session)
	if err != nil {
		return nil, err
	}
	doc, version := ev.Document, ev.Version
	if doc == nil {
		doc, version = v.Document, v.Chain.Version
	}
	out := describe(in, v.Session, nil, doc, version)
	out.Status, out.Sequence, out.Timestamp = string(session.StatusOpen), ev.Sequence, ev.AtMs
	var body struct {
		Predecessor string `json:"predecessor_id"`
		Reason      string `json:"reason"`
	}
	_ = json.Unmarshal(ev.Body, &body) // written by the core; empty for the first
	out.Predecessor, out.Reason = body.Predecessor, body.Reason
	return out, nil
}
