package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley/e2e/history"
)

// Integration is what a back end knows of its integration.
type Integration struct {
	ID     string
	Key    string
	Thinks bool // its bot can be told to take its time
}

// Backend calls the REST face as one caller.
type Backend struct {
	Name   string
	In     Integration
	URL    string   // http://host:port
	Others []string // of the same service: the next is asked after one that did not answer
	HTTP   *http.Client
	Rec    *Recorder
}

// next turns to the next server.
func (b *Backend) next() {
	if len(b.Others) > 0 {
		b.URL, b.Others = b.Others[0], append(slices.Clone(b.Others[1:]), b.URL)
	}
}

// unheard reports whether a call should be made again: it got no answer, or
// one that says that the server cannot.
func unheard(c *history.Call) bool {
	return c.Outcome == history.Unknown || c.Code == "connection" || c.Code == "503" || c.Code == "unavailable"
}

func (b *Backend) custom(path string) string { return "/v1/custom/" + b.In.ID + "/sessions" + path }

func (b *Backend) own(session, path string) string {
	return "/api/v1/integrations/" + b.In.ID + "/sessions/" + session + path
}

// Create opens a session for a channel user, "" for nobody known.
func (b *Backend) Create(ctx context.Context, token, user string, repeat int) *history.Call {
	c := &history.Call{Kind: history.Create, Token: token, Repeat: repeat}
	body := map[string]any{"external_session_id": token}
	if user != "" {
		body["channel_user_id"] = user
	}
	return b.do(ctx, c, http.MethodPost, b.custom(""), http.Header{"Idempotency-Key": {token}}, body)
}

// Send sends "VERB TOKEN", with a patch of the context if one is given.
func (b *Backend) Send(ctx context.Context, session, verb, token string, patch map[string]any, repeat int) *history.Call {
	c := &history.Call{Kind: history.Message, Session: session, Token: token, Repeat: repeat, Patch: patch != nil}
	body := map[string]any{"input": map[string]any{"text": verb + " " + token}}
	if patch != nil {
		body["context"] = patch
	}
	return b.do(ctx, c, http.MethodPost, b.custom("/"+session+"/messages"), http.Header{"Idempotency-Key": {token}}, body)
}

// Merge updates the context. With a version it is a precondition.
func (b *Backend) Merge(ctx context.Context, session, token string, patch map[string]any, version int64, versionOf string) *history.Call {
	c := &history.Call{Kind: history.Merge, Session: session, Token: token, Patch: true, IfVersion: version}
	h := http.Header{}
	if version > 0 {
		h.Set("If-Match", `"`+versionOf+":"+strconv.FormatInt(version, 10)+`"`)
	}
	return b.do(ctx, c, http.MethodPatch, b.custom("/"+session+"/context"), h, patch)
}

// Act makes one of the calls that have no body.
func (b *Backend) Act(ctx context.Context, kind history.Kind, session string) *history.Call {
	c := &history.Call{Kind: kind, Session: session}
	path := map[history.Kind]string{
		history.Close: "/close", history.CloseConversation: "/conversation/close",
		history.Reopen: "/conversation/reopen", history.Handover: "/handover",
	}[kind]
	return b.do(ctx, c, http.MethodPost, b.custom("/"+session+path), nil, nil)
}

// View reads a session as it is now.
func (b *Backend) View(ctx context.Context, session string) *history.Call {
	c := &history.Call{Kind: history.View, Session: session}
	return b.do(ctx, c, http.MethodGet, b.own(session, ""), nil, nil)
}

// do sends a call and notes its answer.
func (b *Backend) do(ctx context.Context, c *history.Call, method, path string, h http.Header, body any) *history.Call {
	c.Caller, c.Sent = b.Name, b.Rec.Now()
	defer func() {
		b.Rec.call(c)
		if unheard(c) {
			b.next()
		}
	}()
	raw, err := json.Marshal(body)
	if err != nil {
		return c
	}
	if body == nil {
		raw = nil
	}
	req, err := http.NewRequestWithContext(ctx, method, b.URL+path, bytes.NewReader(raw))
	if err != nil {
		return c
	}
	req.GetBody = nil // the client must not send it again by itself
	for name, values := range h {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	req.Header.Set("Authorization", "apikey "+b.In.Key)
	req.Header.Set("Content-Type", "application/json")
	res, err := b.HTTP.Do(req)
	if err != nil {
		if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
			c.Outcome, c.Code, c.Answered = history.Refused, "connection", b.Rec.Now()
		}
		return c
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return c
	}
	c.Answered = b.Rec.Now()
	answer(c, res, text)
	return c
}

// answer takes from a response what the call learns.
func answer(c *history.Call, res *http.Response, text []byte) {
	c.Outcome = history.Done
	if res.StatusCode/100 != 2 {
		c.Outcome, c.Code = history.Refused, strconv.Itoa(res.StatusCode)
		return
	}
	body := decode(text)
	c.Acting, _ = body["session_id"].(string)
	c.Message, _ = body["message_id"].(string)
	c.Document, _ = body["context"].(map[string]any)
	session, version, _ := strings.Cut(strings.Trim(res.Header.Get("ETag"), `"`), ":")
	c.Version, _ = strconv.ParseInt(version, 10, 64)
	if c.Acting == "" {
		c.Acting = session
	}
}

func decode(text []byte) map[string]any {
	body := map[string]any{}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	_ = dec.Decode(&body) // an answer that is no object says nothing
	return body
}

func agent(name string) map[string]any { return map[string]any{"agent_id": name} }

// Claim gives the conversation to an agent, with transfer from another one.
func (b *Backend) Claim(ctx context.Context, session, name string, transfer bool) *history.Call {
	c := &history.Call{Kind: history.Claim, Session: session, Agent: name, Force: transfer}
	body := map[string]any{"agent": agent(name), "transfer": transfer}
	return b.do(ctx, c, http.MethodPost, b.own(session, "/claim"), nil, body)
}

// Answer writes to the user in an agent's name.
func (b *Backend) Answer(ctx context.Context, session, name, token string) *history.Call {
	c := &history.Call{Kind: history.AgentMessage, Session: session, Agent: name, Token: token}
	body := map[string]any{"agent": agent(name), "input": map[string]any{"text": "answer " + token}}
	return b.do(ctx, c, http.MethodPost, b.own(session, "/agent-messages"), nil, body)
}

// Transfer gives the conversation to an agent, or to the queue of a department
// when it names none.
func (b *Backend) Transfer(ctx context.Context, session, by, name string) *history.Call {
	c := &history.Call{Kind: history.Transfer, Session: session, Agent: name}
	to := map[string]any{"department": "sales"}
	if name != "" {
		to = map[string]any{"agent": agent(name)}
	}
	return b.do(ctx, c, http.MethodPost, b.own(session, "/transfer"), nil, map[string]any{"agent": agent(by), "to": to})
}

// Return gives the conversation back to the bot.
func (b *Backend) Return(ctx context.Context, session, by string) *history.Call {
	c := &history.Call{Kind: history.Return, Session: session}
	return b.do(ctx, c, http.MethodPost, b.own(session, "/return"), nil, map[string]any{"agent": agent(by)})
}

// Resolve closes the conversation in an agent's name.
func (b *Backend) Resolve(ctx context.Context, session, name string) *history.Call {
	c := &history.Call{Kind: history.Resolve, Session: session, Agent: name}
	return b.do(ctx, c, http.MethodPost, b.own(session, "/resolve"), nil, map[string]any{"agent": agent(name)})
}
