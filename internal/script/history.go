package script

import (
	"context"
	"encoding/json"
	"strings"

	"parley/internal/session"
)

// said is one line of a dialog: script-api 2.2, chatHistoryJson. Extensions: who
// of the people wrote it, and lines that mark where people had the dialog.
type said struct {
	QuestionID string         `json:"questionId"`
	Text       string         `json:"text,omitempty"`
	Author     string         `json:"author"`
	Status     string         `json:"status"`
	EventData  any            `json:"eventData,omitempty"`
	Sent       int64          `json:"sendDateInUTC"` // Unix seconds
	Agent      *session.Agent `json:"agent,omitempty"`
	Mark       string         `json:"humanPart,omitempty"` // markStart or markEnd; such a line has no text
	Reason     string         `json:"reason,omitempty"`    // of markStart
	State      string         `json:"state,omitempty"`     // of markEnd: where the bot was told to go on
}

// Marks of a human part: guarantees 2, row 12.
const (
	markStart = "start"
	markEnd   = "end"
)

// chatHistory is what was said in the session.
type chatHistory struct{ *run }

// json is the dialog of the session, the running message included.
func (r chatHistory) json() (string, error) {
	list, err := r.said()
	return marshal(list), err
}

// text is the dialog as text.
func (r chatHistory) text() (string, error) {
	list, err := r.said()
	var out []string
	for _, one := range list {
		if line := one.line(); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n"), err
}

// line is one said as text; "" where nothing was.
func (s *said) line() string {
	switch {
	case s.Mark == markStart && s.Reason != "":
		return "[people answer: " + s.Reason + "]"
	case s.Mark == markStart:
		return "[people answer]"
	case s.Mark == markEnd:
		return "[the bot answers]"
	case s.Text == "":
		return ""
	case s.Author == "CLIENT":
		return "Client: " + s.Text
	case s.Agent != nil:
		return strings.TrimSpace("Agent "+s.Agent.Name) + ": " + s.Text
	}
	return "Bot: " + s.Text
}

func (r chatHistory) said() ([]said, error) {
	messages, err := r.transcript()
	if err != nil {
		return nil, err
	}
	if m := r.turn.Message; m != nil && !m.Placed() {
		messages = append(messages, m)
	}
	parts, err := r.parts(messages)
	marks := marks(parts)
	list := []said{}
	for _, m := range messages {
		for len(marks) > 0 && (marks[0].sequence < m.Sequence || !m.Placed()) {
			list = append(list, marks[0].said)
			marks = marks[1:]
		}
		list = append(list, lines(m)...)
	}
	for _, mark := range marks {
		list = append(list, mark.said)
	}
	return list, err
}

// parts reads where people had the dialog, as far as the messages go back.
func (r chatHistory) parts(messages []*session.Message) (parts []session.HumanPart, err error) {
	if r.turn.HumanParts == nil || len(messages) == 0 {
		return nil, nil
	}
	err = r.wait(func() (err error) {
		parts, err = r.turn.HumanParts(context.WithoutCancel(r.ctx), max(messages[0].Sequence-1, 0))
		return err
	})
	return parts, err
}

// mark is a line that stands before the messages after a sequence.
type mark struct {
	sequence int64
	said     said
}

func marks(parts []session.HumanPart) []mark {
	var list []mark
	for _, p := range parts {
		list = append(list, mark{p.First, said{Author: "BOT", Status: "SENT", Sent: p.BeganMs / 1000, Mark: markStart, Reason: p.Reason}})
		if p.Last > 0 {
			list = append(list, mark{p.Last, said{Author: "BOT", Status: "SENT", Sent: p.EndedMs / 1000, Mark: markEnd, State: p.State}})
		}
	}
	return list
}

// forPeople are the last texts of the dialog; amount is a number, or nil for all
// that chatHistory gives.
func (r chatHistory) forPeople(amount any) ([]session.HandoverLine, error) {
	list, err := r.said()
	var out []session.HandoverLine
	for _, one := range list {
		if one.Text == "" {
			continue
		}
		author := session.AuthorBot
		switch {
		case one.Author == "CLIENT":
			author = session.AuthorUser
		case one.Agent != nil:
			author = session.AuthorAgent
		}
		out = append(out, session.HandoverLine{Author: author, Text: one.Text, AtMs: one.Sent * 1000})
	}
	if most, ok := amount.(float64); ok && most >= 0 && most < float64(len(out)) {
		out = out[len(out)-int(most):]
	}
	return out, err
}

func lines(m *session.Message) []said {
	line := said{QuestionID: m.ID.String(), Author: "BOT", Status: "SENT", Sent: m.AtMs / 1000, Agent: m.AgentOf()}
	if m.Author == session.AuthorUser {
		line.Author = "CLIENT"
	}
	var body struct {
		Responses []struct{ Text string } `json:"responses"`
	}
	if m.Author == session.AuthorBot && json.Unmarshal(m.Body, &body) == nil {
		var list []said
		for _, one := range body.Responses {
			if one.Text != "" {
				line.Text = one.Text
				list = append(list, line)
			}
		}
		return list
	}
	input := m.InputOf()
	line.Text = input.Text
	if input.Event != nil {
		line.EventData = input.Event
	}
	return []said{line}
}

// historyMessages is how much of the transcript chatHistory gives.
const historyMessages = 100

func (r chatHistory) transcript() ([]*session.Message, error) {
	if r.turn.Transcript == nil {
		return nil, nil
	}
	var list []*session.Message
	err := r.wait(func() (err error) {
		list, err = r.turn.Transcript(context.WithoutCancel(r.ctx), historyMessages)
		return err
	})
	return list, err
}
