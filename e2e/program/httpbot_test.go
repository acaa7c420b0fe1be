package program

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/signing"
)

// botSecret signs both ways.
const botSecret = "whsec_bW92ZW8tc2VjcmV0LWtleS0yNA=="

// endpoint is a customer's bot. It checks every request's signature.
type endpoint struct {
	t      *testing.T
	url    string
	server *httptest.Server

	mu      sync.Mutex
	seen    []hookCall
	answers func(w http.ResponseWriter, r *http.Request, asked object, sign func(answer string) string)
}

func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{t: t}
	e.server = httptest.NewServer(e)
	e.url = e.server.URL + "/bot"
	t.Cleanup(e.server.Close)
	e.says(`{"responses":[{"type":"text","text":"hello from afar"}]}`)
	return e
}

// says answers every request with a signed text.
func (e *endpoint) says(answer string) {
	e.does(func(w http.ResponseWriter, _ *http.Request, _ object, sign func(string) string) {
		w.Header().Set("webhook-signature", sign(answer))
		_, _ = io.WriteString(w, answer)
	})
}

func (e *endpoint) does(f func(w http.ResponseWriter, r *http.Request, asked object, sign func(string) string)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answers = f
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	call := hookCall{path: string(raw), header: r.Header.Clone()}
	if err := json.Unmarshal(raw, &call.body); err != nil {
		e.t.Errorf("%v: %s", err, raw)
	}
	seconds, err := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
	id, at := r.Header.Get("webhook-id"), time.Unix(seconds, 0)
	if err != nil || !signing.Verify(botSecret, id, at, raw, r.Header.Get("webhook-signature")) {
		e.t.Errorf("request %s is not signed: %v", raw, r.Header)
	}
	e.mu.Lock()
	e.seen = append(e.seen, call)
	answers := e.answers
	e.mu.Unlock()
	answers(w, r, call.body, func(answer string) string { return signing.Standard(botSecret, "answer."+id, at, []byte(answer)) })
}

func (e *endpoint) calls() []hookCall {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seen
}

func (e *endpoint) settings(more object) object {
	set := object{"bot_url": e.url, "bot_secret": botSecret, "bot_fallback": "The bot is away."}
	maps.Copy(set, more)
	return set
}

// A bot that is an HTTP endpoint: what goes in and what comes out.
func TestHTTPBotAnswers(t *testing.T) {
	t.Parallel()
	bot := newEndpoint(t)
	server := start(t)
	shop := server.shop(bot.settings(nil))
	id := shop.open(object{"external_session_id": "order-1", "channel_user_id": "ada", "context": object{"plan": "gold"}})
	same(t, "answer", shop.talk(id, "hello"), "hello from afar")
	call := bot.calls()[0]
	for name, want := range map[string]string{
		"Content-Type": "application/json", "X-Parley-Attempt": "1", "webhook-id": text(call.body, "request_id"),
		"Idempotency-Key": text(call.body, "request_id") + "-1",
	} {
		same(t, name, call.header.Get(name), want)
	}
	for name, want := range map[string]any{"type": "message", "attempt": 1.0, "channel": "custom", "integration_id": shop.id} {
		same(t, name, call.body[name], want)
	}
	same(t, "text", text(call.body, "input", "text"), "hello")
	same(t, "context", text(call.body, "context", "plan"), "gold")
	for name, want := range map[string]any{
		"session_id": id, "external_session_id": "order-1", "channel_user_id": "ada", "first": true, "user_messages": 1.0,
	} {
		same(t, name, at(call.body, "session", name), want)
	}
	if expires, _ := at(call.body, "session", "expires_at").(float64); int64(expires) <= time.Now().UnixMilli() {
		t.Errorf("expires_at %v", expires)
	}

	bot.says(`{"context":{"plan":"silver"},"responses":[{"type":"image","url":"https://shop.example/a.png"}]}`)
	shop.talk(id, "downgrade")
	same(t, "merged", at(shop.show(id), "context", "plan"), "silver")

	bot.says(`{"responses":[{"type":"text","text":"a person comes"}],"handover":{"department":"sales"}}`)
	same(t, "handed over", shop.talk(id, "person"), "a person comes")
	same(t, "owner", text(server.ask("session", "show", id), "owner"), "queue")

	other := shop.open(nil)
	bot.says(`{"responses":[{"type":"text","text":"bye"}],"end_session":true,"session_result":"sold"}`)
	shop.talk(other, "buy")
	same(t, "ended", text(server.ask("session", "show", other), "status"), "closed")
}

