package program

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"parley/internal/signing"
)

// hookToken signs the calls of AI webhooks in these tests.
const hookToken = "a token of the shop"

// hookCall is one call of an AI webhook, as it came.
type hookCall struct {
	path   string
	header http.Header
	body   object
}

// hookServer is a customer's server of AI webhooks. It checks every signature.
type hookServer struct {
	t    *testing.T
	url  string
	mu   sync.Mutex
	seen []hookCall
	says map[string]string // path to the answer; a number is a status
}

func newHookServer(t *testing.T, says map[string]string) *hookServer {
	t.Helper()
	s := &hookServer{t: t, says: says}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *hookServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	call := hookCall{path: r.URL.Path, header: r.Header.Clone()}
	if err := json.Unmarshal(raw, &call.body); err != nil {
		s.t.Errorf("%s: %v: %s", r.URL.Path, err, raw)
	}
	if got := r.Header.Get("X-Moveo-Signature"); got != signing.Moveo(hookToken, raw) {
		s.t.Errorf("%s: signature %q", r.URL.Path, got)
	}
	s.mu.Lock()
	s.seen = append(s.seen, call)
	answer := s.says[r.URL.Path]
	s.mu.Unlock()
	var status int
	if _, err := fmt.Sscanf(answer, "%d", &status); err == nil {
		w.WriteHeader(status)
		return
	}
	_, _ = io.WriteString(w, answer)
}

// set changes what a path answers.
func (s *hookServer) set(path, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says[path] = answer
}

// calls are those of a path so far.
func (s *hookServer) calls(path string) []hookCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []hookCall
	for _, one := range s.seen {
		if one.path == path {
			list = append(list, one)
		}
	}
	return list
}

func (s *hookServer) hook(name, kind string, more object) object {
	h := object{"name": name, "type": kind, "url": s.url + "/" + name, "verification_token": hookToken}
	maps.Copy(h, more)
	return h
}

// Contract (h) 40: a dialog webhook gets the headers and the body of b.2, what it
// answers is usable in the next state, and its failure is answered by the fallback.
func TestAcceptance40DialogWebhook(t *testing.T) {
	t.Parallel()
	hooks := newHookServer(t, map[string]string{
		"/draw": `{"output":{"random_number":0.5,"user.email":"ada@shop.example"},"responses":[]}`, "/strict": "500",
	})
	shop := start(t).shop(object{"ai_webhooks": []object{
		hooks.hook("draw", "dialog", object{"headers": object{"X-Own": "of the shop"}}),
		hooks.hook("strict", "dialog", object{"fail_on_error": true}),
	}}, "--bot", bot(t, "lottery"))
	id := shop.open(object{"channel_user_id": "ada", "context": object{"user": object{"display_name": "Ada", "language": "en"}, "tags": []string{"vip"}, "plan": "gold"}})

	same(t, "the next state", shop.talk(id, "draw"), "You drew 0.5, ada@shop.example.")
	call := hooks.calls("/draw")[0]
	for name, want := range map[string]string{
		"Content-Type": "application/json", "X-Own": "of the shop", "X-Moveo-Session-Id": id,
		"X-Moveo-Account-Id": "default", "X-Moveo-Account-Slug": "default", "X-Parley-Attempt": "1",
	} {
		same(t, name, call.header.Get(name), want)
	}
	if call.header.Get("X-Moveo-Request-Id") == "" || call.header.Get("Idempotency-Key") == "" {
		t.Errorf("headers %v", call.header)
	}
	for path, want := range map[string]any{
		"channel": "custom", "session_id": id, "brain_id": shop.id, "verify_token": hookToken, "lang": "en",
		"input text": "draw", "context plan": "gold", "context user display_name": "Ada",
		"context sys-channel": "custom", "context sys-unknown_counter": 0.0, "context sys-user_message_counter": 1.0,
	} {
		same(t, path, at(call.body, anys(strings.Fields(path))...), want)
	}
	same(t, "tags", at(call.body, "tags", 0), any("vip"))
	same(t, "dialog_stack", at(call.body, "debug", "dialog_stack", 0), any(object{"node_id": "/Draw", "name": "Draw"}))
	for _, list := range []string{"intents", "entities"} {
		if _, ok := call.body[list].([]any); !ok {
			t.Errorf("%s is %v", list, call.body[list])
		}
	}
	same(t, "stored", at(shop.show(id), "context", "random_number"), any(0.5))
	same(t, "a later turn", shop.talk(id, "more"), "It was 0.5.")

	for _, broken := range []string{"500", "404", "302", `{"output":`, `[]`, `{"output":7}`, `{"output":{"user":"x"}}`, `{"responses":{}}`} {
		hooks.set("/draw", broken)
		before := len(hooks.calls("/draw"))
		same(t, broken, shop.talk(id, "draw"), "The machine is out of order.")
		same(t, "calls", len(hooks.calls("/draw"))-before, 1)
	}
	same(t, "kept", at(shop.show(id), "context", "random_number"), any(0.5))

	same(t, "fail_on_error", shop.talk(id, "strict"), "Something went wrong.")
	same(t, "an error turn", shop.talk(id, "asked"), "not asked")
	same(t, "unknown name", shop.talk(id, "unnamed"), "Something went wrong.")
}

