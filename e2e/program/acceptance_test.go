package program

import (
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The numbers in the names are those of the acceptance tests of contract (h).

func TestAcceptance05CloseIsToldByWebhook(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(nil))
	id := shop.open(nil)
	shop.call(200, "POST", shop.at(id, "/close"), nil)
	closed := hook.want("session:closed", 1)
	same(t, "session", closed.body["session_id"], id)
	same(t, "reason", closed.body["reason"], "api")
	for _, call := range [][2]string{
		{"POST", "/close"}, {"PATCH", "/context"}, {"POST", "/messages"}, {"POST", "/messages/agent"},
		{"POST", "/conversation/close"}, {"POST", "/conversation/reopen"}, {"POST", "/handover"},
	} {
		a := shop.call(404, call[0], shop.at(id, call[1]), object{})
		same(t, call[1], text(a.body, "error_code"), "session-not-found")
	}
	if n := len(hook.all()); n != 1 {
		t.Errorf("%d webhooks: %v", n, hook.kinds())
	}
}

func TestAcceptance06And07ConversationsAreToldByWebhook(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(nil))
	id := shop.open(nil)
	shop.talk(id, "hello")
	first := text(shop.show(id), "conversation", "conversation_id")

	shop.call(200, "POST", shop.at(id, "/conversation/close"), nil)
	shop.call(200, "POST", shop.at(id, "/conversation/close"), nil)
	closed := hook.want("conversation:closed", 1)
	same(t, "status", closed.body["status"], "closed")
	same(t, "keep_alive", closed.body["keep_alive"], 0)
	if _, ok := closed.body["agent_id"]; ok {
		t.Error("no human closed it")
	}

	shop.call(200, "POST", shop.at(id, "/conversation/reopen"), nil)
	same(t, "status", hook.want("conversation:reopened", 1).body["status"], "open")
	same(t, "conversation", text(shop.show(id), "conversation", "conversation_id"), first)

	shop.call(200, "POST", shop.at(id, "/conversation/close"), nil)
	same(t, "the session stays", shop.talk(id, "again"), "You said: again")
	if second := text(shop.show(id), "conversation", "conversation_id"); second == first || second == "" {
		t.Errorf("conversations %q and %q", first, second)
	}
	hook.want("message:brain_send", 2)
	same(t, "webhooks", hook.kinds(), []string{
		"message:brain_send", "conversation:closed", "conversation:reopened", "conversation:closed", "message:brain_send",
	})
}

func TestAcceptance08HandoverSilencesTheBot(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(object{"subscribed_events": []string{
		"message:brain_send", "message:received", "conversation:handover", "session:closed",
	}}))
	id := shop.open(nil)
	shop.talk(id, "hello")
	shop.call(200, "POST", shop.at(id, "/handover"), nil)
	shop.call(200, "POST", shop.at(id, "/handover"), nil)
	shop.say(id, "is anybody there?")
	eventually(t, "the message in the transcript", func() bool { return len(shop.transcript(id)) == 3 })
	same(t, "outcome", text(shop.transcript(id)[2], "outcome"), "unanswered")
	shop.call(200, "POST", shop.at(id, "/close"), nil)
	hook.want("session:closed", 1)
	same(t, "webhooks", hook.kinds(), []string{
		"message:received", "message:brain_send", "conversation:handover", "message:received", "session:closed",
	})
}

func TestAcceptance09AnswerComesAsWebhook(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(nil))
	id := shop.open(nil)
	a := shop.say(id, "hello")
	same(t, "session", a.id(), id)
	if text(a.body, "request_id") == "" || strings.Contains(a.text, "responses") {
		t.Errorf("answer %s", a.text)
	}
	said := hook.want("message:brain_send", 1)
	same(t, "session", said.body["session_id"], id)
	same(t, "text", text(said.body, "output", "responses", 0, "text"), "You said: hello")
}

func TestAcceptance10AttachmentAndContext(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(object{"subscribed_events": []string{"message:received", "message:brain_send"}}))
	id := shop.open(nil)
	shop.call(202, "POST", shop.at(id, "/messages"), object{
		"input": object{
			"text":        "look at this",
			"attachments": []object{{"type": "image", "mime_type": "image/png", "url": "https://cdn.example/a.png", "filename": "a.png"}},
		},
		"context": object{"current_page": "/checkout"},
	})
	got := hook.want("message:received", 1)
	same(t, "current_page", text(got.body, "context", "current_page"), "/checkout")
	same(t, "attachment", text(got.body, "input", "attachments", 0, "url"), "https://cdn.example/a.png")
	same(t, "current_page", text(hook.want("message:brain_send", 1).body, "context", "current_page"), "/checkout")
	same(t, "stored", text(shop.show(id), "context", "current_page"), "/checkout")
}

