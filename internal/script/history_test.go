package script

import (
	"context"
	"testing"
	"time"

	"parley/internal/session"
)

// shared is a dialog that people had for a while.
func shared(turn *session.Turn) {
	at := time.Unix(1_800_000_000, 0)
	said := func(sequence int64, author session.Author, body string) *session.Message {
		at = at.Add(time.Second)
		return &session.Message{ID: session.NewID(at), Author: author, AtMs: at.UnixMilli(), Body: []byte(body), Sequence: sequence}
	}
	list := []*session.Message{
		said(2, session.AuthorUser, `{"input":{"text":"a person!"}}`),
		said(3, session.AuthorBot, `{"responses":[{"type":"text","text":"one moment"}]}`),
		said(6, session.AuthorAgent, `{"input":{"text":"Ann here"},"agent":{"agent_id":"1","agent_name":"Ann"}}`),
		said(7, session.AuthorUser, `{"input":{"text":"thanks"}}`),
	}
	turn.Transcript = func(context.Context, int) ([]*session.Message, error) { return list, nil }
	turn.HumanParts = func(_ context.Context, after int64) ([]session.HumanPart, error) {
		if after != 1 {
			return nil, nil
		}
		return []session.HumanPart{{First: 4, BeganMs: 1_800_000_002_000, Last: 8, EndedMs: 1_800_000_009_000, Reason: "requested", State: "/Paid"}}, nil
	}
	turn.Message = &session.Message{ID: turn.RequestID, Author: session.AuthorUser, AtMs: at.UnixMilli(), Body: []byte(`{"input":{"text":"now"}}`)}
}

// guarantees 2, row 12: scripts and models are told where people had the dialog,
// and who of them wrote what.
func TestGuarantee12_HistoryOfAScriptMarksTheHumanPart(t *testing.T) {
	for call, want := range map[string]string{
		"$jsapi.chatHistory()": "Client: a person!\nBot: one moment\n[people answer: requested]\nAgent Ann: Ann here\nClient: thanks\n" +
			"[the bot answers]\nClient: now",
		"JSON.stringify($jsapi.chatHistoryInLlmFormat())": `[{"role":"user","content":"a person!"},{"role":"assistant","content":"one moment"},` +
			`{"role":"system","content":"From here on people answer (requested)."},{"role":"assistant","content":"[Agent Ann] Ann here"},` +
			`{"role":"user","content":"thanks"},{"role":"system","content":"From here on the bot answers again."},{"role":"user","content":"now"}]`,
		"JSON.stringify($jsapi.chatHistoryJson().filter(function (one) { return one.humanPart; }))": `[` +
			`{"questionId":"","author":"BOT","status":"SENT","sendDateInUTC":1800000002,"humanPart":"start","reason":"requested"},` +
			`{"questionId":"","author":"BOT","status":"SENT","sendDateInUTC":1800000009,"humanPart":"end","state":"/Paid"}]`,
		"$jsapi.chatHistoryJson()[3].author + $jsapi.chatHistoryJson()[3].agent.agent_name": "BOTAnn",
	} {
		c := scriptBot(t, asks("1", call))
		turn := c.turn()
		turn.Input = session.Input{Text: "now"}
		shared(turn)
		d, _ := c.visitor.run(t.Context(), turn)
		if got := texts(t, d.Replies); len(got) != 1 || got[0] != want {
			t.Errorf("%s\ngot  %q\nwant %q (%+v)", call, got, want, d.Failure)
		}
	}
}
