package httpbot

import (
	"context"
	"encoding/json"

	"parley/internal/session"
)

// historyMessages is how far back a request looks for what people said.
const historyMessages = 100

// humanPart is the part of the session that people had since the bot last spoke:
// guarantees 2, row 12. Times are Unix milliseconds.
type humanPart struct {
	BeganAt    int64  `json:"began_at,omitempty"` // absent: before the oldest of the messages
	EndedAt    int64  `json:"ended_at"`
	Reason     string `json:"reason,omitempty"`
	Department string `json:"department,omitempty"`
	State      string `json:"state,omitempty"`
	Messages   []line `json:"messages"`
}

// line is a message of a human part. What the bot said beside the queue is one, too.
type line struct {
	ID        string            `json:"message_id"`
	At        int64             `json:"timestamp"`
	Author    session.Author    `json:"author"`
	Agent     *session.Agent    `json:"agent,omitempty"`
	Input     *inputBody        `json:"input,omitempty"`     // of a user or an agent
	Responses []json.RawMessage `json:"responses,omitempty"` // of the bot
}

// lastHumanPart is the part that ended since the bot last spoke; nil where there
// is none. A dialog that never left its bot is not asked for its history.
func lastHumanPart(ctx context.Context, turn *session.Turn) (*humanPart, error) {
	talk := turn.Conversation
	if talk == nil || turn.HumanParts == nil || talk.LastAgent.ID == "" && talk.QueuedMs == 0 {
		return nil, nil
	}
	messages, err := turn.Transcript(ctx, historyMessages)
	if err != nil || len(messages) == 0 {
		return nil, err
	}
	parts, err := turn.HumanParts(ctx, max(messages[0].Sequence-1, 0))
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	last := parts[len(parts)-1]
	out := &humanPart{
		BeganAt: last.BeganMs, EndedAt: last.EndedMs, Reason: last.Reason, Department: last.Department, State: last.State, Messages: []line{},
	}
	for _, m := range messages {
		switch {
		case last.Holds(m):
			out.Messages = append(out.Messages, lineOf(m))
		case m.Author == session.AuthorBot && m.Sequence > last.Last:
			return nil, nil // it has spoken since
		}
	}
	if last.Last == 0 {
		return nil, nil
	}
	return out, nil
}

func lineOf(m *session.Message) line {
	l := line{ID: m.ID.String(), At: m.AtMs, Author: m.Author, Agent: m.AgentOf()}
	if m.Author == session.AuthorBot {
		var body struct {
			Responses []json.RawMessage `json:"responses"`
		}
		_ = json.Unmarshal(m.Body, &body) // written by the core
		l.Responses = body.Responses
		return l
	}
	in := m.InputOf()
	l.Input = &inputBody{Text: in.Text, Attachments: in.Attachments, Event: in.Event}
	return l
}
