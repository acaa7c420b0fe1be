package transcript

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"parley/internal/session"
)

// Transcript is what was said in a chain of sessions, oldest first. Private notes
// and replies that nobody saw are no part of it.
type Transcript struct {
	Chain    session.ID `json:"chain_id"`
	Client   string     `json:"client_name,omitempty"`
	Sessions []Part     `json:"sessions"`
}

// Part is one session.
type Part struct {
	Session  session.ID     `json:"session_id"`
	OpenedMs int64          `json:"opened_at"`
	EndedMs  int64          `json:"ended_at,omitempty"`
	Reason   session.Reason `json:"reason,omitempty"`
	Lines    []Line         `json:"messages"`
}

// Line is one message.
type Line struct {
	ID       session.ID      `json:"message_id"`
	Sequence int64           `json:"sequence"`
	AtMs     int64           `json:"timestamp"`
	Author   session.Author  `json:"author"`
	Agent    *session.Agent  `json:"agent,omitempty"`
	Input    *session.Input  `json:"input,omitempty"`
	Output   json.RawMessage `json:"output,omitempty"` // of the bot: contract (e)
}

// pageSize is how many messages are read at once.
const pageSize = 500

// Read reads the transcript of the chain that a handle belongs to.
func Read(ctx context.Context, core *session.Core, in *session.Integration, handle session.ID) (*Transcript, error) {
	v, err := core.At(ctx, in, handle)
	if err != nil {
		return nil, err
	}
	if v, err = core.At(ctx, in, v.Chain.Head); err != nil {
		return nil, err
	}
	t := &Transcript{Chain: v.Chain.ID}
	t.Client, _ = text(v.Document, "user", "display_name")
	for {
		part, err := read(ctx, core, v.Session)
		if err != nil {
			return nil, err
		}
		t.Sessions = append(t.Sessions, *part)
		if v.Session.Predecessor.IsZero() {
			break
		}
		if v, err = core.At(ctx, in, v.Session.Predecessor); err != nil {
			return nil, err
		}
	}
	slices.Reverse(t.Sessions)
	return t, nil
}

func text(doc session.Document, path ...string) (string, bool) {
	v, _ := doc.At(path...)
	s, ok := v.(string)
	return s, ok
}

func read(ctx context.Context, core *session.Core, s *session.Session) (*Part, error) {
	p := &Part{Session: s.ID, OpenedMs: s.CreatedMs, EndedMs: s.EndedMs, Reason: s.Reason, Lines: []Line{}}
	after := int64(0)
	for {
		page, err := core.Transcript(ctx, session.MessageFilter{Session: s.ID, After: after, Limit: pageSize})
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			after = m.Sequence
			if shown(m) {
				p.Lines = append(p.Lines, line(m))
			}
		}
		if len(page) < pageSize {
			return p, nil
		}
	}
}

// shown leaves out what the client never saw.
func shown(m *session.Message) bool {
	switch m.Author {
	case session.AuthorUser, session.AuthorAgent, session.AuthorExternal:
		return true
	case session.AuthorBot:
		return m.Outcome != session.OutcomeSuppressed && string(m.Body) != `{"responses":[]}`
	}
	return false
}

func line(m *session.Message) Line {
	l := Line{ID: m.ID, Sequence: m.Sequence, AtMs: m.AtMs, Author: m.Author}
	if m.Author == session.AuthorBot {
		l.Output = m.Body
		return l
	}
	input := m.InputOf()
	l.Input = &input
	if m.Author != session.AuthorUser {
		var body struct {
			Agent session.Agent `json:"agent"`
		}
		_ = json.Unmarshal(m.Body, &body) // written by the core
		l.Agent = &body.Agent
	}
	return l
}

// JSON writes the transcript for programs.
func (t *Transcript) JSON() ([]byte, error) { return json.MarshalIndent(t, "", " ") }

// day and clock are how moments are written for people.
const (
	day   = "2006-01-02"
	clock = "15:04:05"
)

// at is a moment in a time zone.
func at(ms int64, zone *time.Location) time.Time { return time.UnixMilli(ms).In(zone) }
