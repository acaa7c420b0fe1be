package rest

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

// The acceptance tests carry the numbers of contract (h).

const orderSession = `{"external_session_id":"order-12345","channel_user_id":"user-67890","context":{
 "user":{"display_name":"John Doe","email":"john@example.com","phone":"+15550100","language":"en"},
 "tags":["vip","new"],"global":{"client_url":"https://shop.example/cart"},"order_id":"ORD-1","account_type":"premium"}}`

// echo is a bot that repeats what the user said.
func echo(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	return say("you said " + turn.Input.Text), nil
}

func TestAcceptance01CreateCarriesWhatWasSent(t *testing.T) {
	st := start(t)
	r := st.do(ask{path: sessionsPath, body: orderSession}).want(201)
	r.is("order-12345", "context", "channels", "custom", "external_session_id")
	r.is("user-67890", "context", "user", "custom_psid")
	r.is("John Doe", "context", "user", "display_name").is("john@example.com", "context", "user", "email")
	r.is("+15550100", "context", "user", "phone").is("en", "context", "user", "language")
	r.is([]string{"vip", "new"}, "context", "tags").is("https://shop.example/cart", "context", "global", "client_url")
	r.is("ORD-1", "context", "order_id").is("premium", "context", "account_type")
	if want := `"` + r.str("session_id") + `:1"`; r.header.Get("ETag") != want {
		t.Errorf("ETag %s, want %s", r.header.Get("ETag"), want)
	}
}

func TestAcceptance01aRequestIDsDiffer(t *testing.T) {
	st := start(t)
	seen := map[string]bool{}
	for range 20 {
		for _, r := range []*reply{st.do(ask{path: sessionsPath}), st.do(ask{path: sessionsPath, key: "wrong"})} {
			seen[r.header.Get("X-Request-Id")] = true
		}
	}
	if len(seen) != 40 {
		t.Errorf("%d different ids in 40 answers", len(seen))
	}
}

func TestAcceptance02CreateWithLess(t *testing.T) {
	st := start(t)
	st.do(ask{path: sessionsPath, body: `{"channel_user_id":"u","context":{"user":{"display_name":"Jane"},"tags":["one"]}}`}).
		want(201).is([]string{"one"}, "context", "tags").is(map[string]any{}, "context", "global").lacks("phone")
}

func TestAcceptance02aCreateWithNothing(t *testing.T) {
	st := start(t)
	for _, body := range []string{"", "{}", `{"context":null,"channel_user_id":null}`} {
		r := st.do(ask{path: sessionsPath, body: body}).want(201)
		r.is([]string{}, "context", "tags").is(map[string]any{}, "context", "global").is(map[string]any{}, "context", "channels")
		if _, err := session.ParseID(r.str("context", "user", "user_id")); err != nil {
			t.Errorf("user_id is %v", r.get("context", "user", "user_id"))
		}
	}
}

func TestAcceptance02aKnownUserKeepsUserID(t *testing.T) {
	st := start(t)
	ask := ask{path: sessionsPath, body: `{"channel_user_id":"u-1"}`}
	first, second := st.do(ask).want(201), st.do(ask).want(201)
	second.is(first.get("context", "user", "user_id"), "context", "user", "user_id")
	if first.str("session_id") == second.str("session_id") {
		t.Error("a second create gave the first session")
	}
	for _, id := range []string{first.str("session_id"), second.str("session_id")} {
		st.do(ask2("GET", ours(id))).want(200).is("active", "status")
	}
}

func ask2(method, path string) ask { return ask{method: method, path: path} }

func TestAcceptance03PatchMerges(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	r := st.do(ask{method: "PATCH", path: one(id) + "/context", body: `{"user":{"email":"new@example.com"},
		"tags":["verified-user","premium"],"account_status":"verified"}`}).want(200)
	r.is("new@example.com", "context", "user", "email").is("John Doe", "context", "user", "display_name")
	r.is("+15550100", "context", "user", "phone").is("en", "context", "user", "language")
	r.is("ORD-1", "context", "order_id").is("https://shop.example/cart", "context", "global", "client_url")
	r.is("verified", "context", "account_status").is([]string{"verified-user", "premium"}, "context", "tags")
	r.is(id, "session_id").is(nil, "ignored")
	st.context(id).is(r.get("context"), "context")
}

func TestAcceptance04PatchKeepsUndeclaredFields(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	st.do(ask{method: "PATCH", path: one(id) + "/context", body: `{"user":{"verified":true}}`}).want(200).is(true, "context", "user", "verified")
	st.context(id).is(true, "context", "user", "verified").is("John Doe", "context", "user", "display_name")
}

