package httpbot

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"parley/internal/session"
)

// partOf is the human_part of the request of a turn, as JSON; "" where there is none.
func partOf(t *testing.T, turn *session.Turn) string {
	t.Helper()
	part, err := lastHumanPart(t.Context(), turn)
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		Part json.RawMessage `json:"human_part"`
	}
	if err := json.Unmarshal(requestBody(turn, part, time.UnixMilli(9)), &body); err != nil {
		t.Fatal(err)
	}
	return string(body.Part)
}

// guarantees 2, row 12: the bot that gets the dialog back is told what people said.
func TestGuarantee12_RequestHasTheHumanPart(t *testing.T) {
	id := session.NewID(time.UnixMilli(1))
	list := []*session.Message{
		{ID: id, Author: session.AuthorBot, AtMs: 1, Sequence: 3, Body: []byte(`{"responses":[{"type":"text","text":"before"}]}`)},
		{ID: id, Author: session.AuthorUser, AtMs: 2, Sequence: 5, Body: []byte(`{"input":{"text":"where?"}}`)},
		{ID: id, Author: session.AuthorBot, AtMs: 3, Sequence: 6, Body: []byte(`{"responses":[{"type":"text","text":"wait"}]}`)},
		{ID: id, Author: session.AuthorAgent, AtMs: 4, Sequence: 7, Body: []byte(`{"input":{"text":"here"},"agent":{"agent_id":"1","agent_name":"Ann"}}`)},
	}
	part := session.HumanPart{First: 4, BeganMs: 1, Last: 8, EndedMs: 5, Reason: "requested", Department: "sales", State: "/Paid"}
	turn := testTurn()
	turn.Conversation = &session.Conversation{QueuedMs: 1}
	turn.Transcript = func(context.Context, int) ([]*session.Message, error) { return list, nil }
	turn.HumanParts = func(context.Context, int64) ([]session.HumanPart, error) { return []session.HumanPart{part}, nil }
	name := `"message_id":"` + id.String() + `",`
	want := `{"began_at":1,"ended_at":5,"reason":"requested","department":"sales","state":"/Paid","messages":[` +
		`{` + name + `"timestamp":2,"author":"user","input":{"text":"where?"}},` +
		`{` + name + `"timestamp":3,"author":"bot","responses":[{"type":"text","text":"wait"}]},` +
		`{` + name + `"timestamp":4,"author":"agent","agent":{"agent_id":"1","agent_name":"Ann"},"input":{"text":"here"}}]}`
	if got := partOf(t, turn); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	part.Last, part.EndedMs = 0, 0
	if got := partOf(t, turn); got != "" {
		t.Errorf("while people have it: %s", got)
	}
	part.Last = 8
	list = append(list, &session.Message{ID: id, Author: session.AuthorBot, Sequence: 9, Body: []byte(`{}`)})
	if got := partOf(t, turn); got != "" {
		t.Errorf("after the bot has spoken: %s", got)
	}
}

// A dialog that never left the bot costs no look at its history.
func TestGuarantee12_NoHistoryWithoutPeople(t *testing.T) {
	turn := testTurn()
	turn.Conversation = &session.Conversation{}
	turn.Transcript = func(context.Context, int) ([]*session.Message, error) {
		t.Error("the history was read")
		return nil, nil
	}
	if got := partOf(t, turn); got != "" {
		t.Error(got)
	}
}
