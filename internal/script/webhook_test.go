package script

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"parley/internal/session"
)

const webhookBot = `theme: /
    state: Ask
        q!: * (ask/weigh) *
        a: before
        script:
            $temp.got = $parley.webhook("stock", {fallback: "no luck"});
        a: {{$temp.got ? $temp.got.left : "none"}} {{$request.data.context.left}} {{$request.data.context.user.email}}
    state: Twice
        q!: twice
        script:
            $request.data.context;
            $parley.updateContext({left: 1});
            $temp.first = $request.data.context.left;
            $parley.updateContext({left: $request.data.context.left + 1});
        a: {{$temp.first}} {{$request.data.context.left}}
    state: Catch
        q!: catch
        script:
            try { $parley.webhook("stock"); } catch (e) { $reactions.answer("caught " + e.message); }
    state: NoMatch
        event!: noMatch
        script:
            $parley.webhook("stock");
`

// asked runs a turn with a webhook that is a function and returns its texts.
func (c *talk) asked(words string, webhook func(*session.WebhookCall) (*session.WebhookAnswer, error)) []string {
	c.t.Helper()
	turn := c.turn()
	turn.Input = session.Input{Text: words}
	turn.Message = &session.Message{ID: turn.RequestID, Author: session.AuthorUser}
	turn.Webhook = func(_ context.Context, call *session.WebhookCall) (*session.WebhookAnswer, error) {
		return webhook(call)
	}
	c.last, _ = c.run(c.t.Context(), turn)
	return texts(c.t, c.last.Replies)
}

// TestWebhookCall checks $parley.webhook: contract b.2.
func TestWebhookCall(t *testing.T) {
	c := newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{"caila_import.json": cailaExport, "main.sc": webhookBot}))
	var call *session.WebhookCall
	answer := &session.WebhookAnswer{Output: session.Document{"left": 3}, Patch: session.Document{"left": 3, "user": map[string]any{"email": "e"}}}
	said := c.asked("weigh two cakes", func(got *session.WebhookCall) (*session.WebhookAnswer, error) { call = got; return answer, nil })
	if want := []string{"before", "3 3 e"}; !reflect.DeepEqual(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	if len(c.last.Patches) != 1 || !reflect.DeepEqual(c.last.Patches[0].Context, answer.Patch) {
		t.Errorf("patches %+v", c.last.Patches)
	}
	if call.Name != "stock" || call.Fallback != "no luck" || call.State != "/Ask" {
		t.Errorf("%+v", call)
	}
	var named []string
	for _, e := range call.Entities {
		named = append(named, e.Entity+" "+e.Type)
	}
	if want := []string{"duckling.number system", "cake custom"}; !reflect.DeepEqual(named, want) {
		t.Errorf("entities %q, want %q", named, want)
	}
	said = c.asked("ask", func(*session.WebhookCall) (*session.WebhookAnswer, error) {
		return &session.WebhookAnswer{Fallback: "sorry"}, nil
	})
	if want := []string{"before", "sorry", "none  "}; !reflect.DeepEqual(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	broken := func(*session.WebhookCall) (*session.WebhookAnswer, error) { return nil, errors.New("it is broken") }
	if said = c.asked("catch", broken); !reflect.DeepEqual(said, []string{"caught it is broken"}) {
		t.Errorf("%q", said)
	}
	c.asked("ask", broken)
	if c.last.Failure == nil || c.last.Failure.Code != "script" {
		t.Errorf("failure %+v", c.last.Failure)
	}
}

// sys-unknown_counter of contract (d) is made of this: texts in a row that nothing
// understood.
func TestWebhookIsToldUnknown(t *testing.T) {
	c := scriptBot(t, webhookBot)
	var counts []int
	for _, words := range []string{"x", "y", "ask", "z"} {
		c.asked(words, func(call *session.WebhookCall) (*session.WebhookAnswer, error) {
			counts = append(counts, call.Unknown)
			return &session.WebhookAnswer{}, nil
		})
	}
	if want := []int{1, 2, 0, 1}; !reflect.DeepEqual(counts, want) {
		t.Errorf("%v, want %v", counts, want)
	}
}

// A script sees its own updates in the turn that makes them.
func TestUpdateContextIsSeen(t *testing.T) {
	c := scriptBot(t, webhookBot)
	if said := c.say("twice"); !reflect.DeepEqual(said, []string{"1 2"}) {
		t.Errorf("%q", said)
	}
}

// Without webhooks a call is a mistake; in tests it fails.
func TestWebhookIsMissing(t *testing.T) {
	c := scriptBot(t, webhookBot)
	if c.say("ask"); c.last.Failure == nil || c.last.Failure.Code != "script" {
		t.Errorf("failure %+v", c.last.Failure)
	}
	c = newTalk(t, load(t, Options{Log: testLog(t), Testing: true}, map[string]string{"main.sc": webhookBot}))
	if said := c.say("ask"); !reflect.DeepEqual(said, []string{"before", "no luck", "none  "}) {
		t.Errorf("%q", said)
	}
}
