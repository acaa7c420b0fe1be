package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

// spoken is a bot of the Chat API's tests: it does what it is told.
func spoken(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	text := turn.Input.Text
	if turn.Input.Event != nil {
		text = "event " + turn.Input.Event.Name
	}
	d := say("you said " + text)
	d.Vars = *turn.Vars
	switch text {
	case "buttons":
		d.Replies[0] = []byte(`{"type":"text","action_id":"1","text":"Choose","state":"/Menu","options":[{"label":"a","text":"a"},{"label":"b","text":"b"}]}`)
	case "two":
		d.Replies = append(d.Replies, say("and more").Replies...)
	case "anew":
		d.Before, d.Switch = say("before").Replies, session.SwitchRestart
	case "stop":
		d.Switch = session.SwitchStop
	case "later":
		d.Timeout = &session.Timeout{After: time.Minute, TargetState: "/Late"}
	case "people":
		d.Handover = &session.Handover{}
	case "":
		d.Replies = say("a timeout").Replies
	}
	return d, nil
}

// token is the stack's key in the path of the Chat API.
func (st *stack) token(path string) string { return "/chatapi/" + st.key + path }

// chat sends a message of a client and returns the answer.
func (st *stack) chat(client, query string) *reply {
	st.t.Helper()
	return st.do(ask{path: st.token(""), key: "-", body: fmt.Sprintf(`{"clientId":%q,"query":%q}`, client, query)})
}

// script-api 6.1, "Synchronous response".
func TestChat_Conversation(t *testing.T) {
	st := start(t, withBot(spoken))
	st.chat("ann", "hello").want(200).is("ann", "clientId").is("you said hello", "data", "answer").
		is([]any{map[string]any{"type": "text", "text": "you said hello"}}, "data", "replies").
		is(true, "data", "newSessionStarted").is(false, "data", "endSession").is([]any{}, "data", "debugData").
		is(st.clock.Now().UTC().Format("2006-01-02T15:04:05.000"), "timestamp")
	st.chat("ann", "two").is("you said two\n\nand more", "data", "answer").is(false, "data", "newSessionStarted")
	st.chat("ann", "buttons").is("/Menu", "data", "nlpClass").
		is("Choose", "data", "replies", 0, "text").is("b", "data", "replies", 1, "buttons", 1, "text").lacks("options", "action_id")
	st.do(ask{path: st.token(""), key: "-", body: `{"clientId":"ann","event":"hey","query":"ignored","data":{"x":1}}`}).
		is("you said event hey", "data", "answer")
	st.do(ask{method: "GET", path: st.token("?clientId=ann&query=by+GET&questionId=q-9"), key: "-"}).
		is("you said by GET", "data", "answer").is("q-9", "questionId")
	st.do(ask{path: "/chatadapter" + st.token(""), key: "-", body: `{"clientId":"ann","query":"hi"}`}).want(200).
		is("you said hi", "data", "answer")
}

// script-api 6.1 and dialog-language 7.2: replies before newSession belong to
// the answer; after stopSession the next message opens a session.
func TestChat_Sessions(t *testing.T) {
	st := start(t, withBot(spoken))
	st.chat("ann", "hello")
	st.chat("ann", "anew").is("before\n\nyou said anew", "data", "answer").is(true, "data", "newSessionStarted").is(false, "data", "endSession")
	st.chat("ann", "stop").is("you said stop", "data", "answer").is(false, "data", "newSessionStarted").is(true, "data", "endSession")
	st.chat("ann", "again").is(true, "data", "newSessionStarted").is(false, "data", "endSession")
	st.chat("ann", "on").is(false, "data", "newSessionStarted")
	v := st.newest("ann")
	_, err := st.core.Close(t.Context(), st.in, v.Session.ID, session.ReasonAPI)
	must(t, err)
	st.chat("ann", "after the end").want(200).is(true, "data", "newSessionStarted")
	if next := st.newest("ann"); next.Chain.ID == v.Chain.ID {
		t.Error("a session that was closed has a successor")
	}
}

func (st *stack) newest(client string) *session.View {
	st.t.Helper()
	v, err := session.NewChat(st.core).Newest(st.t.Context(), st.in, client)
	must(st.t, err)
	return v
}

