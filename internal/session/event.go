package session

import (
	"encoding/json"
	"sync"
)

// Event is a fact about a session with the next sequence number of its chain.
// Sockets, webhooks and the export are all fed from events.
//
// Document and Version are the context at the commit of the event. They are
// not stored with it: an event read back from the store carries none, and the
// face then shows the newest document with its own version.
type Event struct {
	Chain    ID
	Sequence int64
	Session  ID
	AtMs     int64
	Kind     string
	Body     json.RawMessage // JSON object; the wire fields that only this kind has
	Message  *Message        // of the message kinds
	Document Document
	Version  int64

	rendered sync.Once
	form     any
}

// Rendered returns what render makes of the event, made once for all who
// follow the chain. There is one caller with one form: the socket face.
func (ev *Event) Rendered(render func() any) any {
	ev.rendered.Do(func() { ev.form = render() })
	return ev.form
}

// Kinds of durable events. Where contract c.3 has a socket event, the kind is
// its name.
const (
	EventSessionCreated       = "session:created"
	EventSessionClosed        = "session:closed" // reason timeout = session:expired on webhooks
	EventSessionExpiring      = "session:expiring"
	EventContextUpdated       = "session:context:updated"
	EventMessageUser          = "message:user"
	EventMessageBot           = "message:brain_received"
	EventMessageSuppressed    = "message:suppressed" // stored, never shown to a client
	EventMessageAgent         = "message:received"
	EventMessageExternal      = "message:external_agent" // from another desk; no webhook
	EventConversationClosed   = "conversation:closed"
	EventConversationReopened = "conversation:reopened"
	EventHandover             = "conversation:handover"
	EventTransferred          = "conversation:transferred"
	EventReturned             = "conversation:returned" // people gave it back to the bot; no webhook
	EventSnoozed              = "conversation:snoozed"
	EventWoken                = "conversation:woken"
	EventMessageNote          = "message:note"
	EventMemberJoin           = "conversation:member_join"
	EventMemberLeave          = "conversation:member_leave"
	EventDialogExpired        = "dialog:expired"
	EventMessageRead          = "message:read"
	EventMessageDelivered     = "message:delivered"
	EventMessageRated         = "message:rated"
	EventConversationRated    = "conversation:rated"
	EventTurnFailed           = "turn:failed"
	EventRestartLoop          = "session:restart_loop"
	EventAnalytics            = "turn:analytics" // what a script told analytics; no webhook
)

// EventSequence is what followers outside of the house get in the place of a
// private event, so that no sequence is missing.
const EventSequence = "session:sequence"

// Private reports an event that is for people's desks alone: it has a sequence
// as every other, and its content never leaves the house.
func (ev *Event) Private() bool {
	switch ev.Kind {
	case EventMessageNote, EventMessageSuppressed, EventSnoozed, EventWoken, EventTransferred:
		return true
	}
	return false
}

// WebhookEvents returns the eleven documented event types: contract b.1.
func WebhookEvents() []string {
	return []string{
		"message:brain_send", "message:send", "message:compose", "message:read", "message:delivered",
		"conversation:member_join", "conversation:member_leave", "conversation:closed", "conversation:reopened",
		"session:closed", "session:expired",
	}
}

// ExtensionEvents returns our own event types, sent only to integrations that
// name them: contract c.6.
func ExtensionEvents() []string {
	return []string{
		"session:created", "session:expiring", "context:updated", "conversation:handover",
		"message:received", "turn:failed", "session:restart_loop", "message:rated", "conversation:rated",
	}
}
