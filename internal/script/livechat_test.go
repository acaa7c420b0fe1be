package script

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"parley/internal/session"
)

const livechatBot = `theme: /
    state: Ask
        q!: help
        a: one moment
        script:
            $response.replies.push({type: "switch", destination: "sales", closeChatPhrases: ["Back", "/close"], lastMessage: "welcome back",
                appendCloseChatButton: true, ignoreOffline: $request.query === "help now"});
        state: Nobody
            event: noLivechatOperatorsOnline
            a: nobody is here {{$request.data.livechatStatus.enabled}}
        state: Done
            event: livechatFinished
            a: how was it?
        state: Back
            q: back
            a: again with you
    state: Note
        q!: note
        script:
            $response.replies.push({type: "switch", firstMessage: "call me", ignoreOffline: true, oneTimeMessage: true});
    state: Desk
        q!: desk
        script:
            $response.replies.push({type: "switch", ignoreOffline: true, theme: "returns", attributes: {plan: "gold \"plus\"", age: 7},
                hiddenAttributes: {risk: "high"}, customData: {crm: [1, null]}, sendMessagesToOperator: true, sendMessageHistoryAmount: 1});
    state: Big
        q!: big
        script:
            $response.replies.push({type: "switch", ignoreOffline: true, customData: "x".repeat(70000)});
    state: Tag
        q!: tag
        TransferToOperator:
            titleOfCloseButton = Stop
            messageBeforeTransfer = I connect you
            prechatAttributes = {"plan": "gold"}
            ignoreOffline = false
            noOperatorsOnlineState = /Tag/Nobody
            dialogCompletedState = ./Done
            destination = vip
        state: Nobody
            a: all asleep
        state: Done
            a: tag done
    state: Online
        q!: online
        a: {{hasOperatorsOnline()}} {{hasOperatorsOnline("sales")}}
`

// TestLivechat checks the reply switch: script-api 5.1, 5.2.
func TestLivechat(t *testing.T) {
	c := scriptBot(t, livechatBot)
	c.expect("help", "one moment", "")
	want := &session.Handover{Reason: "script", Department: "sales", FirstMessage: "help", OnlyOnline: true}
	if !reflect.DeepEqual(c.last.Handover, want) {
		t.Errorf("%+v", c.last.Handover)
	}
	var deployed session.LivechatBot = released{}
	if deployed.Livechat(c.vars) == nil {
		t.Error("a bot with releases forgets its livechat")
	}
	chat := c.bot.Livechat(c.vars)
	if chat == nil || !reflect.DeepEqual(chat.ClosePhrases, []string{"Back", "/close"}) || !strings.Contains(string(chat.LastMessage), `"text":"welcome back"`) {
		t.Errorf("%+v", chat)
	}
	if wired := c.wired(); len(wired) != 2 || wired[1]["type"] != "handover" || wired[1]["options"] == nil {
		t.Errorf("%v", wired)
	}
	event := func(name string) string {
		d, done := c.send(context.Background(), session.Input{Event: &session.InputEvent{Name: name}})
		if d.Failure != nil || len(done.replies) != 1 {
			t.Fatalf("%s: %+v %v", name, d.Failure, done.replies)
		}
		return str(done.replies[0], "text")
	}
	if got := event(session.EventNobodyOnline); got != "nobody is here false" {
		t.Error(got)
	}
	if c.bot.Livechat(c.vars) != nil {
		t.Error("a livechat that is over is remembered")
	}
	c.expect("help", "one moment", "")
	if got := event(session.EventLivechatFinished); got != "how was it?" {
		t.Error(got)
	}
	c.expect("help", "one moment", "")
	c.expect("back", "again with you")
	c.expect("online", "false false")
	c.say("note")
	if h := c.last.Handover; h == nil || !h.Once || h.OnlyOnline || h.FirstMessage != "call me" || c.bot.Livechat(c.vars) != nil || len(c.wired()) != 0 {
		t.Errorf("%+v", c.last)
	}
}

