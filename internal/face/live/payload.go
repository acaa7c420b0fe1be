package live

import (
	"encoding/json"

	"parley/internal/blob"
	"parley/internal/session"
)

// sessionPayload is the payload of session:created and session:reconnected:
// contract c.3.
type sessionPayload struct {
	SessionID   string          `json:"session_id"`
	Inactivity  int64           `json:"inactivity_timeout_seconds"`
	ServiceDesk bool            `json:"is_service_desk"`
	IsTalk      bool            `json:"is_conversation"`
	IsHandover  bool            `json:"is_handover"`
	Agent       *string         `json:"assignee_agent_id"`
	Brain       *string         `json:"assignee_brain_id"`
	KeepAlive   int64           `json:"keep_alive"`
	Status      string          `json:"status"`
	Collection  *string         `json:"assignee_collection_id"`
	Source      sourcePayload   `json:"source"`
	Context     json.RawMessage `json:"context"`
	Version     int64           `json:"version"`
	Sequence    int64           `json:"sequence"`
	Timestamp   int64           `json:"timestamp"`
	Predecessor string          `json:"predecessor_id,omitempty"`
	Reason      string          `json:"reason,omitempty"`
	Ignored     []string        `json:"ignored,omitempty"`
	Resumed     *bool           `json:"resumed,omitempty"`
	Messages    []messageRecord `json:"messages,omitempty"`

	// Of a conversation that people have, or that was resolved: what the events told that a client may have missed.
	Standing *standingPayload `json:"standing,omitempty"`
	ClosedMs int64            `json:"closed_at,omitempty"`
	Rating   int              `json:"rating,omitempty"`
	Seen     int64            `json:"seen,omitempty"` // sequence up to which people have read what the user wrote
}

// standingPayload says where a conversation stands that has left the bot.
type standingPayload struct {
	Status   session.Availability `json:"status"`
	Position int                  `json:"position,omitempty"`
}

func standingOf(st *session.Standing) *standingPayload {
	if st == nil {
		return nil
	}
	return &standingPayload{st.Status, st.Position}
}

type sourcePayload struct {
	Integration    string  `json:"integration_id"`
	Channel        string  `json:"channel"`
	OptOut         bool    `json:"opt_out"`
	IsTest         bool    `json:"is_test"`
	Account        string  `json:"account_id"`
	Brain          string  `json:"brain_id"`
	BrainParent    string  `json:"brain_parent_id"`
	BrainVersion   int     `json:"brain_version"`
	Desk           string  `json:"desk_id"`
	SessionTimeout int64   `json:"session_timeout"`
	AccountSlug    string  `json:"account_slug"`
	Department     *string `json:"department_id"`
}

func source(in *session.Integration, s *session.Session) sourcePayload {
	return sourcePayload{
		Integration: in.ID, Channel: s.Channel, OptOut: s.OptOut, IsTest: s.IsTest, Account: session.DefaultAccount,
		Brain: in.ID, BrainParent: in.ID, BrainVersion: 1, Desk: session.DefaultDesk,
		SessionTimeout: in.Settings.SessionTimeout.Seconds(), AccountSlug: session.DefaultAccount,
	}
}

// describe renders a session with a document of a version.
func describe(in *session.Integration, s *session.Session, talk *session.Conversation, doc session.Document, version int64) sessionPayload {
	p := sessionPayload{
		SessionID: s.ID.String(), Inactivity: in.Settings.SessionTimeout.Seconds(), IsTalk: talk.Open(), IsHandover: talk.Human(),
		KeepAlive: session.KeepAlive(in, s), Status: string(s.Status), Source: source(in, s),
		Context: masked(in, doc), Version: version,
	}
	if d := in.Settings.DialogTimeout.Seconds(); d > 0 {
		p.Inactivity = d
	}
	if talk.Human() && talk.Agent.ID != "" {
		p.Agent = &talk.Agent.ID
	}
	if !talk.Human() {
		p.Brain = &in.ID
	}
	return p
}

func masked(in *session.Integration, doc session.Document) json.RawMessage {
	return in.Settings.Redact(doc).JSON()
}

// messageRecord is one entry of messages[] after a reconnect: contract c.6.
type messageRecord struct {
	MessageID string          `json:"message_id"`
	SessionID string          `json:"session_id"`
	Sequence  int64           `json:"sequence"`
	Author    session.Author  `json:"author"`
	Timestamp int64           `json:"timestamp"`
	ClientID  string          `json:"client_message_id,omitempty"`
	Input     *session.Input  `json:"input,omitempty"`
	Output    json.RawMessage `json:"output,omitempty"`
	Agent     json.RawMessage `json:"agent,omitempty"`
}

func record(files *blob.Files, m *session.Message) messageRecord {
	r := messageRecord{
		MessageID: m.ID.String(), SessionID: m.Session.String(), Sequence: m.Sequence, Author: m.Author,
		Timestamp: m.AtMs, ClientID: m.ClientMessageID,
	}
	if m.Author == session.AuthorBot {
		r.Output = m.Body
		return r
	}
	in := files.Present(m.InputOf())
	r.Input = &in
	if m.Author != session.AuthorUser {
		r.Agent = agentOf(m)
	}
	return r
}

func agentOf(m *session.Message) json.RawMessage {
	var body struct {
		Agent json.RawMessage `json:"agent"`
	}
	_ = json.Unmarshal(m.Body, &body) // written by the core
	return body.Agent
}
