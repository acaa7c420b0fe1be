package program

import (
	"testing"
)

// Contract (g) 32: an integration has both faces under one id, and a session
// opened on one is usable on the other.

func TestAcceptanceG32OpenedByRESTUsedOnSocket(t *testing.T) {
	t.Parallel()
	shop, web := start(t).scripted(nil), newBrowsers(t)
	id := shop.open(object{"channel_user_id": "ada", "context": object{"user": object{"display_name": "Ada", "phone": "+30123"}}})
	same(t, "REST", shop.talk(id, "by REST"), "You said: by REST")
	tab := web.visit(shop, nil)
	again := tab.join(id, nil)
	same(t, "session", again["session_id"], id)
	same(t, "channel", text(again, "source", "channel"), "custom")
	same(t, "masked", text(again, "context", "user", "phone"), "***")
	same(t, "transcript", text(again, "messages", 1, "output", "responses", 0, "text"), "You said: by REST")
	same(t, "ack", tab.call("message:send", said(id, "by socket"))["session_id"], id)
	same(t, "answer", text(tab.want("message:brain_received"), "output", "responses", 0, "text"), "You said: by socket")
	shop.call(200, "PATCH", shop.at(id, "/context"), object{"plan": "gold"})
	same(t, "a merge by REST", text(tab.want("session:context:updated"), "context", "plan"), "gold")
	shop.say(id, "by REST again")
	same(t, "a message by REST", text(tab.want("message:user"), "input", "text"), "by REST again")
	tab.want("message:brain_received")
	shop.call(200, "POST", shop.at(id, "/close"), nil)
	same(t, "reason", tab.want("session:closed")["reason"], "api")
}

func TestAcceptanceG32OpenedOnSocketUsedByREST(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop, web := start(t).scripted(hook.settings(object{"subscribed_events": []string{
		"message:brain_send", "conversation:closed", "session:created", "context:updated", "session:closed",
	}})), newBrowsers(t)
	tab := web.visit(shop, nil)
	made := tab.open(object{"user": object{"phone": "+30123"}})
	id := text(made, "session_id")
	tab.emit("session:context:update", object{"session_id": id, "context": object{"user": object{"phone": "***"}, "plan": "gold"}})
	tab.want("session:context:updated")
	same(t, "clear on REST", text(shop.show(id), "context", "user", "phone"), "+30123")
	same(t, "answer", shop.talk(id, "by REST"), "You said: by REST")
	tab.want("message:user")
	tab.want("message:brain_received")
	shop.call(200, "POST", shop.at(id, "/conversation/close"), nil)
	same(t, "keep_alive of a socket's session", tab.want("conversation:closed")["keep_alive"], 300)
	tab.emit("session:close", object{"session_id": id})
	same(t, "reason", tab.want("session:closed")["reason"], "user")
	shop.call(404, "POST", shop.at(id, "/handover"), nil)
	same(t, "clear on webhooks", text(hook.want("context:updated", 1).body, "context", "user", "phone"), "+30123")
	hook.want("session:closed", 1)
	same(t, "webhooks", hook.kinds(), []string{
		"session:created", "context:updated", "message:brain_send", "conversation:closed", "session:closed",
	})
}

// The widget's origin and a foreign integration's socket stay apart.
func TestAcceptanceG32SocketOfAnotherIntegration(t *testing.T) {
	t.Parallel()
	s, web := start(t), newBrowsers(t)
	mine, other := s.scripted(nil), s.scripted(nil)
	id := mine.open(nil)
	tab := web.visit(other, nil)
	tab.emit("session:reconnect", object{"session_id": id})
	same(t, "code", tab.want("session:reconnect:error")["error_code"], "invalid_session")
	tab.want("session:expired")
	same(t, "message", tab.call("message:send", said(id, "hi"))["error_code"], "invalid_session")
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	s := start(t)
	first := s.shop(nil)
	id := first.open(nil)
	made := s.ask("key", "create", "--integration", first.id)
	second := *first
	second.key = text(made, "api_key")
	second.call(200, "PATCH", second.at(id, "/context"), object{"by": "second"})
	first.call(200, "PATCH", first.at(id, "/context"), object{"by": "first"})
	if r := parley(t, "key", "create", "--data", s.dir, "--integration", first.id); r.code != 1 {
		t.Errorf("a third key: exit code %d, %s%s", r.code, r.out, r.err)
	}
	keys, _ := s.ask("key", "list", "--integration", first.id).([]any)
	if len(keys) != 2 {
		t.Fatalf("keys %v", keys)
	}
	for _, k := range keys {
		if _, shown := k.(object)["api_key"]; shown {
			t.Error("a key's text is shown again")
		}
		if id := text(k, "key_id"); id != text(made, "key_id") {
			s.ask("key", "revoke", id)
		}
	}
	same(t, "the old key", text(first.call(401, "PATCH", first.at(id, "/context"), object{}).body, "error_code"), "unauthorized")
	second.call(200, "POST", second.at(id, "/close"), nil)
	s.ask("key", "create", "--integration", first.id) // there is room again
}

func TestAllowlistBehindTrustedProxy(t *testing.T) {
	t.Parallel()
	allowed := object{"allowed_ips": []string{"203.0.113.7", "2001:db8::/32"}}
	behind := start(t, "--trusted-proxy", "127.0.0.1").shop(allowed)
	for from, status := range map[string]int{
		"203.0.113.7":               201,
		"2001:db8::1":               201,
		"203.0.113.8":               401,
		"":                          401,
		"203.0.113.7, 198.51.100.1": 401, // what the caller wrote itself counts for nothing
		"198.51.100.1, 203.0.113.7": 201,
		"nonsense":                  401,
	} {
		var header []string
		if from != "" {
			header = []string{"X-Forwarded-For", from}
		}
		behind.call(status, "POST", behind.sessions(), nil, header...)
	}
	direct := start(t).shop(allowed)
	direct.call(401, "POST", direct.sessions(), nil, "X-Forwarded-For", "203.0.113.7")
	open := start(t).shop(object{"allowed_ips": []string{"127.0.0.0/8"}})
	open.call(201, "POST", open.sessions(), nil)
}