func TestAcceptance04aEveryDocumentedFieldSurvives(t *testing.T) {
	st := start(t)
	user := map[string]any{
		"user_id": "u-9", "display_name": "Jane", "avatar": "https://x.example/a.png", "external_id": "e-1", "contact_id": "c-1",
		"email": "j@example.com", "phone": "+15550101", "language": "el", "timezone": "Europe/Athens", "gender": "female",
		"address": "1 Main St", "location": map[string]any{"city": "Athens", "country": "GR", "region": "Attica", "latitude": 37.98, "longitude": 23.72},
		"locales": []string{"el", "en"}, "browser": "Firefox", "platform": "Linux", "device": "desktop", "ip": "192.0.2.7",
	}
	global := map[string]any{"disclaimer_accepted": true, "visitor_form_completed": false, "client_url": "https://x.example", "ref": "mail", "bundle": "gold"}
	id := st.create(string(encode(map[string]any{"context": map[string]any{"user": user, "global": global}})))
	check := func(r *reply) {
		t.Helper()
		for key, value := range user {
			r.is(value, "context", "user", key)
		}
		r.is(global, "context", "global")
	}
	check(st.context(id))
	st.do(ask{method: "PATCH", path: one(id) + "/context", body: `{"user":{"location":{"city":"Patras"}}}`}).want(200)
	user["location"].(map[string]any)["city"] = "Patras"
	check(st.context(id))
}

func TestAcceptance05CloseEndsTheSession(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	st.do(ask{path: one(id) + "/close"}).want(200).is(id, "session_id")
	for _, a := range everyCall(id) {
		if r := st.do(a); r.status != 404 || (r.str("error_code") != "session-not-found" && r.str("type") != "/problems/session-not-found") {
			t.Errorf("%s %s: %d %s", a.method, a.path, r.status, r.text)
		}
	}
	st.do(ask2("GET", ours(id)+"?exact=true")).want(200).is("closed", "status").is("api", "reason").is("ORD-1", "context", "order_id").is(nil, "expires_at")
}

// everyCall lists one valid request of each route about a session.
func everyCall(id string) []ask {
	agent, hello := `"agent":{"agent_id":"a-1"}`, `"input":{"text":"hello"}`
	return []ask{
		{method: "PATCH", path: one(id) + "/context", body: `{"a":1}`},
		{path: one(id) + "/messages", body: "{" + hello + "}"},
		{path: one(id) + "/messages/agent", body: "{" + hello + "," + agent + "}"},
		{path: one(id) + "/conversation/close"},
		{path: one(id) + "/conversation/reopen"},
		{path: one(id) + "/handover"},
		{path: one(id) + "/close"},
		{method: "GET", path: ours(id)},
		{method: "GET", path: ours(id) + "/messages"},
		{method: "GET", path: ours(id) + "/events"},
		{method: "GET", path: ours(id) + "/transcript"},
		{path: ours(id) + "/claim", body: "{" + agent + "}"},
		{path: ours(id) + "/agent-messages", body: "{" + hello + "," + agent + "}"},
		{path: ours(id) + "/resolve"},
		{path: ours(id) + "/transfer", body: "{" + agent + `,"to":{"department":"sales"}}`},
		{path: ours(id) + "/return", body: "{" + agent + "}"},
		{path: ours(id) + "/snooze", body: "{" + agent + `,"until":"reply"}`},
		{path: ours(id) + "/wake", body: "{" + agent + "}"},
		{path: ours(id) + "/notes", body: "{" + agent + `,"text":"call back"}`},
	}
}

func TestAcceptance05aConcurrentClosesOneWins(t *testing.T) {
	st := start(t)
	id := st.create("")
	var group sync.WaitGroup
	statuses := make([]int, 16)
	for i := range statuses {
		group.Go(func() {
			resp, err := st.server.Client().Do(st.request(ask{path: one(id) + "/close"}))
			if err == nil {
				statuses[i] = resp.StatusCode
				_ = resp.Body.Close()
			}
		})
	}
	group.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if count[200] != 1 || count[404] != 15 {
		t.Errorf("statuses %v", count)
	}
	st.do(ask{path: one(id) + "/close"}).refused(404, "session-not-found")
}

