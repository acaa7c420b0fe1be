package session

import (
	"encoding/json"
	"errors"
)

// announce adds an event with the next sequence of the chain, and its webhook
// where the integration subscribes to it. The session and its chain have been
// read by the running change.
func (w *Work) announce(sc scope, s *Session, kind string, body any, m *Message) {
	ch := w.chains.edit(s.Chain)
	ch.Sequence++
	ev := &Event{
		Chain: ch.ID, Sequence: ch.Sequence, Session: s.ID, AtMs: sc.ms(),
		Kind: kind, Body: object(body), Message: m, Version: ch.Version,
	}
	if m != nil {
		m.Sequence = ch.Sequence
	}
	w.now.events = append(w.now.events, ev)
	w.deliver(sc, s, ev)
	if doc, err := w.documents.get(s.ID, unread[Document]); err == nil {
		ev.Document = *doc
	}
}

func unread[V any]() (*V, error) { return nil, errUnread }

var errUnread = errors.New("not read by this change")

func object(body any) json.RawMessage {
	if body == nil {
		return nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil // unreachable: bodies are plain structs
	}
	return raw
}

// webhookBase holds the fields of every webhook: contract b.1.
type webhookBase struct {
	EventType   string          `json:"event_type"`
	RequestID   string          `json:"request_id"`
	SessionID   string          `json:"session_id"`
	ExternalID  string          `json:"external_session_id,omitempty"`
	Integration string          `json:"integration_id"`
	Desk        string          `json:"desk_id"`
	Context     json.RawMessage `json:"context,omitempty"`
	Timestamp   int64           `json:"timestamp"`
	Sequence    int64           `json:"sequence,omitempty"` // typing has none
}

// deliver queues the webhook of an event. The body is serialised here, once,
// and only where somebody may want it.
func (w *Work) deliver(sc scope, s *Session, ev *Event) {
	if sc.in.Settings.WebhookURL == "" {
		return
	}
	name, extra := webhookOf(ev)
	if name == "" || !sc.in.Settings.Subscribes(name) {
		return
	}
	id := sc.newID()
	base := webhookBase{
		EventType: name, RequestID: id.String(), SessionID: s.ID.String(), ExternalID: s.ExternalID,
		Integration: sc.in.ID, Desk: DefaultDesk, Timestamp: ev.AtMs, Sequence: ev.Sequence,
	}
	if doc, err := w.document(s.ID); err == nil {
		base.Context = doc.JSON()
	}
	w.now.outbox = append(w.now.outbox, &Delivery{
		ID: id, Integration: sc.in.ID, Chain: ev.Chain, Session: s.ID, Sequence: ev.Sequence,
		Kind: name, Body: join(object(base), extra), CreatedMs: sc.ms(), DueMs: sc.ms(),
		Trace: w.now.trace,
	})
}

// DefaultDesk is the desk_id of integrations that name none.
const DefaultDesk = "default"

// DefaultAccount is the account_id and account_slug of a self-hosted server.
const DefaultAccount = "default"

// join writes two JSON objects as one.
func join(a, b json.RawMessage) json.RawMessage {
	if len(b) <= len("{}") {
		return a
	}
	out := append(append(make(json.RawMessage, 0, len(a)+len(b)), a[:len(a)-1]...), ',')
	return append(out, b[1:]...)
}

// webhookOf returns the webhook of an event, "" where there is none, with the
// fields beside the base ones: contract b.1 and c.6.
func webhookOf(ev *Event) (name string, extra json.RawMessage) {
	switch ev.Kind {
	case EventMessageBot:
		return botWebhook(ev)
	case EventMessageAgent:
		return "message:send", join(object(messageRef{ev.Message.ID.String()}), ev.Message.Body)
	case EventMessageUser:
		return "message:received", join(object(messageRef{ev.Message.ID.String()}), object(inputRef{ev.Message.InputOf()}))
	case EventSessionClosed:
		return closedWebhook(ev)
	case EventContextUpdated:
		return "context:updated", object(versionRef{ev.Version})
	case EventMemberJoin, EventMemberLeave:
		return ev.Kind, object(agentRef{ev.Body})
	case EventSessionCreated, EventSessionExpiring, EventConversationClosed, EventConversationReopened,
		EventHandover, EventTurnFailed, EventRestartLoop, EventMessageRated, EventConversationRated:
		return ev.Kind, ev.Body
	case EventMessageRead, EventMessageDelivered:
		return receiptWebhook(ev)
	}
	return "", nil
}

type messageRef struct {
	ID string `json:"message_id"`
}

type inputRef struct {
	Input Input `json:"input"`
}

type agentRef struct {
	Agent json.RawMessage `json:"agent"`
}

type versionRef struct {
	Version int64 `json:"version"`
}

// botBody is the body of a bot's message.
type botBody struct {
	Responses []Reply `json:"responses"`
}

// botWebhook sends no webhook for an answer without responses: there is
// nothing the receiver could show.
func botWebhook(ev *Event) (string, json.RawMessage) {
	if string(ev.Message.Body) == `{"responses":[]}` {
		return "", nil
	}
	return "message:brain_send", object(map[string]any{"output": json.RawMessage(ev.Message.Body), "message_id": ev.Message.ID.String()})
}

// closedWebhook: an expiry is session:expired only, not also session:closed.
func closedWebhook(ev *Event) (string, json.RawMessage) {
	var body closedBody
	_ = json.Unmarshal(ev.Body, &body)
	if body.Reason == ReasonTimeout {
		return "session:expired", ev.Body
	}
	return "session:closed", ev.Body
}