func TestAcceptance12ExternalAgentIsNotEchoed(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(nil))
	id := shop.open(nil)
	shop.call(202, "POST", shop.at(id, "/messages/agent"), object{
		"input": object{"text": "Ann here"}, "agent": object{"agent_id": "ann", "agent_name": "Ann", "agent_avatar": "https://desk.example/ann.png"},
	})
	m := shop.transcript(id)[0]
	same(t, "author", text(m, "author"), "external_agent")
	same(t, "name", text(m, "agent", "agent_name"), "Ann")
	same(t, "text", text(m, "input", "text"), "Ann here")
	same(t, "the bot still answers", shop.talk(id, "hello"), "You said: hello")
	shop.call(200, "POST", shop.at(id, "/close"), nil)
	hook.want("session:closed", 1)
	same(t, "webhooks", hook.kinds(), []string{"message:brain_send", "session:closed"})
}

func TestAcceptance16ForeignSessionIsNotFound(t *testing.T) {
	t.Parallel()
	s := start(t)
	a, b := s.scripted(nil), s.scripted(nil)
	id := a.open(nil)
	for _, call := range [][2]string{{"PATCH", "/context"}, {"POST", "/messages"}, {"POST", "/close"}, {"POST", "/handover"}} {
		same(t, call[1], text(b.call(404, call[0], b.at(id, call[1]), object{}).body, "error_code"), "session-not-found")
	}
	stolen := *b
	stolen.key = a.key
	same(t, "a's key on b", text(stolen.call(401, "POST", stolen.at(id, "/close"), nil).body, "error_code"), "unauthorized")
	a.call(200, "POST", a.at(id, "/close"), nil)
}

func TestAcceptance19WholeFlow(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(nil))
	before := time.Now().UnixMilli()
	id := shop.open(object{"external_session_id": "chat-session-001"})
	shop.say(id, "menu")
	said := hook.want("message:brain_send", 1).body
	same(t, "session_id", said["session_id"], id)
	same(t, "external_session_id", said["external_session_id"], "chat-session-001")
	same(t, "integration_id", said["integration_id"], shop.id)
	at0 := at(said, "timestamp").(float64)
	if at0 != float64(int64(at0)) || int64(at0) < before || int64(at0) > time.Now().UnixMilli() {
		t.Errorf("timestamp %v", said["timestamp"])
	}
	same(t, "type", text(said, "output", "responses", 0, "type"), "text")
	options, _ := at(said, "output", "responses", 0, "options").([]any)
	if len(options) != 3 {
		t.Fatalf("options %v, want three", options)
	}
	for _, o := range options {
		if text(o, "label") == "" || text(o, "text") == "" {
			t.Errorf("option %v", o)
		}
	}
	// The receiver sends an option's text back as the user's message.
	same(t, "the first option", shop.talk(id, text(options[0], "text")), "It is on its way.")
}

// The signature is computed by what receivers use.
func TestAcceptance20Signature(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(nil))
	shop.say(shop.open(object{"context": object{"city": "Αθήνα"}}), "caffè & <tea>")
	got := hook.want("message:brain_send", 1)
	signature := got.header.Get("X-Moveo-Signature")
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(signature) {
		t.Errorf("signature %q", signature)
	}
	for program, line := range map[string]string{
		"node":    `const c=require('crypto');let b='';process.stdin.on('data',d=>b+=d).on('end',()=>console.log(c.createHmac('sha256',process.argv[1]).update(b).digest('hex')))`,
		"python3": `import hmac,hashlib,sys;print(hmac.new(sys.argv[1].encode(),sys.stdin.buffer.read(),hashlib.sha256).hexdigest())`,
	} {
		path, err := exec.LookPath(program)
		if err != nil && program != "node" {
			continue // node is a tool of these tests; python3 is where it is
		}
		cmd := exec.Command(path, map[string]string{"node": "-e", "python3": "-c"}[program], line, secret)
		cmd.Stdin = strings.NewReader(got.raw)
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != signature {
			t.Errorf("%s: %s %v, the header says %s", program, out, err, signature)
		}
	}
}

func TestAcceptance20NoSecretNoSignature(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	hook.unsign = true
	shop := start(t).scripted(object{"webhook_url": hook.url})
	shop.say(shop.open(nil), "hello")
	for _, name := range []string{"X-Moveo-Signature", "Webhook-Signature"} {
		if v := hook.want("message:brain_send", 1).header.Values(name); len(v) > 0 {
			t.Errorf("%s %v without a secret", name, v)
		}
	}
}

