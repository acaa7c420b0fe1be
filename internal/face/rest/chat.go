package rest

import (
	"context"
	"net/http"
	"strings"

	"parley/internal/session"
)

// The Chat API: script-api 6.1. Its clients know a token, which is an API key,
// and a client id of their own.

// chatCall is a call of the Chat API.
type chatCall struct{ *call }

// chatRoutes are the routes under one of the two base paths.
func chatRoutes(base string) []route {
	client := base + "/chatapi/{token}"
	return []route{
		{http.MethodPost, client, chatAPI, false, object, noSession, chat},
		{http.MethodGet, client, chatAPI, false, nothing, noSession, chat},
		{http.MethodPost, client + "/async", chatAPI, false, object, noSession, chatAsync},
		{http.MethodGet, client + "/events", chatAPI, false, nothing, noSession, chatEvents},
		{http.MethodGet, client + "/history", chatAPI, false, nothing, noSession, chatHistory},
		{http.MethodGet, client + "/state", chatAPI, false, nothing, noSession, showChatState},
		{http.MethodPost, client + "/state", chatAPI, false, object, noSession, saveChatState},
	}
}

// chat takes a message and waits for its answer. A client that leaves does not
// lose its turn.
func chat(c *call) (answer, error) {
	said, err := chatCall{c}.say(false)
	if err != nil {
		return answer{}, err
	}
	patience := c.face.cfg.ChatPatience
	ctx, cancel := context.WithTimeout(c.r.Context(), patience)
	defer cancel()
	out, err := chatCall{c}.chats().Answer(ctx, said)
	if ctx.Err() != nil {
		return answer{}, &session.Error{Code: codeTimeout, Message: "no answer within " + patience.String() + "; the same questionId asks for it again"}
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: encode(out)}, nil
}

// chatAsync takes a message whose answer goes to the callback.
func chatAsync(c *call) (answer, error) {
	said, err := chatCall{c}.say(true)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: encode(struct {
		ID string `json:"questionId"`
	}{said.QuestionID()})}, nil
}

func (c chatCall) chats() session.Chat { return session.NewChat(c.core()) }

// say makes the message of the body, or of the query of a GET, durable.
func (c chatCall) say(async bool) (*session.Said, error) {
	body, err := c.sent()
	if err != nil {
		return nil, err
	}
	req := &session.ChatRequest{
		ClientID: body.text("clientId"), QuestionID: body.text("questionId"), Connection: body.text("cid"),
		Async: async, Body: session.Document(body.fields).JSON(), Headers: requestHeaders(c.r.Header),
	}
	input := session.Input{Text: body.text("query")}
	if event := body.text("event"); event != "" {
		input.Event = &session.InputEvent{Name: event}
	}
	body.object("data")
	if !body.has("query") && input.Event == nil {
		body.refuse("query", "needs a query or an event")
	}
	if err := body.err(); err != nil {
		return nil, err
	}
	return c.chats().Say(c.ctx, c.in, req, input)
}

// sent reads what a client sent. A GET has it in the query.
func (c chatCall) sent() (*envelope, error) {
	if c.route.takes == object {
		return c.body.envelope()
	}
	fields := map[string]any{}
	for name, values := range c.query() {
		fields[name] = values[0]
	}
	return &envelope{fields: fields, fault: new(error)}, nil
}

// requestHeaders are the headers that scripts see: none that lets somebody in.
func requestHeaders(h http.Header) map[string]string {
	seen := map[string]string{}
	for name, values := range h {
		switch name {
		case "Authorization", "Proxy-Authorization", "Cookie":
		default:
			seen[strings.ToLower(name)] = strings.ToValidUTF8(strings.Join(values, ", "), "\uFFFD")
		}
	}
	return seen
}

// chatRefusal is the error form of the Chat API.
func chatRefusal(line fault, e session.Error) []byte {
	return encode(struct {
		Error     string `json:"error"`
		Exception string `json:"exception"`
		Message   string `json:"message"`
	}{http.StatusText(line.status), line.name, e.Error()})
}
