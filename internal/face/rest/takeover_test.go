package rest

import (
	"strings"
	"testing"

	"parley/internal/session"
)

// A bridge takes a conversation through all that people do with it, and notes
// leave the house nowhere.
func TestTakeover(t *testing.T) {
	st := start(t, withBot(echo))
	id := st.create("")
	st.talk(id)
	do := func(path, body string) *reply { return st.do(ask{path: ours(id) + path, body: body}) }
	const ann, bob = `{"agent":{"agent_id":"ann"}`, `{"agent":{"agent_id":"bob"}`
	do("/transfer", ann+`,"to":{"agent":{"agent_id":"bob","agent_name":"Bob"}}}`).want(200).is("open", "handover", "status")
	st.context(id).is("agent", "conversation", "owner").is("bob", "conversation", "agent", "agent_id")
	do("/notes", bob+`,"text":"a secret of ours"}`).want(201)
	do("/snooze", bob+`,"until":"reply"}`).want(200)
	do("/wake", bob+`}`).want(200)
	first := do("/agent-messages", bob+`,"input":{"text":"hi"},"client_message_id":"m-1"}`).want(201).str("message_id")
	do("/agent-messages", bob+`,"input":{"text":"hi"},"client_message_id":"m-1"}`).want(201).is(first, "message_id")
	do("/return", bob+`,"state":"/Start"}`).want(200)
	do("/return", bob+`}`).want(200) // the bot has it already
	st.context(id).is("bot", "conversation", "owner")
	st.await(id, 0, session.EventReturned)
	r := st.do(ask2("GET", ours(id)+"/events?limit=200")).want(200).lacks("secret")
	var kinds []string
	for i := range r.get("events").([]any) {
		kinds = append(kinds, r.str("events", i, "type"))
	}
	hidden := session.EventSequence
	want := strings.Join([]string{hidden, session.EventMemberJoin, hidden, hidden, hidden, session.EventMessageAgent, session.EventMemberLeave, session.EventReturned}, " ")
	if got := strings.Join(kinds, " "); !strings.Contains(got, want) {
		t.Errorf("events %s, want among them %s", got, want)
	}
}
