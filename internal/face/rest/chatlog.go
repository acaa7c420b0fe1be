package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"parley/internal/session"
	"parley/internal/session/wire"
)

// What the Chat API lacks in public: our own routes beside it.

// chatEvents returns the answers that a client did not wait for. ts is where
// the page before ended.
func chatEvents(c *call) (answer, error) {
	q := c.query()
	chain, after, err := chatCursor(q.text("ts"))
	if err != nil {
		return answer{}, err
	}
	page, err := chatCall{c}.chats().Events(c.ctx, c.in, q.text("clientId"), q.text("cid"), chain, after)
	if err != nil {
		return answer{}, err
	}
	out := struct {
		Next   string                `json:"ts"`
		Events []*session.ChatAnswer `json:"events"`
	}{fmt.Sprintf("%s:%d", page.Chain, page.After), append([]*session.ChatAnswer{}, page.Answers...)}
	return answer{status: http.StatusOK, body: encode(out)}, nil
}

// chatCursor reads the ts of an earlier page; "" and 0 stand for the beginning.
func chatCursor(text string) (chain session.ID, after int64, err error) {
	if text == "" || text == "0" || text == ":0" {
		return chain, 0, nil
	}
	id, number, _ := strings.Cut(text, ":")
	chain, idErr := session.ParseID(id)
	after, numberErr := strconv.ParseInt(number, 10, 64)
	if idErr != nil || numberErr != nil || after < 0 {
		return chain, 0, session.Invalid("ts", "must be the ts of an earlier answer, or 0")
	}
	return chain, after, nil
}

// chatLine is one message of a history.
type chatLine struct {
	Author     session.Author `json:"author"`
	Timestamp  string         `json:"timestamp"`
	QuestionID string         `json:"questionId,omitempty"`
	Query      string         `json:"query,omitempty"`
	Event      string         `json:"event,omitempty"`
	Replies    []wire.Reply   `json:"replies,omitempty"`
}

// chatHistory returns the last messages of the client's newest session.
func chatHistory(c *call) (answer, error) {
	q := c.query()
	limit, err := q.number("limit", defaultPage, 1, maxPage)
	if err != nil {
		return answer{}, err
	}
	out := struct {
		ClientID string     `json:"clientId"`
		Messages []chatLine `json:"messages"`
	}{q.text("clientId"), []chatLine{}}
	v, err := chatCall{c}.chats().Newest(c.ctx, c.in, out.ClientID)
	if session.CodeOf(err) == session.CodeSessionNotFound {
		return answer{status: http.StatusOK, body: encode(out)}, nil
	}
	if err != nil {
		return answer{}, err
	}
	found, err := c.core().Transcript(c.ctx, session.MessageFilter{Session: v.Session.ID, Last: true, Limit: int(limit)})
	if err != nil {
		return answer{}, err
	}
	for _, m := range found {
		if !m.Hidden() {
			out.Messages = append(out.Messages, lineOf(m))
		}
	}
	return answer{status: http.StatusOK, body: encode(out)}, nil
}

func lineOf(m *session.Message) chatLine {
	line := chatLine{Author: m.Author, Timestamp: session.ChatTime(m.AtMs)}
	if m.Author != session.AuthorUser {
		line.Replies = session.ChatReplies(m)
		return line
	}
	input := m.InputOf()
	line.QuestionID, line.Query = m.ID.String(), input.Text
	if m.ClientMessageID != "" {
		line.QuestionID = m.ClientMessageID
	}
	if input.Event != nil {
		line.Event = input.Event.Name
	}
	return line
}

// stateField is the field of the context that holds a client application's state.
const stateField = "state"

// showChatState returns what the application saved.
func showChatState(c *call) (answer, error) {
	v, err := chatCall{c}.chats().Newest(c.ctx, c.in, c.query().text("clientId"))
	if session.CodeOf(err) == session.CodeSessionNotFound {
		return chatCall{c}.state(session.Document{})
	}
	if err != nil {
		return answer{}, err
	}
	return chatCall{c}.state(v.Document)
}

// saveChatState merges into the state, as into any context.
func saveChatState(c *call) (answer, error) {
	patch, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	handle, err := chatCall{c}.chats().Enter(c.ctx, c.in, c.query().text("clientId"))
	if err != nil {
		return answer{}, err
	}
	update := &session.Update{Patch: session.Document{stateField: orEmpty(patch.fields)}, Face: viewOf(c.in)}
	out, err := c.core().Merge(c.ctx, c.in, handle, update)
	if err != nil {
		return answer{}, err
	}
	return chatCall{c}.state(out.Document)
}

func orEmpty(fields map[string]any) map[string]any {
	if fields == nil {
		return map[string]any{}
	}
	return fields
}

func (c chatCall) state(doc session.Document) (answer, error) {
	var shown struct {
		State json.RawMessage `json:"state"`
	}
	if err := json.Unmarshal(render(c.in, doc), &shown); err != nil {
		return answer{}, err
	}
	if len(shown.State) == 0 {
		shown.State = json.RawMessage("{}")
	}
	return answer{status: http.StatusOK, body: encode(struct {
		ClientID string          `json:"clientId"`
		State    json.RawMessage `json:"state"`
	}{c.query().text("clientId"), shown.State})}, nil
}
