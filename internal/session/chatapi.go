package session

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/session/wire"
)

// ChatRequest is what a client of the Chat API sent: script-api 6.1. It is kept
// in the body of its message, where scripts find it again.
type ChatRequest struct {
	ClientID   string            `json:"clientId"`
	QuestionID string            `json:"questionId,omitempty"` // "": the id of the message
	Connection string            `json:"cid,omitempty"`
	Async      bool              `json:"async,omitempty"`   // the answer goes to chat_callback_url
	Body       json.RawMessage   `json:"body"`              // as received, a JSON object
	Headers    map[string]string `json:"headers,omitempty"` // of the request, without credentials
}

// chatEnvelope is the body of a message of the Chat API. The request is a text
// in it, so that it can be as deep and wide as any body.
type chatEnvelope struct {
	Input   Input  `json:"input"`
	Request string `json:"chatapi,omitempty"`
}

// Check refuses what is over a limit of contract (f).
func (r *ChatRequest) Check() error {
	if n := utf8.RuneCountInString(r.ClientID); n == 0 || n > MaxChatClientChars {
		return Invalid("clientId", "must have 1 to %d characters", MaxChatClientChars)
	}
	if utf8.RuneCountInString(r.QuestionID) > MaxClientMessageChars {
		return Invalid("questionId", "longer than %d characters", MaxClientMessageChars)
	}
	if utf8.RuneCountInString(r.Connection) > MaxClientMessageChars {
		return Invalid("cid", "longer than %d characters", MaxClientMessageChars)
	}
	return nil
}

func (r *ChatRequest) envelope(in Input) []byte {
	return object(chatEnvelope{Input: in, Request: string(object(r))})
}

// ChatRequestOf returns what a message came from, nil where it came from
// another face.
func ChatRequestOf(body []byte) *ChatRequest {
	if !bytes.Contains(body, []byte(`"chatapi"`)) {
		return nil
	}
	var kept chatEnvelope
	if json.Unmarshal(body, &kept) != nil || kept.Request == "" {
		return nil
	}
	var r ChatRequest
	if json.Unmarshal([]byte(kept.Request), &r) != nil {
		return nil
	}
	return &r
}

// chatUser is the channel user id of a client of the Chat API: script-api 6.1.
func chatUser(in *Integration, clientID string) string { return "chatapi-" + in.ID + "-" + clientID }

// ChatClient returns the clientId of a session of the Chat API; ok is false for
// the sessions of other faces.
func (s *Session) ChatClient() (clientID string, ok bool) {
	return strings.CutPrefix(s.ChannelUserID, "chatapi-"+s.Integration+"-")
}

// ChatAnswer is one answer as clients of the Chat API read it: script-api 6.1.
type ChatAnswer struct {
	ClientID   string   `json:"clientId"`
	QuestionID string   `json:"questionId,omitempty"` // absent when nobody asked
	Timestamp  string   `json:"timestamp"`            // UTC, without a zone
	Data       ChatData `json:"data"`
}

// ChatData is what was answered.
type ChatData struct {
	Class      string       `json:"nlpClass,omitempty"` // the state of the last reply
	Replies    []wire.Reply `json:"replies"`
	Answer     string       `json:"answer"`            // the texts, joined by an empty line
	NewSession bool         `json:"newSessionStarted"` // the request opened its session, or a script did
	EndSession bool         `json:"endSession"`        // a script ended it
	Debug      []struct{}   `json:"debugData"`
}

// ChatTime writes a moment as the Chat API does.
func ChatTime(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000") }

// newChatAnswer makes an answer of messages, in their order.
func newChatAnswer(clientID string, atMs int64, messages []*Message) *ChatAnswer {
	a := &ChatAnswer{ClientID: clientID, Timestamp: ChatTime(atMs), Data: ChatData{Replies: []wire.Reply{}, Debug: []struct{}{}}}
	var texts []string
	for _, m := range messages {
		a.Data.Replies = append(a.Data.Replies, ChatReplies(m)...)
	}
	for _, reply := range a.Data.Replies {
		if text, ok := reply["text"].(string); ok && reply["type"] == "text" {
			texts = append(texts, text)
		}
		if state, ok := reply["state"].(string); ok {
			a.Data.Class = state
		}
	}
	a.Data.Answer = strings.Join(texts, "\n\n")
	return a
}

// ChatReplies are the replies of a bot's or an agent's message: script-api 3.
func ChatReplies(m *Message) []wire.Reply {
	var body struct {
		Responses []wire.Object `json:"responses"`
	}
	if m.Author == AuthorBot {
		_ = json.Unmarshal(m.Body, &body) // written by the core
		return wire.Replies(body.Responses)
	}
	input := m.InputOf()
	if input.Text != "" {
		body.Responses = append(body.Responses, wire.Object{"type": "text", "text": input.Text})
	}
	for _, a := range input.Attachments {
		body.Responses = append(body.Responses, wire.Object{"type": a.Type, "url": a.URL, "name": a.Filename})
	}
	return wire.Replies(body.Responses)
}