func anys(words []string) []any {
	var list []any
	for _, w := range words {
		list = append(list, w)
	}
	return list
}

// Contract b.2: what a webhook responds replaces the bot's own reply.
func TestWebhookResponses(t *testing.T) {
	t.Parallel()
	hooks := newHookServer(t, map[string]string{"/draw": `{"context":{"random_number":1},"responses":[
		{"type":"text","texts":["From the machine"],"options":[{"label":"Again","text":"draw"}]},
		{"type":"image","url":"https://shop.example/a.png"},{"type":"hologram"},{"type":"tag","tags":["drawn"]}]}`})
	shop := start(t).shop(object{"ai_webhooks": []object{hooks.hook("draw", "dialog", nil)}}, "--bot", bot(t, "lottery"))
	id := shop.open(object{"context": object{"tags": []string{"vip"}}})
	same(t, "text", shop.talk(id, "draw"), "From the machine")
	list := shop.transcript(id)
	responses, _ := at(list[len(list)-1], "output", "responses").([]any)
	if len(responses) != 2 || text(responses[1], "type") != "image" || text(responses[0], "options", 0, "text") != "draw" || text(responses[0], "action_id") == "" {
		t.Errorf("responses %v", responses)
	}
	same(t, "tags", at(shop.show(id), "context", "tags"), any([]any{"vip", "drawn"}))
}

// Contract b.2: the webhooks around a message.
func TestWebhooksAroundMessages(t *testing.T) {
	t.Parallel()
	hooks := newHookServer(t, map[string]string{
		"/hello": `{"output":{"plan":"gold"}}`, "/watch": `{}`, "/polish": `{"responses":[{"type":"text","text":"polished"}]}`,
	})
	server := start(t)
	shop := server.shop(object{"ai_webhooks": []object{
		hooks.hook("hello", "first_message", nil), hooks.hook("watch", "pre_message", nil), hooks.hook("polish", "post_message", nil),
	}}, "--bot", bot(t, "lottery"))
	id := shop.open(nil)
	for _, words := range []string{"one", "two", "three"} {
		same(t, words, shop.talk(id, words), "polished")
	}
	same(t, "first", len(hooks.calls("/hello")), 1)
	same(t, "pre", len(hooks.calls("/watch")), 2)
	after := hooks.calls("/polish")
	same(t, "post", len(after), 3)
	same(t, "the bot's reply", text(after[1].body, "output", "responses", 0, "text"), "You said: two")
	same(t, "the context", text(after[1].body, "context", "plan"), "gold")
	same(t, "unknown", at(after[2].body, "context", "sys-unknown_counter"), any(2.0))
	same(t, "unknown before", at(hooks.calls("/watch")[1].body, "context", "sys-unknown_counter"), any(1.0))

	hooks.set("/watch", `{"responses":[{"type":"text","text":"closed today"},{"type":"handover"}]}`)
	same(t, "answered by the webhook", shop.talk(id, "four"), "closed today")
	same(t, "no post webhook", len(hooks.calls("/polish")), 3)
	same(t, "owner", text(server.ask("session", "show", id), "owner"), "queue")
}
