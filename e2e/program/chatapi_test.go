package program

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/signing"
)

// chatClient is a client of the Chat API. It knows what the public description
// says and nothing of Parley: a base URL with a token, and its own id.
type chatClient struct {
	t    *testing.T
	base string // https://host/chatapi/{token}
	id   string
}

// chatReply has the fields of every type of reply that clients show.
type chatReply struct {
	Type     string
	Text     string
	State    string
	ImageURL string `json:"imageUrl"`
	Buttons  []struct{ Text string }
}

// chatAnswer is an answer, or an element of the array that the webhook gets.
type chatAnswer struct {
	ClientID   string
	QuestionID string
	Timestamp  string
	Data       struct {
		NLPClass          string
		Answer            string
		Replies           []chatReply
		NewSessionStarted bool
		EndSession        bool
	}
	// Of a refusal.
	Error, Exception, Message string
}

// post sends a request and reads the answer.
func (c chatClient) post(path string, request object) chatAnswer {
	c.t.Helper()
	request["clientId"] = c.id
	raw, err := json.Marshal(request)
	must(c.t, err)
	req, err := http.NewRequest(http.MethodPost, c.base+path, bytes.NewReader(raw))
	must(c.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Device", "kiosk")
	return c.read(caller().Do(req))
}

func (c chatClient) read(res *http.Response, err error) chatAnswer {
	c.t.Helper()
	must(c.t, err)
	defer res.Body.Close()
	var a chatAnswer
	must(c.t, json.NewDecoder(res.Body).Decode(&a))
	if res.StatusCode != http.StatusOK {
		c.t.Fatalf("%d %s: %s: %s", res.StatusCode, a.Error, a.Exception, a.Message)
	}
	return a
}

func (c chatClient) say(query string) chatAnswer { return c.post("", object{"query": query}) }

// said is what an answer looks like to a person.
func (a chatAnswer) said() string { return a.Data.Answer }

// press sends the text of a button, as clients do.
func (c chatClient) press(a chatAnswer, n int) chatAnswer {
	c.t.Helper()
	for _, reply := range a.Data.Replies {
		if reply.Type == "buttons" && n < len(reply.Buttons) {
			return c.say(reply.Buttons[n].Text)
		}
	}
	c.t.Fatalf("no button %d in %+v", n, a.Data.Replies)
	return chatAnswer{}
}

// chatReceiver is the webhook of such a client.
type chatReceiver struct {
	t      *testing.T
	url    string
	mu     sync.Mutex
	failed int // requests refused so far, to be sent again
	got    []chatAnswer
}

func newChatReceiver(t *testing.T) *chatReceiver {
	t.Helper()
	r := &chatReceiver{t: t}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

func (r *chatReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed < 2 {
		r.failed++
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if req.Header.Get(signing.HeaderMoveo) != signing.Moveo(secret, raw) {
		r.t.Errorf("a callback is not signed: %v", req.Header)
	}
	var list []chatAnswer
	if err := json.Unmarshal(raw, &list); err != nil {
		r.t.Errorf("a callback is no array: %v: %s", err, raw)
	}
	r.got = append(r.got, list...)
}

// want waits for the nth answer, from 1.
func (r *chatReceiver) want(n int) chatAnswer {
	r.t.Helper()
	var a chatAnswer
	eventually(r.t, fmt.Sprint("callback number ", n), func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.got) >= n {
			a = r.got[n-1]
		}
		return len(r.got) >= n
	})
	return a
}

func (p *shop) chatClient(id string) chatClient {
	return chatClient{p.t, p.base + "/chatapi/" + p.key, id}
}

func (s *server) chatShop(settings object) *shop {
	s.t.Helper()
	return s.shop(settings, "--bot", bot(s.t, "chatapi"))
}

// A client of the Chat API holds a conversation (script-api 6.1).
func TestChatAPI(t *testing.T) {
	t.Parallel()
	s := start(t)
	shop := s.chatShop(nil)
	ann := shop.chatClient("ann")

	menu := ann.say("/start")
	same(t, "answer", menu.said(), "Welcome.\n\nWhat would you like?")
	same(t, "state", menu.Data.NLPClass, "/Start")
	same(t, "first", menu.Data.NewSessionStarted, true)
	var types []string
	for _, reply := range menu.Data.Replies {
		types = append(types, reply.Type)
	}
	same(t, "types", types, "[text text buttons image]")
	same(t, "image", menu.Data.Replies[3].ImageURL, "https://shop.example/menu.png")
	same(t, "button", ann.press(menu, 1).said(), "One pasta.")
	same(t, "event", ann.post("", object{"event": "paid", "data": object{"amount": 12}}).said(), "12 paid for pasta.")

	anew := ann.say("anew")
	same(t, "newSession", anew.said(), "Goodbye.\n\nnothing")
	same(t, "newSession started one", anew.Data.NewSessionStarted, true)
	same(t, "stop", ann.say("stop").Data.EndSession, true)
	same(t, "after stop", ann.say("hi").Data.NewSessionStarted, true)

	first := ann.post("", object{"query": "one", "questionId": "q-1"})
	same(t, "repeated", ann.post("", object{"query": "one", "questionId": "q-1"}), first)
	byQuery := ann.read(caller().Get(ann.base + "?" + url.Values{"clientId": {"ann"}, "query": {"what did i order"}}.Encode()))
	same(t, "GET", byQuery.said(), "nothing")
	same(t, "other path", chatClient{t, strings.Replace(ann.base, "/chatapi", "/chatadapter/chatapi", 1), "ann"}.say("hi").said(), "You said: hi")

	if log := s.log.String(); strings.Contains(log, shop.key) {
		t.Error("the log holds the key")
	}
}

// What a script sees of a request: script-api 6.1, "Inside the bot".
func TestChatAPIInsideTheBot(t *testing.T) {
	t.Parallel()
	shop := start(t).chatShop(nil)
	a := shop.chatClient("ann").post("", object{"query": "request", "questionId": "q-7", "own": true, "data": object{"city": "Oslo"}})
	var seen any
	must(t, json.Unmarshal([]byte(a.said()), &seen))
	same(t, "channelType", at(seen, "channelType"), "chatapi")
	same(t, "channelUserId", at(seen, "channelUserId"), "chatapi-"+shop.id+"-ann")
	same(t, "userFrom", at(seen, "userFrom"), object{"id": "ann", "firstName": "ann"})
	same(t, "questionId", at(seen, "questionId"), "q-7")
	same(t, "data", at(seen, "data", "city"), "Oslo")
	same(t, "livechatStatus", at(seen, "livechatStatus"), object{"enabled": false})
	same(t, "header", at(seen, "data", "requestHeaders", "x-device"), "kiosk")
	raw := object{"clientId": "ann", "userId": "chatapi-" + shop.id + "-ann", "questionId": "q-7", "query": "request", "own": true, "token": nil}
	for field, want := range raw {
		same(t, "rawRequest."+field, at(seen, "rawRequest", field), want)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000", text(seen, "rawRequest", "timestamp")); err != nil {
		t.Error(err)
	}
}

// Answers that nobody waits for come to the webhook, signed, in order, and again
// until it takes them.
func TestChatAPICallback(t *testing.T) {
	t.Parallel()
	receiver := newChatReceiver(t)
	s := start(t)
	shop := s.chatShop(object{"chat_callback_url": receiver.url, "webhook_secret": secret})
	ann := shop.chatClient("ann")
	ann.say("hello")
	var asked []string
	for _, query := range []string{"one", "two", "later"} {
		asked = append(asked, ann.post("/async", object{"query": query}).QuestionID)
	}
	for i, want := range []string{"You said: one", "You said: two", "I will ask again."} {
		got := receiver.want(i + 1)
		same(t, "answer", got.said(), want)
		same(t, "question", got.QuestionID, asked[i])
		same(t, "client", got.ClientID, "ann")
	}
	s.move(61 * time.Second)
	late := receiver.want(4)
	same(t, "timeout", late.said(), "Are you still there?")
	same(t, "nobody asked", late.QuestionID, "")

	list, _ := at(shop.call(200, "GET", shop.listed(), nil).body, "sessions").([]any)
	id := text(list, 0, "session_id")
	shop.call(201, "POST", shop.ours(id, "/agent-messages"), object{"agent": object{"agent_id": "bob"}, "input": object{"text": "Hello from Bob"}})
	same(t, "agent", receiver.want(5).said(), "Hello from Bob")
	same(t, "people answer", ann.say("thanks").Data.Replies, []chatReply{})
}

// listed lists the sessions of the integration, newest first.
func (p *shop) listed() string { return "/api/v1/integrations/" + p.id + "/sessions" }

// Two clients at once never meet, and two first messages of one open one session.
func TestChatAPITwoClients(t *testing.T) {
	t.Parallel()
	shop := start(t).chatShop(nil)
	var all sync.WaitGroup
	for i, dish := range []string{"Pizza", "Pasta"} {
		all.Go(func() {
			c := shop.chatClient(fmt.Sprint("c", i))
			var first sync.WaitGroup
			for range 2 {
				first.Go(func() { c.say("hi") })
			}
			first.Wait()
			for range 5 {
				c.say("/start")
				c.say(dish)
				same(t, dish, c.say("what did i order").said(), strings.ToLower(dish))
			}
		})
	}
	all.Wait()
	list, _ := at(shop.call(200, "GET", shop.listed(), nil).body, "sessions").([]any)
	same(t, "sessions", len(list), 2)
}