func TestAcceptance05aBodylessCallsTakeAnything(t *testing.T) {
	st := start(t)
	for _, call := range []string{"/conversation/close", "/conversation/reopen", "/handover", "/close"} {
		for _, body := range []string{"", "{}", "not JSON", `{"a":1}`} {
			id := st.create("")
			st.do(ask{path: one(id) + call, body: body, header: http.Header{"Content-Type": {"text/plain"}}}).want(200)
			st.do(ask{path: one(st.create("")) + call, body: body + " ", chunked: true}).want(200)
		}
	}
	req := st.request(ask{path: sessionsPath})
	if _, there := req.Header["Content-Type"]; there {
		t.Fatal("the request without a body has a Content-Type")
	}
	st.do(ask{path: sessionsPath}).want(201)
}

func TestAcceptance06NextMessageOpensANewConversation(t *testing.T) {
	st := start(t, withBot(echo))
	id := st.create("")
	first := st.talk(id)
	st.do(ask{path: one(id) + "/conversation/close"}).want(200).is(id, "session_id")
	st.context(id).is("active", "status").is("closed", "conversation", "status")
	second := st.talk(id)
	if first == second || second == "" {
		t.Errorf("conversations %s and %s", first, second)
	}
	st.do(ask{path: one(id) + "/conversation/close"}).want(200)
	st.do(ask{path: one(id) + "/conversation/close"}).want(200)
	if n := st.count(id, session.EventConversationClosed); n != 2 {
		t.Errorf("%d closed events, want 2", n)
	}
}

// talk sends a message, waits for its turn and returns the conversation.
func (st *stack) talk(id string) string {
	st.t.Helper()
	last := int64(st.context(id).get("sequence").(float64))
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"hi"}}`}).want(202)
	st.await(id, last, session.EventMessageBot)
	return st.context(id).is("open", "conversation", "status").str("conversation", "conversation_id")
}

// count counts the events of a kind in a session's chain.
func (st *stack) count(id, kind string) int {
	st.t.Helper()
	r, n := st.do(ask2("GET", ours(id)+"/events?exact=true&limit=200")).want(200), 0
	for i := range r.get("events").([]any) {
		if r.str("events", i, "type") == kind {
			n++
		}
	}
	return n
}

func TestAcceptance07ReopenKeepsTheConversation(t *testing.T) {
	st := start(t, withBot(echo))
	id := st.create("")
	st.do(ask{path: one(id) + "/conversation/reopen"}).want(200) // none ever closed
	talk := st.talk(id)
	st.do(ask{path: ours(id) + "/claim", body: `{"agent":{"agent_id":"a-1","agent_name":"Ann"}}`}).want(200)
	st.do(ask{path: one(id) + "/conversation/close"}).want(200)
	st.do(ask{path: one(id) + "/conversation/reopen"}).want(200).is(id, "session_id")
	st.do(ask{path: one(id) + "/conversation/reopen"}).want(200)
	st.context(id).is(talk, "conversation", "conversation_id").is("open", "conversation", "status").
		is("agent", "conversation", "owner").is("Ann", "conversation", "agent", "agent_name")
	if n := st.count(id, session.EventConversationReopened); n != 1 {
		t.Errorf("%d reopened events, want 1", n)
	}
}

func TestAcceptance08HandoverSilencesTheBot(t *testing.T) {
	st := start(t, withBot(echo))
	id := st.create("")
	st.talk(id)
	st.do(ask{path: one(id) + "/handover"}).want(200).is(id, "session_id")
	st.do(ask{path: one(id) + "/handover"}).want(200)
	if n := st.count(id, session.EventHandover); n != 1 {
		t.Errorf("%d handover events, want 1", n)
	}
	last := int64(st.context(id).is("queue", "conversation", "owner").get("sequence").(float64))
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"anybody?"}}`}).want(202)
	st.await(id, last, session.EventMessageUser)
	r := st.do(ask2("GET", ours(id)+"/messages")).want(200).lacks("you said anybody?").has("anybody?")
	r.is("unanswered", "messages", 2, "outcome").is(nil, "messages", 3)
}

func TestAcceptance08HandoverOfNothingOpensAConversation(t *testing.T) {
	st := start(t)
	id := st.create("")
	st.do(ask{path: one(id) + "/handover"}).want(200)
	first := st.context(id).is("queue", "conversation", "owner").str("conversation", "conversation_id")
	st.do(ask{path: one(id) + "/conversation/close"}).want(200)
	st.do(ask{path: one(id) + "/handover"}).want(200)
	second := st.context(id).is("queue", "conversation", "owner").is("open", "conversation", "status").str("conversation", "conversation_id")
	if first == second {
		t.Error("a resolved conversation was handed over")
	}
}