// TestWhatPeopleGet checks the fields of a switch for people and their programs:
// script-api 5.1.
func TestWhatPeopleGet(t *testing.T) {
	c := scriptBot(t, livechatBot)
	turn := c.turn()
	turn.Input = session.Input{Text: "desk"}
	asked, goOn := make(chan struct{}), make(chan struct{})
	close(goOn)
	turn.Transcript = blockingTranscript(asked, goOn)
	turn.Message = &session.Message{ID: turn.RequestID, Author: session.AuthorUser, AtMs: 1000, Body: []byte(`{"input":{"text":"desk"}}`)}
	d, _ := c.visitor.run(t.Context(), turn)
	want := &session.Handover{
		Reason: "script", FirstMessage: "desk", Theme: "returns", Attributes: map[string]string{"plan": `gold "plus"`, "age": "7"},
		Hidden: map[string]string{"risk": "high"}, Custom: []byte(`{"crm":[1,null]}`),
		History: []session.HandoverLine{{Author: session.AuthorUser, Text: "desk", AtMs: 1000}},
	}
	if !reflect.DeepEqual(d.Handover, want) {
		t.Errorf("got %+v (%+v)", d.Handover, d.Failure)
	}
	c.say("big")
	if f := c.last.Failure; f == nil || f.Message != "customData of a reply switch has 70002 bytes, the limit is 65536" {
		t.Errorf("%+v", f)
	}
}

// TestTransferToOperator checks the tag: script-api 5.3.
func TestTransferToOperator(t *testing.T) {
	for event, want := range map[string]string{session.EventNobodyOnline: "all asleep", session.EventLivechatFinished: "tag done"} {
		c := scriptBot(t, livechatBot)
		c.expect("tag", "I connect you", "")
		if h := c.last.Handover; h == nil || h.Department != "vip" || !h.OnlyOnline || h.Attributes["plan"] != "gold" {
			t.Errorf("%+v", h)
		}
		if chat := c.bot.Livechat(c.vars); chat == nil || !reflect.DeepEqual(chat.ClosePhrases, []string{"Stop", "/closeLiveChat"}) {
			t.Errorf("%+v", chat)
		}
		_, done := c.send(context.Background(), session.Input{Event: &session.InputEvent{Name: event}})
		if len(done.replies) != 1 || done.replies[0]["text"] != want {
			t.Errorf("%s: %v", event, done.replies)
		}
	}
}

// script-api 5.1: attributes reach people as they are, and what a user typed is
// never code.
func TestSwitchShowsTextsAsTheyAre(t *testing.T) {
	c := scriptBot(t, `theme: /
    state: Ask
        q!: help
        script:
            $response.replies = [{type: "switch", attributes: {note: "a \"quoted\"\nline", count: 5, more: {a: 1}}}];
    state: Tag
        q!: tag *
        TransferToOperator:
            messageBeforeTransfer = I connect {{$request.query}}
`)
	c.say("help")
	want := map[string]string{"note": "a \"quoted\"\nline", "count": "5", "more": `{"a":1}`}
	if c.last.Handover == nil || !reflect.DeepEqual(c.last.Handover.Attributes, want) {
		t.Errorf("%+v", c.last.Handover)
	}
	c.expect("tag {{1 + 1}}", "I connect tag {{1 + 1}}", "")
}

// An error handler may ask for people; what the failed turn asked for before is
// forgotten.
func TestErrorHandlerAsksForPeople(t *testing.T) {
	c := newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{"main.sc": `
init:
    bind("onAnyError", function ($context) {
        if ($context.request.query === "people") {
            $reactions.answer("a person comes");
            $context.response.replies.push({type: "switch", firstMessage: "it broke", ignoreOffline: true});
        }
    });
theme: /
    state: Fail
        q!: *
        script:
            $response.replies = [{type: "switch", firstMessage: "too early"}];
            throw new Error("no");
`}))
	c.say("people")
	if d := c.last; d.Failure == nil || d.Handover == nil || d.Handover.FirstMessage != "it broke" || d.Handover.OnlyOnline {
		t.Errorf("%+v", d)
	}
	c.say("nobody")
	if d := c.last; d.Failure == nil || d.Handover != nil {
		t.Errorf("%+v", d)
	}
}
