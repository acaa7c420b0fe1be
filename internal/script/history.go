package script

import (
	"context"
	"encoding/json"
	"strings"

	"parley/internal/session"
)

// said is one line of a dialog: script-api 2.2, chatHistoryJson.
type said struct {
	QuestionID string `json:"questionId"`
	Text       string `json:"text,omitempty"`
	Author     string `json:"author"`
	Status     string `json:"status"`
	EventData  any    `json:"eventData,omitempty"`
	Sent       int64  `json:"sendDateInUTC"` // Unix seconds
}

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
	var out strings.Builder
	for _, one := range list {
		if one.Text == "" {
			continue
		}
		name := "Bot"
		if one.Author == "CLIENT" {
			name = "Client"
		}
		out.WriteString(name + ": " + one.Text + "\n")
	}
	return strings.TrimSuffix(out.String(), "\n"), err
}

func (r chatHistory) said() ([]said, error) {
	messages, err := r.transcript()
	list := []said{}
	for _, m := range messages {
		list = append(list, lines(m)...)
	}
	if m := r.turn.Message; m != nil && !m.Placed() {
		list = append(list, lines(m)...)
	}
	return list, err
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
		if one.Author == "CLIENT" {
			author = session.AuthorUser
		}
		out = append(out, session.HandoverLine{Author: author, Text: one.Text, AtMs: one.Sent * 1000})
	}
	if most, ok := amount.(float64); ok && most >= 0 && most < float64(len(out)) {
		out = out[len(out)-int(most):]
	}
	return out, err
}

func lines(m *session.Message) []said {
	line := said{QuestionID: m.ID.String(), Author: "BOT", Status: "SENT", Sent: m.AtMs / 1000}
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