func TestAcceptance09MessageIsAcceptedAndAnsweredLater(t *testing.T) {
	asked := make(chan string)
	st := start(t, withBot(func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
		return say("answer to " + <-asked), nil
	}))
	id := st.create("")
	r := st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"hello"}}`}).want(202).is(id, "session_id").lacks("answer", "responses")
	// The 202 came while the bot was still silent, and the message is durable.
	asked <- "hello"
	ev := st.await(id, 0, session.EventMessageBot)
	if ev.Session.String() != id {
		t.Errorf("answered in session %s", ev.Session)
	}
	page := st.do(ask2("GET", ours(id)+"/messages")).want(200)
	page.is(r.get("message_id"), "messages", 0, "message_id").is("hello", "messages", 0, "input", "text").is("answered", "messages", 0, "outcome")
	page.is("bot", "messages", 1, "author").is("answer to hello", "messages", 1, "output", "responses", 0, "text").is(nil, "messages", 2)
}

func TestAcceptance09WithoutABotTheMessageIsStored(t *testing.T) {
	st := start(t)
	id := st.create("")
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"hello"}}`}).want(202)
	st.await(id, 0, session.EventMessageBot)
	st.do(ask2("GET", ours(id)+"/messages")).want(200).is("hello", "messages", 0, "input", "text").is([]any{}, "messages", 1, "output", "responses")
}

