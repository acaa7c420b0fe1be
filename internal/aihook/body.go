package aihook

import (
	"encoding/json"
	"maps"
	"path"
	"slices"

	"parley/internal/session"
)

// body is what a webhook is told: contract b.2. User is ours, and so is Output,
// which only a post message webhook gets.
type body struct {
	Channel  string                `json:"channel"`
	Session  string                `json:"session_id"`
	Brain    string                `json:"brain_id"`
	Token    string                `json:"verify_token,omitempty"`
	Language string                `json:"lang"`
	User     string                `json:"user_id"`
	Context  session.Document      `json:"context"`
	Input    inputBody             `json:"input"`
	Intents  []session.HeardIntent `json:"intents"`
	Entities []session.HeardEntity `json:"entities"`
	Tags     []any                 `json:"tags"`
	Debug    debugBody             `json:"debug"`
	Output   *outputBody           `json:"output,omitempty"`
}

type inputBody struct {
	Text        string               `json:"text"`
	Attachments []session.Attachment `json:"attachments,omitempty"`
}

type outputBody struct {
	Responses []session.Reply `json:"responses"`
}

type debugBody struct {
	Stack []nodeBody `json:"dialog_stack"`
}

type nodeBody struct {
	ID   string `json:"node_id"`
	Name string `json:"name"`
}

// moment is where a dialog stands when a webhook is called.
type moment struct {
	doc      session.Document
	state    string
	language string // of the bot, where it is known
	heard    session.Heard
	replies  []session.Reply // of a post message webhook
	post     bool
}

func (m *moment) body(turn *session.Turn, hook *session.AIWebhook) []byte {
	b := body{
		Channel: turn.Session.Channel, Session: turn.Session.ID.String(), Brain: turn.Integration.ID, Token: hook.Token,
		Language: m.lang(turn), User: turn.Client.UserID, Context: m.context(turn),
		Input:   inputBody{Text: turn.Input.Text, Attachments: turn.Input.Attachments},
		Intents: append([]session.HeardIntent{}, m.heard.Intents...), Entities: append([]session.HeardEntity{}, m.heard.Entities...),
		Debug: debugBody{Stack: stack(m.state)},
	}
	if b.Tags, _ = m.doc["tags"].([]any); b.Tags == nil {
		b.Tags = []any{}
	}
	if m.post {
		b.Output = &outputBody{Responses: append([]session.Reply{}, m.replies...)}
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return nil // unreachable: all of it is JSON already
	}
	return raw
}

// context is the document with the values that are computed on reading:
// contract (d).
func (m *moment) context(turn *session.Turn) session.Document {
	doc := session.Document{}
	maps.Copy(doc, m.doc)
	doc["sys-channel"] = turn.Session.Channel
	doc["sys-session"] = turn.Session.ID.String()
	doc["sys-desk"], doc["sys-business"] = session.DefaultDesk, session.DefaultAccount
	doc["sys-unknown_counter"] = max(m.heard.Unknown-1, 0)
	messages := turn.Session.UserMessages
	if turn.Message != nil {
		messages++ // it is placed by the commit of this turn
	}
	doc["sys-user_message_counter"] = messages
	return doc
}

// lang is the language of the person, of the widget, or of the bot.
func (m *moment) lang(turn *session.Turn) string {
	person, _ := m.doc.At("user", "language")
	for _, one := range []any{person, turn.Integration.Settings.Web["language"]} {
		if text, ok := one.(string); ok && text != "" {
			return text
		}
	}
	return m.language
}

// stack is the state and those that hold it, the outermost first.
func stack(state string) []nodeBody {
	nodes := []nodeBody{}
	for ; len(state) > 1; state = path.Dir(state) {
		nodes = append(nodes, nodeBody{ID: state, Name: path.Base(state)})
	}
	slices.Reverse(nodes)
	return nodes
}
