package program

import (
	"testing"
	"time"
)

// Every extension webhook is sent where it is named.
func extensions() []string {
	return []string{
		"session:created", "session:expiring", "context:updated", "conversation:handover", "message:received",
		"turn:failed", "session:restart_loop",
	}
}

func TestWebhooksOfPeople(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(nil))
	id := shop.open(nil)
	ann := object{"agent_id": "ann", "agent_name": "Ann", "agent_avatar": "https://desk.example/ann.png"}
	shop.call(200, "POST", shop.ours(id, "/claim"), object{"agent": ann})
	shop.call(201, "POST", shop.ours(id, "/agent-messages"), object{"agent": ann, "input": object{"text": "How can I help?"}})
	shop.call(200, "POST", shop.ours(id, "/claim"), object{"agent": object{"agent_id": "bob"}, "transfer": true})
	shop.call(200, "POST", shop.ours(id, "/resolve"), object{"agent": ann})
	closed := hook.want("conversation:closed", 1)
	same(t, "agent_id", closed.body["agent_id"], "ann")
	same(t, "agent_name", closed.body["agent_name"], "Ann")
	same(t, "webhooks", hook.kinds(), []string{
		"conversation:member_join", "message:send", "conversation:member_leave", "conversation:member_join", "conversation:closed",
	})
	same(t, "who joined", text(hook.want("conversation:member_join", 1).body, "agent", "agent_name"), "Ann")
	same(t, "who left", text(hook.want("conversation:member_leave", 1).body, "agent", "agent_id"), "ann")
	same(t, "who joined", text(hook.want("conversation:member_join", 2).body, "agent", "agent_id"), "bob")
	wrote := hook.want("message:send", 1)
	same(t, "text", text(wrote.body, "input", "text"), "How can I help?")
	same(t, "avatar", text(wrote.body, "agent", "agent_avatar"), "https://desk.example/ann.png")
}

func TestWebhooksOfSessions(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	s := start(t)
	shop := s.scripted(hook.settings(object{
		"session_timeout": 3600, "expiry_warning_seconds": 600, "subscribed_events": append(extensions(), "session:closed", "session:expired"),
	}))
	id := shop.open(nil)
	shop.talk(id, "hello")
	shop.talk(id, "next")
	closed := hook.want("session:closed", 1)
	same(t, "reason", closed.body["reason"], "script")
	next := hook.want("session:created", 2)
	same(t, "successor", next.body["session_id"], closed.body["successor_id"])
	same(t, "predecessor", next.body["predecessor_id"], id)
	s.move(51 * time.Minute) // 9 minutes are left for a machine that does much else
	warned := hook.want("session:expiring", 1)
	left := at(warned.body, "expires_at").(float64) - at(next.body, "timestamp").(float64)
	if left != 3_600_000 {
		t.Errorf("expires %v ms after its creation and first message", left)
	}
	s.move(10 * time.Minute)
	same(t, "session", hook.want("session:expired", 1).body["session_id"], next.body["session_id"])
	same(t, "webhooks", hook.kinds(), []string{
		"session:created", "message:received", "session:closed", "session:created", "message:received", "session:expiring", "session:expired",
	})
	for i, h := range hook.all() {
		if i > 0 && at(h.body, "sequence").(float64) <= at(hook.all()[i-1].body, "sequence").(float64) {
			t.Errorf("sequence %v after %v", at(h.body, "sequence"), at(hook.all()[i-1].body, "sequence"))
		}
	}
}

func TestWebhooksOfScripts(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(object{"subscribed_events": extensions()}))
	id := shop.open(nil)
	shop.talk(id, "loop")
	loop := hook.want("session:restart_loop", 1)
	same(t, "state", loop.body["state"], "/Loop")
	same(t, "restarts", loop.body["restarts"], 5)
	same(t, "the session goes on", shop.talk(id, "hello"), "You said: hello")
	shop.talk(id, "remember")
	same(t, "version", hook.want("context:updated", 1).body["version"], 2)
	shop.talk(id, "person")
	same(t, "reason", hook.want("conversation:handover", 1).body["reason"], "asked")
}