func TestAcceptance10MessageWithAttachmentAndContext(t *testing.T) {
	turns := make(chan *session.Turn, 1)
	st := start(t, withBot(func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
		turns <- turn
		return say("nice"), nil
	}))
	id := st.create("")
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"look","attachments":[{"type":"image","mime_type":"image/png",
		"url":"https://cdn.example/a.png","filename":"a.png"}]},"context":{"current_page":"/pricing"}}`}).want(202)
	st.context(id).is("/pricing", "context", "current_page")
	turn := <-turns
	if len(turn.Input.Attachments) != 1 || turn.Input.Attachments[0].Filename != "a.png" || turn.Document["current_page"] != "/pricing" {
		t.Errorf("the bot got %+v with %v", turn.Input, turn.Document)
	}
	st.await(id, 0, session.EventMessageBot)
	st.do(ask2("GET", ours(id)+"/messages")).want(200).is("https://cdn.example/a.png", "messages", 0, "input", "attachments", 0, "url")
}

func TestAcceptance11EmptyInputIsRefused(t *testing.T) {
	st := start(t)
	id := st.create("")
	for _, body := range []string{
		`{"input":{}}`, `{}`, `{"input":null}`, `{"input":{"text":""}}`, `{"input":{"text":" \t\n"}}`, `{"input":{"attachments":[]}}`, "",
	} {
		st.do(ask{path: one(id) + "/messages", body: body}).refused(400, "invalid-payload").has("input")
	}
	st.do(ask2("GET", ours(id)+"/messages")).want(200).is([]any{}, "messages")
}

func TestAcceptance12ExternalAgentMessageIsRecorded(t *testing.T) {
	st := start(t, withBot(echo))
	id := st.create("")
	st.do(ask{path: one(id) + "/messages/agent", body: `{"input":{"text":"I am on it"},
		"agent":{"agent_id":"a-1","agent_name":"Ann","agent_avatar":"https://x.example/ann.png"}}`}).want(202).is(id, "session_id")
	page := st.do(ask2("GET", ours(id)+"/messages")).want(200)
	page.is("external_agent", "messages", 0, "author").is("I am on it", "messages", 0, "input", "text")
	page.is(map[string]string{"agent_id": "a-1", "agent_name": "Ann", "agent_avatar": "https://x.example/ann.png"}, "messages", 0, "agent")
	st.context(id).is(nil, "conversation") // no owner has changed
}

func TestAcceptance15WrongKeyOrAddress(t *testing.T) {
	st := start(t, func(s *setup) {
		s.settings.AllowedIPs = []string{"198.51.100.0/24", "203.0.113.9"}
		s.trusted = networks(t, "127.0.0.0/8", "::1")
	})
	good := ask{path: sessionsPath, from: "198.51.100.4"}
	st.do(good).want(201)
	st.do(ask{path: sessionsPath, from: "203.0.113.9"}).want(201)
	st.do(ask{path: sessionsPath, from: "203.0.113.10"}).refused(401, "unauthorized")
	st.do(ask{path: sessionsPath, from: "198.51.100.4, 203.0.113.10"}).refused(401, "unauthorized")
	st.do(ask{path: sessionsPath}).refused(401, "unauthorized") // the proxy itself is not on the list
	for _, authorization := range []string{st.key, "Bearer " + st.key, "apikey " + st.key + "x", "apikey  " + st.key, "apikey", ""} {
		wrong := good
		wrong.header = http.Header{"Authorization": {authorization}}
		st.do(wrong).refused(401, "unauthorized")
	}
	upper := good
	upper.header = http.Header{"Authorization": {"APIKEY " + st.key}}
	st.do(upper).want(201)
}

func TestAcceptance15UnknownIntegrationIsNotRevealed(t *testing.T) {
	st := start(t)
	known := st.do(ask{path: sessionsPath, key: "wrong"}).refused(401, "unauthorized")
	for _, id := range []string{"nowhere", "%00", "..%2f..", "a%20b"} {
		r := st.do(ask{path: "/v1/custom/" + id + "/sessions"}).refused(401, "unauthorized")
		if r.text != known.text {
			t.Errorf("%s is told apart: %s", id, r.text)
		}
	}
}

func TestAcceptance16ForeignSessionIsNotFound(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	_, key := st.integration("other", session.Settings{})
	for _, a := range everyCall(id) {
		a.path = foreign(a.path)
		a.key = key
		if r := st.do(a); r.status != 404 {
			t.Errorf("%s %s: %d %s", a.method, a.path, r.status, r.text)
		}
	}
	st.do(ask{path: "/v1/custom/other/sessions/" + id + "/close", key: key}).refused(404, "session-not-found")
	st.do(ask{path: one(id) + "/close", key: key}).refused(401, "unauthorized")
	st.context(id).is("active", "status").is("ORD-1", "context", "order_id").is(nil, "context", "a")
}

func TestAcceptance17BrokenJSON(t *testing.T) {
	st := start(t)
	id := st.create("")
	for _, body := range []string{`{"a":`, `{"a":1}}`, `{"a":1} x`, `[1]`, `"text"`, `null`, `{"a":1,"a":2}`, `{'a':1}`, `{"a":01}`, "{\"a\":\"\xff\"}"} {
		for _, a := range []ask{{path: sessionsPath}, {method: "PATCH", path: one(id) + "/context"}, {path: one(id) + "/messages"}, {path: one(id) + "/messages/agent"}} {
			a.body = body
			st.do(a).refused(400, "invalid-payload")
		}
	}
	st.context(id).is(1, "version")
}

func TestAcceptance18SessionTimeoutRange(t *testing.T) {
	for seconds, fits := range map[int]bool{59: false, 60: true, 1296000: true, 1296001: false} {
		set := session.Settings{SessionTimeout: session.Duration(time.Duration(seconds) * time.Second)}.WithDefaults(session.KindCustom)
		if err := set.Check(); (err == nil) != fits {
			t.Errorf("%d s: %v", seconds, err)
		}
	}
	st := start(t)
	if got := st.in.Settings.SessionTimeout.Seconds(); got != 86400 {
		t.Errorf("default %d s", got)
	}
	st.do(ask{method: "GET", path: "/v1/web/shop", key: "-"}).want(200).is(86400, "session_timeout")
	id := st.create("")
	r := st.context(id)
	if left := r.get("expires_at").(float64) - r.get("created_at").(float64); left != 86400_000 {
		t.Errorf("expires %v ms after its creation", left)
	}
}

func TestAcceptance18SessionExpires(t *testing.T) {
	st := start(t, withSettings(func(s *session.Settings) { s.SessionTimeout = session.Duration(time.Minute) }))
	id := st.create("")
	st.clock.advance(59 * time.Second)
	st.do(ask{method: "PATCH", path: one(id) + "/context", body: `{"a":1}`}).want(200) // pushes nothing
	st.context(id).is("active", "status")
	st.clock.advance(time.Second)
	st.await(id, 0, session.EventSessionClosed)
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"late"}}`}).refused(404, "session-not-found")
	st.do(ask2("GET", ours(id)+"?exact=true")).want(200).is("expired", "status").is("timeout", "reason")
}

// foreign addresses another integration.
func foreign(path string) string {
	const custom, api = "/v1/custom/shop", "/api/v1/integrations/shop"
	if len(path) > len(custom) && path[:len(custom)] == custom {
		return "/v1/custom/other" + path[len(custom):]
	}
	return fmt.Sprint("/api/v1/integrations/other", path[len(api):])
}
