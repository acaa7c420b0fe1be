package rest

import (
	"encoding/json"
	"net/http"

	"parley/internal/session"
	"parley/internal/transcript"
)

// messageRecord is one entry of a transcript.
type messageRecord struct {
	ID        session.ID      `json:"message_id"`
	Session   session.ID      `json:"session_id"`
	Sequence  int64           `json:"sequence"`
	Author    session.Author  `json:"author"`
	Timestamp int64           `json:"timestamp"`
	ClientID  string          `json:"client_message_id,omitempty"`
	Outcome   session.Outcome `json:"outcome,omitempty"`
	Why       string          `json:"outcome_reason,omitempty"`
	Input     *session.Input  `json:"input,omitempty"`
	Output    json.RawMessage `json:"output,omitempty"`
	Agent     json.RawMessage `json:"agent,omitempty"`
}

func message(c *call, m *session.Message) *messageRecord {
	if m == nil {
		return nil
	}
	r := &messageRecord{
		ID: m.ID, Session: m.Session, Sequence: m.Sequence, Author: m.Author, Timestamp: m.AtMs,
		ClientID: m.ClientMessageID, Outcome: m.Outcome, Why: m.Why,
	}
	if m.Author == session.AuthorBot {
		r.Output = m.Body
		return r
	}
	input := c.face.cfg.Files.Present(m.InputOf())
	r.Input = &input
	if m.Author != session.AuthorUser {
		var body struct {
			Agent json.RawMessage `json:"agent"`
		}
		_ = json.Unmarshal(m.Body, &body) // written by the core
		r.Agent = body.Agent
	}
	return r
}

// listMessages returns the transcript of a session, oldest first.
func listMessages(c *call) (answer, error) {
	at, err := c.query().page()
	if err != nil {
		return answer{}, err
	}
	v, err := c.asked()
	if err != nil {
		return answer{}, err
	}
	found, err := c.core().Transcript(c.ctx, session.MessageFilter{Session: v.Session.ID, After: at.after, Limit: at.limit + 1})
	if err != nil {
		return answer{}, err
	}
	out := struct {
		Request  string           `json:"request_id"`
		Session  session.ID       `json:"session_id"`
		Messages []*messageRecord `json:"messages"`
		Next     *int64           `json:"next_after"`
	}{Request: c.id.String(), Session: v.Session.ID, Messages: []*messageRecord{}}
	if len(found) > at.limit {
		found = found[:at.limit]
		out.Next = &found[at.limit-1].Sequence
	}
	for _, m := range found {
		if !m.Hidden() {
			out.Messages = append(out.Messages, message(c, m))
		}
	}
	return answer{status: http.StatusOK, body: encode(out)}, nil
}

// writeTranscript gives what was said in the whole chain of a session, for people
// (format=text) or for programs.
func writeTranscript(c *call) (answer, error) {
	format := c.query().text("format")
	if format != "" && format != "json" && format != "text" {
		return answer{}, session.Invalid("format", "must be json or text")
	}
	v, err := c.asked()
	if err != nil {
		return answer{}, err
	}
	page, err := transcript.Read(c.ctx, c.core(), c.in, v.Session.ID)
	if err != nil {
		return answer{}, err
	}
	if format == "text" {
		return answer{status: http.StatusOK, kind: "text/plain; charset=utf-8", body: []byte(page.Text(nil))}, nil
	}
	return answer{status: http.StatusOK, body: encode(struct {
		Request string `json:"request_id"`
		*transcript.Transcript
	}{c.id.String(), page})}, nil
}
