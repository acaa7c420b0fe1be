package live_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/internal/session"
)

func say(id, words string) object { return stamped(id, object{"input": object{"text": words}}) }

// In a later message a script's startSession gives a new session id; the old
// one keeps working.
func TestSuccessor(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	made := c.create(object{"user": object{"email": "a@b.c"}})
	old, _ := made["session_id"].(string)
	c.emit("message:send", say(old, "hi"))
	c.want("message:brain_received")
	c.emit("message:send", say(old, "start"))
	closed := c.want("session:closed")
	h.equal("reason", closed["reason"], "script")
	next := c.want("session:created")
	h.equal("successor", next["session_id"], closed["successor_id"])
	h.equal("predecessor", next["predecessor_id"], old)
	h.equal("carried context", at(next, "context", "user", "email"), "a@b.c")
	said := c.want("message:brain_received")
	h.equal("reply in the new session", said["session_id"], next["session_id"])
	ack := c.call("message:send", say(old, "old id"))
	h.equal("the old id acts on the head", ack["session_id"], next["session_id"])
	c.want("message:brain_received")

	late := d.connect(h, form{lib: "3"})
	late.emit("session:reconnect", stamped(old, object{"last_sequence": made["sequence"]}))
	var sequence float64 = 1
	for _, name := range []string{
		"message:user", "message:brain_received", "session:closed", "session:created", "message:user",
		"message:brain_received", "message:user", "message:brain_received",
	} {
		ev := late.want(name)
		sequence++
		h.equal(name+" sequence", ev["sequence"], sequence)
	}
	re := late.want("session:reconnected")
	h.equal("resumed", re["resumed"], true)
	h.equal("head", re["session_id"], next["session_id"])
	if _, ok := re["messages"]; ok {
		t.Error("messages[] after a whole resume")
	}
}

// A page that was loaded anew shows the earlier sessions too, where the line
// stands, and what a resolved conversation still offers.
func TestReconnect_WholeChain(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	old, _ := c.create(nil)["session_id"].(string)
	for _, said := range []struct{ text, told string }{{"stop", "session:closed"}, {"second", "session:created"}, {"third", ""}} {
		c.emit("message:send", say(old, said.text))
		if said.told == "session:created" {
			c.want(said.told)
		}
		c.want("message:brain_received")
		if said.told == "session:closed" {
			c.want(said.told)
		}
	}
	again := func(more object) object {
		other := d.connect(h, form{lib: "4"})
		other.emit("session:reconnect", stamped(old, more))
		return other.want("session:reconnected")
	}
	texts := func(p object) (said []any) {
		list, _ := p["messages"].([]any)
		for _, m := range list {
			if m, _ := m.(map[string]any); m["author"] == "user" {
				said = append(said, at(object(m), "input", "text"))
			}
		}
		return said
	}
	h.equal("the head alone", texts(again(nil)), []any{"second", "third"})
	h.equal("the chain", texts(again(object{"chain": true})), []any{"stop", "second", "third"})
	bad := d.connect(h, form{lib: "4"})
	bad.emit("session:reconnect", stamped(old, object{"chain": 7}))
	h.equal("refused", bad.want("session:reconnect:error")["error_code"], "invalid_payload")

	h.equal("with the bot", c.call("conversation:standing", stamped(old, nil))["standing"], nil)
	id := h.look(old).Session.ID
	if _, err := h.core.Handover(t.Context(), h.in, id, session.Handover{}, nil); err != nil {
		t.Fatal(err)
	}
	h.equal("place", at(again(nil), "standing", "position"), 1)
	ann := session.Agent{ID: "a-1", Name: "Ann"}
	if _, err := (session.Reactions{Core: h.core}).Receive(t.Context(), h.in, id, session.Receipt{Kind: session.ReceiptRead, By: &ann}); err != nil {
		t.Fatal(err)
	}
	h.equal("read by people", again(nil)["seen"], float64(h.look(old).Chain.Marks.Seen))
	h.equal("place asked for", at(c.call("conversation:standing", stamped(old, nil)), "standing", "position"), 1)
	if _, err := h.core.CloseConversation(t.Context(), h.in, id, nil); err != nil {
		t.Fatal(err)
	}
	c.call("conversation:rate", stamped(old, object{"rating": 4}))
	got := again(nil)
	head, _ := got["session_id"].(string)
	h.equal("resolved", []any{got["closed_at"], got["rating"], got["standing"]}, []any{float64(h.look(head).Conversation.ClosedMs), 4, nil})
}

func TestStopThenTheNextMessage(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	old, _ := c.create(nil)["session_id"].(string)
	c.emit("message:send", say(old, "stop"))
	c.want("message:brain_received")
	if _, ok := c.want("session:closed")["successor_id"]; ok {
		t.Error("a successor right after stopSession")
	}
	other := d.connect(h, form{lib: "4"})
	other.emit("session:reconnect", stamped(old, nil)) // stays attached to the chain
	h.equal("status", other.want("session:reconnected")["status"], "closed")
	c.emit("message:send", say(old, "hi"))
	for _, s := range []*client{c, other} {
		h.equal("predecessor", s.want("session:created")["predecessor_id"], old)
	}
}