// A bot that does not answer as it must: the user is told, the turn is an error
// turn, and the next one is served normally.
func TestHTTPBotFails(t *testing.T) {
	t.Parallel()
	const fine = `{"responses":[{"type":"text","text":"not to be said"}]}`
	type answering = func(w http.ResponseWriter, r *http.Request, asked object, sign func(string) string)
	signed := func(answer string) answering {
		return func(w http.ResponseWriter, _ *http.Request, _ object, sign func(string) string) {
			w.Header().Set("webhook-signature", sign(answer))
			_, _ = io.WriteString(w, answer)
		}
	}
	tests := []struct {
		name, why string
		answers   answering
	}{
		{"no signature", "unreachable", func(w http.ResponseWriter, _ *http.Request, _ object, _ func(string) string) {
			_, _ = io.WriteString(w, fine)
		}},
		{"signature of another body", "unreachable", func(w http.ResponseWriter, _ *http.Request, _ object, sign func(string) string) {
			w.Header().Set("webhook-signature", sign(fine+" "))
			_, _ = io.WriteString(w, fine)
		}},
		{"the request as its answer", "unreachable", func(w http.ResponseWriter, r *http.Request, asked object, _ func(string) string) {
			raw, _ := json.Marshal(asked)
			w.Header().Set("webhook-signature", r.Header.Get("webhook-signature"))
			_, _ = w.Write(raw)
		}},
		{"gateway", "unreachable", func(w http.ResponseWriter, _ *http.Request, _ object, _ func(string) string) {
			w.WriteHeader(http.StatusBadGateway)
		}},
		{"redirect", "unreachable", func(w http.ResponseWriter, r *http.Request, _ object, _ func(string) string) {
			http.Redirect(w, r, "/other", http.StatusFound)
		}},
		{"too long", "unreachable", func(w http.ResponseWriter, _ *http.Request, _ object, _ func(string) string) {
			_, _ = w.Write(make([]byte, 1<<20+1))
		}},
		{"crash", "answer", func(w http.ResponseWriter, _ *http.Request, _ object, _ func(string) string) {
			w.WriteHeader(http.StatusInternalServerError)
		}},
		{"no JSON", "answer", signed(`hello`)},
		{"unknown field", "answer", signed(`{"reponses":[]}`)},
		{"wrong type", "answer", signed(`{"end_session":"yes"}`)},
		{"context that does not fit", "answer", signed(`{"context":{"user":1}}`)},
	}
	bot, server := newEndpoint(t), start(t)
	shop := server.shop(bot.settings(nil))
	id := shop.open(nil)
	for _, test := range tests {
		bot.does(test.answers)
		bot.fails(shop, id, test.name, test.why)
	}
	bot.does(func(_ http.ResponseWriter, r *http.Request, _ object, _ func(string) string) { <-r.Context().Done() })
	hasty := server.shop(bot.settings(object{"bot_timeout_seconds": 3}))
	bot.fails(hasty, hasty.open(nil), "slow", "unreachable")
	bot.says(`{"responses":[{"type":"text","text":"back again"}]}`)
	same(t, "the next turn", shop.talk(id, "hello"), "back again")
}

// fails says something to a bot that does not answer as it must: it is asked once,
// the user is told, and the turn says why.
func (e *endpoint) fails(shop *shop, id, words, why string) {
	e.t.Helper()
	before := len(e.calls())
	same(e.t, words, shop.talk(id, words), "The bot is away.")
	same(e.t, words+": calls", len(e.calls())-before, 1)
	list := shop.transcript(id)
	asked := list[len(list)-2]
	same(e.t, words+": outcome", text(asked, "outcome"), "failed")
	if got := text(asked, "outcome_reason"); !strings.HasPrefix(got, why) {
		e.t.Errorf("%s: %q, want %s", words, got, why)
	}
}

