package live_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"parley/internal/session"
)

// What people at a desk do, and what goes wrong inside a turn, reaches the
// sockets of the session in order.
func TestDeskAndFaultsReachTheRoom(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t, func(s *session.Settings) { s.DialogTimeout = session.Duration(time.Minute) }), newDriver(t)
	c := d.connect(h, form{lib: "4"})
	named, _ := c.create(nil)["session_id"].(string)
	id, err := session.ParseID(named)
	if err != nil {
		t.Fatal(err)
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c.emit("message:send", say(named, "trouble"))
	c.want("message:brain_received")
	for _, name := range []string{session.EventRestartLoop, session.EventTurnFailed, session.EventAnalytics} {
		if more, ok := c.want(name)["remedy"]; ok {
			t.Errorf("%s tells a visitor what went wrong inside: %v", name, more)
		}
	}
	h.move(61 * time.Second)
	c.want("dialog:expired")

	ann := session.Agent{ID: "ann", Name: "Ann", Avatar: "https://desk.example/ann.png"}
	_, err = h.core.Handover(t.Context(), h.in, id, session.Handover{
		Reason: "asked", Hidden: map[string]string{"risk": "high"}, Custom: []byte(`{"crm": 7}`),
	}, nil)
	do(err)
	for name := range c.want("conversation:handover") {
		if !slices.Contains([]string{"session_id", "sequence", "timestamp", "status", "position", "department", "reason"}, name) {
			t.Errorf("a visitor sees %s of a handover", name)
		}
	}
	_, err = h.core.Claim(t.Context(), h.in, id, ann, false)
	do(err)
	h.equal("who joined", c.want("conversation:member_join")["agent_name"], "Ann")
	_, err = h.core.AgentMessage(t.Context(), h.in, id, ann, session.Input{Text: "How can I help?"}, "")
	do(err)
	said := c.want("message:received")
	h.equal("text", at(said, "input", "text"), "How can I help?")
	h.equal("avatar", said["agent_avatar"], ann.Avatar)
	_, err = h.core.Record(t.Context(), h.in, id, session.Agent{ID: "bob"}, session.Input{Text: "from elsewhere"}, nil)
	do(err)
	h.equal("author", c.want("message:external_agent")["agent_id"], "bob")
	_, err = h.core.Claim(t.Context(), h.in, id, session.Agent{ID: "cem"}, true)
	do(err)
	h.equal("who left", c.want("conversation:member_leave")["agent_id"], "ann")
	h.equal("who joined", c.want("conversation:member_join")["agent_id"], "cem")
	_, err = h.core.Note(t.Context(), h.in, id, ann, session.Note{Text: "between us"})
	do(err)
	for name := range c.want("session:sequence") {
		if name != "session_id" && name != "sequence" && name != "timestamp" {
			t.Errorf("a visitor sees %s of a note", name)
		}
	}
	_, err = h.core.Return(t.Context(), h.in, id, session.Agent{ID: "cem"}, "")
	do(err)
	c.want("conversation:member_leave")
	c.want("conversation:returned")
	c.want("message:brain_received") // to what it hears of the return
	_, err = h.core.CloseConversation(t.Context(), h.in, id, &ann)
	do(err)
	closed := c.want("conversation:closed")
	h.equal("35 status", closed["status"], "closed")
	h.equal("35 keep_alive", closed["keep_alive"], 300)
	h.equal("35 agent_id", closed["agent_id"], "ann")
	h.equal("35 agent_name", closed["agent_name"], "Ann")

	other := d.connect(h, form{lib: "3"})
	other.emit("session:reconnect", stamped(named, nil))
	list, _ := other.want("session:reconnected")["messages"].([]any)
	if len(list) != 5 {
		t.Errorf("%d entries in messages[], want the user's, the bot's two, the agent's and the recorded one, and no note", len(list))
	}
}

// trouble is a turn that reports what is not the visitor's.
func trouble() []session.Fact {
	var list []session.Fact
	for _, kind := range []string{session.EventRestartLoop, session.EventTurnFailed, session.EventAnalytics} {
		list = append(list, session.Fact{Kind: kind, Body: json.RawMessage(`{"remedy":"write it differently"}`)})
	}
	return list
}
