package live_test

import (
	"net/http"
	"testing"
	"time"

	"parley/internal/session"
)

// The numbers in the names are those of the acceptance tests of contract (h).

func forms() []form {
	var list []form
	for _, lib := range []string{"4", "3"} {
		for _, namespace := range []bool{false, true} {
			for _, transports := range [][]string{{"websocket"}, {"polling"}, nil} {
				list = append(list, form{lib, transports, namespace})
			}
		}
	}
	return list
}

// Every client, URL form and transport goes through the whole conversation.
func TestAcceptance24to30_EveryClient(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	for _, f := range forms() {
		t.Run(f.String(), func(t *testing.T) {
			c := d.connect(h, f)
			made := c.create(object{"user": object{"display_name": "Jane", "phone": "+301234"}})
			id, _ := made["session_id"].(string)
			for _, field := range []string{
				"session_id", "inactivity_timeout_seconds", "is_service_desk", "is_conversation", "is_handover", "assignee_agent_id",
				"assignee_brain_id", "keep_alive", "status", "assignee_collection_id", "source", "context", "version", "sequence",
			} {
				if _, ok := made[field]; !ok {
					t.Errorf("25: session:created lacks %s", field)
				}
			}
			h.equal("25 channel", at(made, "source", "channel"), "web")
			h.equal("25 phone", at(made, "context", "user", "phone"), "***")
			h.equal("25 name", at(made, "context", "user", "display_name"), "Jane")

			c.emit("session:context:update", stamped(id, object{"context": object{
				"user":          object{"display_name": "Jane", "phone": "+309999", "email": "jane@example.com"},
				"custom_fields": object{"preferred_language": "el", "subscription_tier": "gold"},
			}}))
			got := c.want("session:context:updated")
			h.equal("26 session", got["session_id"], id)
			h.equal("26 phone", at(got, "context", "user", "phone"), "***")
			h.equal("26 email", at(got, "context", "user", "email"), "jane@example.com")
			h.equal("26 tier", at(got, "context", "custom_fields", "subscription_tier"), "gold")

			ack := c.call("session:context:update", stamped(id, object{"context": object{"user": object{"display_name": "Jane Smith", "phone": "***"}}}))
			got = c.want("session:context:updated")
			h.equal("27 ack", ack["version"], got["version"])
			h.equal("27 language", at(got, "context", "custom_fields", "preferred_language"), "el")
			phone, _ := h.look(id).Document.At("user", "phone")
			h.equal("29 stored phone", phone, "+309999")

			c.emit("message:send", stamped(id, object{"channel": "web", "input": object{"text": "defaultstartmessage"}}))
			said := c.want("message:brain_received")
			if at(said, "output", "responses") == nil {
				t.Errorf("30: no output.responses in %v", said)
			}
			h.equal("30 masked", at(said, "context", "user", "phone"), "***")
			c.command(object{"op": "close", "name": c.name})
		})
	}
}

func TestAcceptance26a_Refusals(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	id, _ := c.create(nil)["session_id"].(string)
	before := h.look(id).Chain.Version
	for _, bad := range []struct {
		what    string
		payload object
		code    string
	}{
		{"without context.user", stamped(id, object{"context": object{"k": 1}}), "invalid_payload"},
		{"without context", stamped(id, nil), "invalid_payload"},
		{"without session_id", object{"context": object{"user": object{}}, "timestamp": 1}, "invalid_session"},
		{"without timestamp", object{"session_id": id, "context": object{"user": object{}}}, "invalid_payload"},
		{"wrong type", stamped(id, object{"context": object{"user": 7}}), "invalid_payload"},
		{"reserved key", stamped(id, object{"context": object{"user": object{"constructor": 1}}}), "invalid_payload"},
		{"stale version", stamped(id, object{"context": object{"user": object{}}, "if_version": 99}), "version_conflict"},
	} {
		c.emit("session:context:update", bad.payload)
		got := c.want("session:context:update:error")
		h.equal("26a "+bad.what, got["error_code"], bad.code)
		if text, _ := got["description"].(string); text == "" {
			t.Errorf("%s: no description", bad.what)
		}
		if bad.code == "invalid_session" {
			c.want("session:expired")
		}
	}
	h.equal("26a nothing stored", h.look(id).Chain.Version, before)
}

func TestAcceptance28_UnknownForeignClosedExpired(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c, other := d.connect(h, form{lib: "4"}), d.connect(h, form{lib: "3", transports: []string{"websocket"}})
	refused := func(what, id string) {
		t.Helper()
		c.emit("session:context:update", stamped(id, object{"context": object{"user": object{}}}))
		got := c.want("session:context:update:error")
		h.equal("28 "+what, got["error_code"], "invalid_session")
		if text, _ := got["description"].(string); text == "" {
			t.Errorf("%s: no description", what)
		}
		h.equal("28 "+what, c.want("session:expired")["error_code"], "invalid_session")
	}
	refused("unknown", session.NewID(time.Now()).String())
	refused("malformed", "nonsense")
	foreign, _ := other.create(nil)["session_id"].(string)
	refused("foreign", foreign)
	closed, _ := c.create(nil)["session_id"].(string)
	c.emit("session:close", stamped(closed, nil))
	h.equal("37 reason", c.want("session:closed")["reason"], "user")
	refused("closed", closed)
	expired, _ := c.create(nil)["session_id"].(string)
	h.move(2 * time.Hour)
	h.equal("28 expiry", c.want("session:closed")["reason"], "timeout")
	refused("expired", expired)
}

