package desk

import (
	"encoding/json"

	"parley/internal/session"
)

// event is one fact of a thread as people at the desk see it. Unlike the
// visitor's events it also shows notes and what the bot said too late.
type event struct {
	Sequence   int64             `json:"sequence"`
	SessionID  string            `json:"session_id"`
	Kind       string            `json:"kind"`
	At         int64             `json:"at"` // ms
	Author     string            `json:"author"`
	Agent      *session.Agent    `json:"agent,omitempty"`
	MessageID  string            `json:"message_id,omitempty"`
	ClientID   string            `json:"client_message_id,omitempty"`
	Input      *session.Input    `json:"input,omitempty"`
	Responses  []json.RawMessage `json:"responses,omitempty"`
	Suppressed bool              `json:"suppressed,omitempty"`
	Trigger    bool              `json:"trigger,omitempty"` // the widget's first message, which nobody typed
	Body       json.RawMessage   `json:"body,omitempty"`
}

// Authors of an event that is nobody's message.
const authorSystem = "system"

// authorOf names who an event is from.
func authorOf(kind string) string {
	switch kind {
	case session.EventMessageUser:
		return "user"
	case session.EventMessageBot, session.EventMessageSuppressed:
		return "bot"
	case session.EventMessageAgent:
		return "agent"
	case session.EventMessageExternal:
		return "external"
	case session.EventMessageNote:
		return "note"
	}
	return authorSystem
}

// render shows an event of an integration, with fresh URLs of files. masked is for those who may not see
// every field of the context.
func (f *Face) render(in *session.Integration, ev *session.Event, masked bool) event {
	out := event{
		Sequence: ev.Sequence, SessionID: ev.Session.String(), Kind: ev.Kind, At: ev.AtMs,
		Author: authorOf(ev.Kind), Suppressed: ev.Kind == session.EventMessageSuppressed, Body: ev.Body,
	}
	if ev.Kind == session.EventContextUpdated && masked {
		out.Body = redactPatch(in, ev.Body)
	}
	if ev.Message == nil {
		out.Agent = actorOf(ev.Body)
		return out
	}
	out.MessageID, out.ClientID = ev.Message.ID.String(), ev.Message.ClientMessageID
	var said struct {
		Responses []json.RawMessage `json:"responses"`
	}
	switch out.Author {
	case "bot":
		_ = json.Unmarshal(ev.Message.Body, &said) // written by the core
		out.Responses = said.Responses
	default:
		input := f.cfg.Files.Present(ev.Message.InputOf())
		out.Trigger = out.Author == "user" && input.Text == in.Settings.WelcomeTrigger()
		out.Input, out.Agent = &input, actorOf(ev.Message.Body)
	}
	return out
}

// actorOf finds the person in a body that the core wrote: in its field agent,
// or in the fields agent_id and agent_name themselves.
func actorOf(body json.RawMessage) *session.Agent {
	var b struct {
		session.Agent
		By session.Agent `json:"agent"`
	}
	if len(body) == 0 || json.Unmarshal(body, &b) != nil {
		return nil
	}
	switch {
	case b.By.ID != "":
		return &b.By
	case b.Agent.ID != "":
		return &b.Agent
	}
	return nil
}

// redactPatch hides in an update what a masked document hides.
func redactPatch(in *session.Integration, body json.RawMessage) json.RawMessage {
	fields, err := session.ParseEnvelope(body)
	if err != nil {
		return nil // unreachable: written by the core
	}
	if patch, ok := fields["patch"].(map[string]any); ok {
		fields["patch"] = map[string]any(in.Settings.Redact(patch))
	}
	return fields.JSON()
}