// Two first requests at the same time open one session; two clients never meet.
func TestChat_Concurrent(t *testing.T) {
	st := start(t, withBot(spoken))
	const clients, each = 8, 6
	var all sync.WaitGroup
	for i := range clients * each {
		all.Go(func() {
			client, text := fmt.Sprint("c", i%clients), fmt.Sprint("text ", i)
			st.of(t).chat(client, text).want(200).is("you said "+text, "data", "answer").is(client, "clientId")
		})
	}
	all.Wait()
	found, err := st.core.Sessions(t.Context(), session.SessionFilter{Integration: st.in.ID, Limit: 100})
	must(t, err)
	if len(found) != clients {
		t.Errorf("%d sessions of %d clients", len(found), clients)
	}
}

// A repeated questionId gets its own answer again, whatever happened since.
func TestChat_Repeat(t *testing.T) {
	st := start(t, withBot(spoken))
	one := ask{path: st.token(""), key: "-", body: `{"clientId":"ann","query":"anew","questionId":"q-1"}`}
	st.chat("ann", "hello")
	first := st.do(one).want(200)
	st.chat("ann", "stop")
	st.chat("ann", "other")
	if again := st.do(one).want(200); again.text != first.text {
		t.Errorf("again %s\nfirst %s", again.text, first.text)
	}
	st.do(ask{path: st.token(""), key: "-", body: `{"clientId":"ann","query":"another","questionId":"q-1"}`}).
		want(422).is("idempotency-mismatch", "exception")
	if n := st.newest("ann").Client.InboxNumber; n != 4 {
		t.Errorf("%d messages were accepted, not 4", n)
	}
}

// While people have the conversation, an answer is empty and comes at once.
func TestChat_People(t *testing.T) {
	st := start(t, withBot(spoken))
	st.chat("ann", "people").is("you said people", "data", "answer")
	st.chat("ann", "is there anybody").want(200).is([]any{}, "data", "replies").is("", "data", "answer")
	v := st.newest("ann")
	_, err := st.core.AgentMessage(t.Context(), st.in, v.Session.ID, session.Agent{ID: "a-1"}, session.Input{
		Text: "I am", Attachments: []session.Attachment{{Type: "image", URL: "https://a.test/i.png"}},
	}, "")
	must(t, err)
	st.do(ask{method: "GET", path: st.token("/events?clientId=ann"), key: "-"}).want(200).
		is("I am", "events", 0, "data", "answer").is("https://a.test/i.png", "events", 0, "data", "replies", 1, "imageUrl")
	st.do(ask{method: "GET", path: st.token("/history?clientId=ann"), key: "-"}).want(200).
		is("user", "messages", 0, "author").is("people", "messages", 0, "query").
		is("agent", "messages", 3, "author").is("I am", "messages", 3, "replies", 0, "text")
}

// The answer to an asynchronous request and what nobody asked for come by the
// callback, signed and in order, and among the events.
func TestChat_Async(t *testing.T) {
	st := start(t, withBot(spoken), withSettings(func(s *session.Settings) { s.ChatCallbackURL = "https://a.test/chat" }))
	st.chat("ann", "hello")
	id := st.do(ask{path: st.token("/async"), key: "-", body: `{"clientId":"ann","query":"later","cid":"tab 1"}`}).want(200).str("questionId")
	st.do(ask{path: st.token("/async"), key: "-", body: `{"clientId":"ann","query":"anew","questionId":"q-2"}`}).want(200).is("q-2", "questionId")
	v := st.newest("ann")
	first := st.await(v.Chain.ID.String(), 3, session.EventMessageBot)
	st.await(v.Chain.ID.String(), first.Sequence+4, session.EventMessageBot)
	bodies := st.callbacks()
	want := []string{`"questionId":"` + id + `"`, `"questionId":"q-2"`}
	for i, w := range want {
		if i >= len(bodies) || !strings.Contains(bodies[i], w) || !strings.HasPrefix(bodies[i], "[{") {
			t.Fatalf("callbacks %v, want %v", bodies, want)
		}
	}
	if !strings.Contains(bodies[1], `"answer":"before\n\nyou said anew","newSessionStarted":true`) {
		t.Errorf("the answer of a new session: %s", bodies[1])
	}
	events := func(query string) *reply {
		return st.do(ask{method: "GET", path: st.token("/events?clientId=ann" + query), key: "-"}).want(200)
	}
	all := events("")
	all.is(id, "events", 0, "questionId").is("before", "events", 1, "data", "answer").is("you said anew", "events", 2, "data", "answer")
	events("&cid=tab+1").is(id, "events", 0, "questionId").is(nil, "events", 1)
	events("&ts="+all.str("ts")).is([]any{}, "events")
}