func TestAcceptance32_EmptyMessage(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	id, _ := c.create(nil)["session_id"].(string)
	c.emit("message:send", stamped(id, nil))
	got := c.want("message:brain_received")
	list, ok := at(got, "output", "responses").([]any)
	if !ok || len(list) != 0 {
		t.Errorf("32: responses %v, want []", at(got, "output", "responses"))
	}
	c.emit("message:compose", stamped(id, object{"action": "start"}))
	c.emit("message:send", stamped(id, object{"input": object{"attachments": []object{{"type": "image", "url": "https://elsewhere.example/x.png"}}}}))
	h.equal("31 foreign URL", c.want("message:send:error")["error_code"], "invalid_attachment")
}

func TestAcceptance34_ReconnectAndShare(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	made := c.create(object{"user": object{"display_name": "Jane"}})
	id, _ := made["session_id"].(string)
	c.command(object{"op": "cut", "name": c.name})
	c.want("disconnect")
	c.want("connect")
	c.emit("session:reconnect", stamped(id, nil))
	got := c.want("session:reconnected")
	h.equal("34 session", got["session_id"], id)
	h.equal("34 name", at(got, "context", "user", "display_name"), "Jane")
	for field := range made {
		if _, ok := got[field]; !ok {
			t.Errorf("34: session:reconnected lacks %s", field)
		}
	}
	second := d.connect(h, form{lib: "3"})
	second.emit("session:reconnect", stamped(id, nil))
	second.want("session:reconnected")
	c.emit("message:send", stamped(id, object{"input": object{"text": "hi"}}))
	h.equal("34 other's message", at(second.want("message:user"), "input", "text"), "hi")
	for _, s := range []*client{c, second} {
		s.want("message:brain_received")
	}
}

func TestAcceptance35to37_Resolve_Reopen_Close(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	id, _ := c.create(nil)["session_id"].(string)
	c.emit("message:send", stamped(id, object{"input": object{"text": "resolve"}}))
	c.want("message:brain_received")
	closed := c.want("conversation:closed")
	h.equal("35 status", closed["status"], "closed")
	h.equal("35 keep_alive", closed["keep_alive"], 300)
	for _, field := range []string{"agent_id", "agent_name"} {
		if _, ok := closed[field]; ok {
			t.Errorf("35: %s in a script's resolve", field)
		}
	}
	h.move(180 * time.Second) // of 300, the rest is for a busy machine
	c.emit("conversation:reopen", stamped(id, nil))
	h.equal("36 status", c.want("conversation:reopened")["status"], "open")
	c.emit("message:send", stamped(id, object{"input": object{"text": "resolve"}}))
	c.want("message:brain_received")
	c.want("conversation:closed")
	h.move(301 * time.Second)
	h.equal("36 reason", c.want("session:closed")["reason"], "resolved")
	c.emit("conversation:reopen", stamped(id, nil))
	c.want("conversation:reopen:error")
	c.want("session:expired")
	again, _ := c.create(nil)["session_id"].(string)
	h.equal("37 ack", c.call("session:close", stamped(again, nil))["session_id"], again)
	c.want("session:closed")
	c.emit("message:send", stamped(again, object{"input": object{"text": "hi"}}))
	c.want("message:send:error")
	c.want("session:expired")
}

func TestAcceptance24_WrongIntegrationAndOrigin(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t, func(s *session.Settings) { s.Domains = []string{"shop.example"} }), newDriver(t)
	in := *h.in
	in.ID = "nobody"
	unknown := &house{server: h.server, in: &in}
	for _, namespace := range []bool{false, true} {
		c := d.open(unknown, form{lib: "4", transports: []string{"websocket"}, namespace: namespace})
		h.equal("connect_error", c.want("connect_error")["message"], "integration_not_found")
	}
	d.connect(h, form{lib: "4"}) // no browser, no origin
}

// The widget's frame is a page of this server: a list of domains does not lock
// its sockets out, and still does others'.
func TestOriginOfTheFrame(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(s *session.Settings) { s.Domains = []string{"shop.example"} })
	for origin, want := range map[string]int{
		h.server.URL: 200, "http://shop.example": 200, "https://chat.example": 200, "http://evil.example": 403, "http://127.0.0.1:1": 403,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.server.URL+"/v1/web/"+h.in.ID+"/ws/?EIO=4&transport=polling", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", origin)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", origin, res.StatusCode, want)
		}
	}
}