// A message whose every turn ends with the process is given up, and said so.
func TestWebhookTurnFailed(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	dir, hold := directory(t), newHolder(t)
	p := spawn(t, dir, "--script-network", "127.0.0.1")
	shop := p.shop(hook.settings(object{"subscribed_events": extensions()}), "--bot", bot(t, "shop"))
	id := shop.open(nil)
	message := text(shop.say(id, hold.words()).body, "message_id")
	for range 3 {
		hold.wait()
		p.kill()
		p = spawn(t, dir, "--script-network", "127.0.0.1")
		shop = shop.moved(p)
	}
	failed := hook.want("turn:failed", 1)
	same(t, "message", failed.body["message_id"], message)
	same(t, "attempts", failed.body["attempts"], 3)
	turns, _ := (&server{t: t, dir: dir}).ask("turn", "list").([]any)
	if len(turns) != 1 || text(turns[0], "message_id") != message {
		t.Errorf("turn list: %v", turns)
	}
	same(t, "the next message", shop.talk(id, "hello"), "You said: hello")
}

func TestWebhookCommands(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	s := start(t)
	shop := s.scripted(hook.settings(nil))
	ping := s.ask("webhook", "ping", "--integration", shop.id)
	same(t, "delivered", at(ping, "delivered"), true)
	same(t, "status", at(ping, "http_status"), 200)
	hook.want("ping", 1)

	hook.answers(nil)
	hook.statuses(200, 410, 410) // the ping came first
	shop.say(shop.open(nil), "hello")
	dead := hook.want("message:brain_send", 1)
	id := text(dead.body, "request_id")
	eventually(t, "the dead letter", func() bool { return len(s.ask("webhook", "list").([]any)) == 1 })
	shown := s.ask("webhook", "show", id)
	same(t, "attempts", at(shown, "attempts"), 1)
	same(t, "body", text(shown, "body", "output", "responses", 0, "text"), "You said: hello")
	same(t, "delivered", at(s.ask("webhook", "redeliver", id), "delivered"), false)
	again := hook.want("message:brain_send", 2)
	same(t, "it stays", len(s.ask("webhook", "list").([]any)), 1)
	same(t, "delivered", at(s.ask("webhook", "redeliver", id), "delivered"), true)
	for _, h := range []hit{again, hook.want("message:brain_send", 3)} {
		same(t, "mark", h.header.Get("X-Parley-Redelivery"), "1")
		same(t, "id", h.header.Get("webhook-id"), dead.header.Get("webhook-id"))
		if h.raw != dead.raw {
			t.Errorf("another body: %s", h.raw)
		}
	}
	same(t, "mark of the first", dead.header.Get("X-Parley-Redelivery"), "")
	same(t, "it is gone", s.ask("webhook", "list"), []any{})
	for _, command := range [][]string{{"show", id}, {"redeliver", id}, {"show", "nonsense"}, {"ping", "--integration", "nobody"}} {
		if r := parley(t, append([]string{"webhook"}, append(command, "--data", s.dir)...)...); r.code != 1 || r.err == "" {
			t.Errorf("webhook %v: exit code %d, %q", command, r.code, r.err)
		}
	}
}

// What a visitor's socket says of messages is told to the back end: receipts
// always, ratings where they are subscribed to.
func TestWebhooksOfReceiptsAndRatings(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	shop := start(t).scripted(hook.settings(object{"subscribed_events": []string{
		"message:read", "message:delivered", "message:rated", "conversation:rated",
	}}))
	tab := newBrowsers(t).visit(shop, nil)
	now := func(more object) object {
		more["timestamp"] = time.Now().UnixMilli()
		return more
	}
	tab.emit("session:create", now(object{}))
	id := tab.want("session:created")["session_id"]
	tab.emit("message:send", now(object{"session_id": id, "input": object{"text": "hello"}}))
	message := tab.want("message:brain_received")["message_id"]
	tab.emit("message:delivered", now(object{"session_id": id}))
	tab.emit("message:read", now(object{"session_id": id, "message_ids": []any{message}}))
	tab.emit("message:rate", now(object{"session_id": id, "message_id": message, "rating": 1}))
	tab.emit("conversation:rate", now(object{"session_id": id, "rating": 4, "feedback": "quick"}))
	same(t, "score", hook.want("conversation:rated", 1).body["rating"], 4)
	same(t, "read", hook.want("message:read", 1).body["message_ids"], []any{message})
	same(t, "webhooks", hook.kinds(), []string{"message:delivered", "message:read", "message:rated", "conversation:rated"})
}