// Guarantees, rows 9 and 10: one failed turn does not escalate; a bot that cannot
// be reached does, where there is a desk.
func TestHTTPBotEscalates(t *testing.T) {
	t.Parallel()
	hook, bot := newReceiver(t), newEndpoint(t)
	server := start(t)
	shop := server.shop(bot.settings(hook.settings(object{"desk": true, "subscribed_events": []string{"conversation:handover"}})))
	id := shop.open(nil)
	bot.does(func(w http.ResponseWriter, _ *http.Request, _ object, _ func(string) string) {
		w.WriteHeader(http.StatusInternalServerError)
	})
	same(t, "a failed turn", shop.talk(id, "one"), "The bot is away.")
	same(t, "owner", text(server.ask("session", "show", id), "owner"), "bot")
	bot.server.Close()
	same(t, "a dead bot", shop.talk(id, "two"), "The bot is away.")
	same(t, "owner", text(server.ask("session", "show", id), "owner"), "queue")
	same(t, "reason", text(hook.want("conversation:handover", 1).body, "reason"), "bot_failed")
}

// Settings that could never work are refused, and secrets are not shown.
func TestBotSettings(t *testing.T) {
	t.Parallel()
	server := start(t)
	shop := server.shop(object{
		"bot_url": "http://127.0.0.1:1/bot", "bot_secret": botSecret,
		"ai_webhooks": []object{{"name": "a", "type": "dialog", "url": "http://127.0.0.1:1", "verification_token": hookToken, "headers": object{"X-Key": hookToken}}},
	})
	shown, err := json.Marshal(server.ask("integration", "show", shop.id))
	must(t, err)
	for _, hidden := range []string{botSecret, hookToken} {
		if strings.Contains(string(shown), hidden) {
			t.Errorf("%s is shown: %s", hidden, shown)
		}
	}
	for settings, want := range map[string]string{
		`{"ai_webhooks":[{"name":"a","type":"dialog","url":"http://169.254.169.254/x"}]}`: "ai_webhooks[0].url: 169.254.169.254 is a link-local",
		`{"ai_webhooks":[{"name":"a","type":"dialog","url":"shop.example"}]}`:             "ai_webhooks[0].url",
		`{"ai_webhooks":[{"name":"a","type":"sometimes","url":"https://shop.example"}]}`:  "ai_webhooks[0].type",
		`{"ai_webhooks":[{"name":"a","secret":"x"}]}`:                                     `unknown field "secret"`,
		`{"bot_url":"ftp://shop.example"}`:                                                "bot_url: must use https",
		`{"bot_secret":"whsec_*"}`:                                                        "bot_secret: after whsec_",
	} {
		r := parley(t, "integration", "set", shop.id, "--data", server.dir, "--settings", settings)
		if r.code == 0 || !strings.Contains(r.err, want) {
			t.Errorf("%s: exit code %d, %s", settings, r.code, r.err)
		}
	}
}

// guarantees 2, row 12: a bot that gets the dialog back is told what people said.
func TestGuarantee12_HTTPBotIsToldOfTheHumanPart(t *testing.T) {
	t.Parallel()
	bot := newEndpoint(t)
	server := start(t)
	shop := server.shop(bot.settings(nil))
	id := shop.open(nil)
	shop.talk(id, "hello")
	ann := object{"agent_id": "ann", "agent_name": "Ann"}
	shop.call(200, "POST", shop.ours(id, "/claim"), object{"agent": ann})
	shop.call(201, "POST", shop.ours(id, "/agent-messages"), object{"agent": ann, "input": object{"text": "It is on its way."}})
	shop.call(201, "POST", shop.ours(id, "/notes"), object{"agent": ann, "text": "a difficult one"})
	shop.call(200, "POST", shop.ours(id, "/return"), object{"agent": ann, "state": "/Paid"})
	eventually(t, "the bot hears of the return", func() bool { return len(bot.calls()) == 2 })
	first, last := bot.calls()[0].body, bot.calls()[1].body
	same(t, "event", text(last, "input", "event", "name"), "livechatFinished")
	same(t, "state", text(last, "human_part", "state"), "/Paid")
	same(t, "author", text(last, "human_part", "messages", 0, "author"), "agent")
	same(t, "agent", text(last, "human_part", "messages", 0, "agent", "agent_name"), "Ann")
	same(t, "words", text(last, "human_part", "messages", 0, "input", "text"), "It is on its way.")
	messages, _ := at(last, "human_part", "messages").([]any)
	if len(messages) != 1 || at(first, "human_part") != nil {
		t.Errorf("messages %v, before: %v", messages, at(first, "human_part"))
	}
}