func TestAcceptance21SixthAttemptDelivers(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	hook.statuses(500, 500, 500, 500, 500)
	s := start(t)
	shop := s.scripted(hook.settings(nil))
	shop.say(shop.open(nil), "hello")
	hook.want("message:brain_send", 6)
	hits := hook.all()
	gaps := []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 2 * time.Second}
	for i, h := range hits[1:] {
		if h.raw != hits[0].raw || h.header.Get("webhook-id") != hits[0].header.Get("webhook-id") {
			t.Errorf("attempt %d is another body: %s", i+2, h.raw)
		}
		if gap := h.at.Sub(hits[i].at); gap < gaps[i]*9/10-5*time.Millisecond {
			t.Errorf("attempt %d came after %s, want %s or 10%% less", i+2, gap, gaps[i])
		}
	}
	shop.say(text(hits[0].body, "session_id"), "next")
	hook.want("message:brain_send", 7)
	same(t, "dead letters", s.ask("webhook", "list"), []any{})
}

func TestAcceptance21RefusalIsFinal(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	hook.statuses(400)
	s := start(t)
	shop := s.scripted(hook.settings(nil))
	id := shop.open(nil)
	shop.say(id, "first")
	refused := hook.want("message:brain_send", 1)
	shop.say(id, "second")
	hook.want("message:brain_send", 2)
	s.move(time.Hour)
	shop.say(id, "third")
	hook.want("message:brain_send", 3)
	same(t, "attempts of the refused", count(hook.all(), refused.raw), 1)
	list, _ := s.ask("webhook", "list").([]any)
	if len(list) != 1 || text(list[0], "request_id") != text(refused.body, "request_id") || at(list[0], "attempts") != 1.0 {
		t.Errorf("dead letters %v", list)
	}
}

func count(hits []hit, raw string) int {
	n := 0
	for _, h := range hits {
		if h.raw == raw {
			n++
		}
	}
	return n
}

// A receiver that hangs and then breaks off is tried again. The whole 30 s of
// a silent one take real time: `make e2e`.
func TestAcceptance21BrokenOffIsTriedAgain(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	hook.answers(func(w http.ResponseWriter, r *http.Request, _ hit, n int) {
		if n > 0 {
			return
		}
		select {
		case <-r.Context().Done():
		case <-time.After(300 * time.Millisecond):
		}
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	shop := start(t).scripted(hook.settings(nil))
	shop.say(shop.open(nil), "hello")
	second := hook.want("message:brain_send", 2)
	same(t, "attempts with the same bytes", count(hook.all(), second.raw), 2)
}

func TestAcceptance22OnlySubscribedEvents(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(object{"subscribed_events": []string{"message:brain_send", "message:send"}}))
	id := shop.open(nil)
	shop.talk(id, "hello")
	shop.call(200, "POST", shop.at(id, "/conversation/close"), nil)
	shop.call(200, "POST", shop.at(id, "/conversation/reopen"), nil)
	shop.call(201, "POST", shop.ours(id, "/agent-messages"), object{"agent": object{"agent_id": "ann"}, "input": object{"text": "I am here"}})
	shop.call(200, "POST", shop.at(id, "/close"), nil)
	last := shop.open(nil)
	shop.say(last, "the last")
	hook.want("message:brain_send", 2)
	hook.want("message:send", 1)
	same(t, "webhooks", slices.Sorted(slices.Values(hook.kinds())), []string{"message:brain_send", "message:brain_send", "message:send"})
}

func TestAcceptance23Expiry(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	s := start(t)
	shop := s.scripted(hook.settings(object{"session_timeout": 3600}))
	id := shop.open(object{"external_session_id": "short"})
	s.move(58 * time.Minute)                                                   // 2 minutes are left for a machine that does much else
	shop.call(200, "PATCH", shop.at(id, "/context"), object{"still": "there"}) // pushes nothing
	same(t, "webhooks", hook.kinds(), []string{})
	s.move(2 * time.Minute)
	expired := hook.want("session:expired", 1)
	same(t, "reason", expired.body["reason"], "timeout")
	same(t, "external id", expired.body["external_session_id"], "short")
	same(t, "context", text(expired.body, "context", "still"), "there")
	same(t, "code", text(shop.call(404, "POST", shop.at(id, "/messages"), object{"input": object{"text": "hi"}}).body, "error_code"), "session-not-found")
	same(t, "webhooks", hook.kinds(), []string{"session:expired"})
}