// callbacks settles what waits for the callback and returns it.
func (st *stack) callbacks() []string {
	st.t.Helper()
	var bodies []string
	for {
		list, err := st.store.Outbox().Claim(st.t.Context(), st.clock.Now().UnixMilli(), 1000, 10)
		must(st.t, err)
		if len(list) == 0 {
			return bodies
		}
		for _, d := range list {
			if d.Kind != session.DeliveryChat {
				st.t.Errorf("kind %s", d.Kind)
			}
			bodies = append(bodies, string(d.Body))
			must(st.t, st.store.Outbox().Settle(st.t.Context(), []session.Settlement{{ID: d.ID, Token: d.Token, Delivered: true}}))
		}
	}
}

// A timeout that fires is called back without a question.
func TestChat_Timeout(t *testing.T) {
	st := start(t, withBot(spoken), withSettings(func(s *session.Settings) { s.ChatCallbackURL = "https://a.test/chat" }))
	st.chat("ann", "later").want(200)
	chain := st.newest("ann").Chain
	st.clock.advance(time.Minute)
	st.await(chain.ID.String(), chain.Sequence, session.EventMessageBot)
	bodies := st.callbacks()
	if len(bodies) != 1 || !strings.Contains(bodies[0], `"answer":"a timeout"`) || strings.Contains(bodies[0], "questionId") {
		t.Errorf("callbacks %v", bodies)
	}
}

// The state of a client's application is a part of the context.
func TestChat_State(t *testing.T) {
	st := start(t, withBot(spoken))
	path := st.token("/state?clientId=ann")
	st.do(ask{method: "GET", path: path, key: "-"}).want(200).is(map[string]any{}, "state")
	st.do(ask{path: path, key: "-", body: `{"page":3,"cart":{"a":1}}`}).want(200).is(3, "state", "page")
	st.chat("ann", "anew")
	st.do(ask{path: path, key: "-", body: `{"cart":{"b":2}}`}).want(200).
		is(map[string]any{"page": 3, "cart": map[string]any{"a": 1, "b": 2}}, "state")
	if v, _ := st.newest("ann").Document.At("state", "page"); fmt.Sprint(v) != "3" {
		t.Errorf("the context has %v", v)
	}
}

// A turn that takes too long answers 504; the client that asks again gets it.
func TestChat_Late(t *testing.T) {
	release := make(chan struct{})
	st := start(t, withChatPatience(2*time.Second), withBot(func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		<-release
		return spoken(ctx, turn)
	}))
	slow := ask{path: st.token(""), key: "-", body: `{"clientId":"ann","query":"slow","questionId":"q-1"}`}
	st.do(slow).want(504).is("Gateway Timeout", "error").is("timeout", "exception")
	close(release)
	st.await(st.newest("ann").Chain.ID.String(), 2, session.EventMessageBot)
	st.do(slow).want(200).is("you said slow", "data", "answer")
}

func withChatPatience(d time.Duration) option { return func(s *setup) { s.chat = d } }

// Scripts see the request and not the key; nor does the log.
func TestChat_Secrets(t *testing.T) {
	var raw []byte
	st := start(t, withBot(func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		raw = bytes.Clone(turn.Raw)
		return spoken(ctx, turn)
	}))
	st.do(ask{
		path: st.token(""), key: "-", body: `{"clientId":"ann","query":"hi","own":{"a":1}}`,
		header: http.Header{"Authorization": {"Bearer s3cret"}, "Cookie": {"s3cret=1"}, "X-Shop": {"north"}},
	}).want(200)
	req := session.ChatRequestOf(raw)
	if req == nil || req.Headers["x-shop"] != "north" || !strings.Contains(string(req.Body), `"own":{"a":1}`) {
		t.Fatalf("the request is %s", raw)
	}
	st.do(ask{path: st.token("/nothing"), key: "-"}).want(404).is("not-found", "exception")
	st.do(ask{method: "PUT", path: st.token(""), key: "-"}).want(405).is("Method Not Allowed", "error")
	for where, text := range map[string]string{"message": string(raw), "log": st.log.String()} {
		if strings.Contains(text, "s3cret") || strings.Contains(text, st.key) {
			t.Errorf("the %s holds a secret: %s", where, text)
		}
	}
	if !strings.Contains(st.log.String(), "/chatapi/{token}") {
		t.Error("the log has no line of the route")
	}
}