func TestResume_TooOldOrUnknown(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	id, _ := c.create(nil)["session_id"].(string)
	c.emit("message:send", say(id, "hi"))
	c.want("message:brain_received")
	other := d.connect(h, form{lib: "4"})
	other.emit("session:reconnect", stamped(id, object{"last_sequence": 1000}))
	re := other.want("session:reconnected")
	h.equal("resumed", re["resumed"], false)
	list, _ := re["messages"].([]any)
	if len(list) != 2 || at(list[0], "input", "text") != "hi" {
		t.Errorf("messages %v", list)
	}
	other.emit("session:reconnect", stamped(session.NewID(time.Now()).String(), nil))
	h.equal("unknown", other.want("session:reconnect:error")["error_code"], "invalid_session")
	other.want("session:expired")
}

func TestClientMessageID(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	id, _ := c.create(nil)["session_id"].(string)
	send := func(words string) object {
		return c.call("message:send", stamped(id, object{"client_message_id": "m1", "input": object{"text": words}}))
	}
	first := send("start")
	again := send("start")
	h.equal("same answer", again, first)
	c.want("message:brain_received")
	h.equal("other input", send("else")["error_code"], "idempotency_mismatch")
	c.want("message:send:error")
	c.emit("message:send", say(id, "end"))
	h.equal("no second turn", at(c.want("message:brain_received"), "sequence"), 5)
}

func TestFlood(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4", transports: []string{"websocket"}})
	id, _ := c.create(nil)["session_id"].(string)
	flood := func() {
		for range 60 {
			c.emit("message:compose", stamped(id, object{"action": "start"}))
			c.emit("conversation:reopen", stamped("x", nil))
		}
	}
	flood()
	again, late := time.NewTicker(time.Second), time.After(patience)
	defer again.Stop()
	limited := 0
	for ended := false; !ended; {
		select {
		case ev := <-c.events:
			if ev.payload["error_code"] == "rate_limited" {
				limited++
			}
			ended = ev.name == "disconnect"
		case <-again.C: // on a slow machine that was no flood
			flood()
		case <-late:
			t.Fatal("the transport stays open")
		}
	}
	if limited == 0 {
		t.Error("nothing was refused before the transport was closed")
	}
	c.want("connect") // comes back by itself
}

func TestExpiryWarning(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t, func(s *session.Settings) {
		s.SessionTimeout, s.ExpiryWarning = session.Duration(time.Hour), session.Duration(10*time.Minute)
	}), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	id, _ := c.create(nil)["session_id"].(string)
	h.move(51 * time.Minute)
	h.equal("expires_at", int64(c.want("session:expiring")["expires_at"].(float64)), h.look(id).Session.CreatedMs+3_600_000)
	h.move(10 * time.Minute)
	h.equal("reason", c.want("session:closed")["reason"], "timeout")
}

func TestSessionsPerSocket(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	for range session.ChainsPerSocket {
		c.create(nil)
	}
	c.emit("session:create", object{"timestamp": 1})
	h.equal("fifth", c.want("session:create:error")["error_code"], "rate_limited")
}

func TestAcceptance38_IdentityToken(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	h, d := newHouse(t, func(s *session.Settings) {
		s.IdentityRequired = true
		s.IdentityKey = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))
	}), newDriver(t)
	token := func(sub string, life time.Duration) string {
		text, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
			"sub": sub, "exp": time.Now().Add(life).Unix(), "context": map[string]any{"user": map[string]any{"contact_id": "c1"}},
		}).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	c := d.connect(h, form{lib: "4"})
	for what, bad := range map[string]any{"missing": nil, "broken": "x.y.z", "expired": token("ada", -time.Hour)} {
		c.emit("session:create", object{"timestamp": 1, "identity_token": bad})
		got := c.want("session:create:error:invalid_identity_token")
		if text, _ := got["description"].(string); text == "" || strings.Contains(text, "x.y.z") {
			t.Errorf("%s: description %q", what, text)
		}
	}
	c.emit("session:create", object{"timestamp": 1, "identity_token": token("ada", time.Hour)})
	id, _ := c.want("session:created")["session_id"].(string)
	v := h.look(id)
	external, _ := v.Document.At("user", "external_id")
	contact, _ := v.Document.At("user", "contact_id")
	h.equal("external_id", external, "ada")
	h.equal("trusted claim", contact, "c1")
	h.equal("client", v.Client.Key, session.UserKey("ada"))

	other := d.connect(h, form{lib: "4"})
	for _, bad := range []any{nil, token("eve", time.Hour)} {
		other.emit("session:reconnect", stamped(id, object{"identity_token": bad}))
		h.equal("reconnect", other.want("session:reconnect:error")["error_code"], "invalid_identity_token")
	}
	other.emit("session:reconnect", stamped(id, object{"identity_token": token("ada", time.Hour)}))
	other.want("session:reconnected")
}