// chatCalls lists one valid request of every operation of the Chat API.
func chatCalls(token, client string) []ask {
	base := "/chatapi/" + token
	body, query := fmt.Sprintf(`{"clientId":%q,"query":"hi"}`, client), "?clientId="+client
	return []ask{
		{path: base, body: body, key: "-"},
		{method: "GET", path: base + query + "&query=hi", key: "-"},
		{path: base + "/async", body: body, key: "-"},
		{method: "GET", path: base + "/events" + query, key: "-"},
		{method: "GET", path: base + "/history" + query, key: "-"},
		{method: "GET", path: base + "/state" + query, key: "-"},
		{path: base + "/state" + query, body: `{"a":1}`, key: "-"},
	}
}

// chatScenarios has every operation of the Chat API give every answer it
// describes, but that of a server that goes away.
func chatScenarios(st *stack, hook *hooked) {
	for i, a := range chatCalls(st.key, "s-1") {
		st.do(a).want(200)
		large := a
		large.body = strings.Repeat(" ", session.MaxBody+1)
		st.do(large).want(413).is("payload-too-large", "exception")
		st.do(chatCalls("wrong", "s-1")[i]).want(401).is("unauthorized", "exception").is("Unauthorized", "error")
		st.do(chatCalls(st.key, "")[i]).want(400).is("invalid-payload", "exception").has("clientId")
		st.do(chatCalls(st.key, strings.Repeat("x", session.MaxChatClientChars+1))[i]).want(400)
	}
	for _, body := range []string{
		`{"clientId":"s-1"}`, `{"clientId":"s-1","query":1}`, `{"clientId":"s-1","event":""}`, `{"clientId":"s-1","query":"a","data":[]}`,
		`{"clientId":"s-1","query":"a","query":"b"}`, `[]`, `{`, `{"clientId":"s-1","query":"a","questionId":"` + strings.Repeat("q", 129) + `"}`,
		`{"clientId":"s-1","query":"a","cid":"` + strings.Repeat("c", 129) + `"}`, `{"clientId":"s-1","query":"` + strings.Repeat("a", session.MaxTextChars+1) + `"}`,
	} {
		st.do(ask{path: st.token(""), key: "-", body: body}).want(400).is("invalid-payload", "exception")
	}
	st.do(ask{method: "GET", path: st.token("/events?clientId=s-1&ts=yesterday"), key: "-"}).want(400).has("ts")
	st.do(ask{method: "GET", path: st.token("/history?clientId=s-1&limit=0"), key: "-"}).want(400).has("limit")
	for i, a := range chatCalls(st.key, "s-2")[:3] {
		mark := func(query string) ask {
			b := a
			b.body = strings.Replace(a.body, `"hi"`, fmt.Sprintf(`%q,"questionId":"q-%d"`, query, i), 1)
			if a.method == http.MethodGet {
				b.path = strings.Replace(a.path, "query=hi", fmt.Sprintf("query=%s&questionId=q-%d", query, i), 1)
			}
			return b
		}
		st.do(mark("one")).want(200)
		st.do(mark("two")).want(422).is("idempotency-mismatch", "exception")
	}
	chatBound(st.t, st.seen)
	hook.set(func(string) error { return session.Unavailable("the queue is full") })
	st.do(chatCalls(st.key, "s-4")[0]).want(503)
	hook.set(func(string) error { return errors.New("the disk said something private") })
	for _, a := range chatCalls(st.key, "s-4") {
		st.do(a).want(500).lacks("private").is("internal-server-error", "exception")
	}
	hook.set(func(string) error { return nil })
}

// chatBound fills a client's inbox: nothing is answered, and then nothing taken.
func chatBound(t *testing.T, all *seen) {
	hook := &hooked{}
	st := start(t, withHook(hook), withChatPatience(2*time.Second), withSettings(func(s *session.Settings) { s.MaxPending = 2 }))
	st.seen = all
	release := make(chan struct{})
	hook.set(func(name string) error {
		if name != "chat" && name != "view" {
			<-release
		}
		return nil
	})
	calls := chatCalls(st.key, "s-3")[:3]
	for _, a := range calls[:2] {
		st.do(a).want(504).is("timeout", "exception")
	}
	for _, a := range calls {
		st.do(a).want(429).is("rate-limited", "exception")
	}
	close(release)
	hook.set(func(string) error { return nil })
}
