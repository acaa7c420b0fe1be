package session_test

import (
	"context"
	"testing"
	"time"

	"parley/internal/session"
)

// transferring hands over at "human" ("now" only while somebody is online, "note" as a
// message alone) and answers anything else with its text or event.
func transferring(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	d := &session.Decision{Vars: *turn.Vars}
	said := turn.Input.Text
	if e := turn.Input.Event; e != nil {
		said = e.Name
	}
	switch said {
	case "human":
		d.Handover = &session.Handover{Reason: "script", FirstMessage: "help"}
	case "now":
		d.Handover = &session.Handover{Reason: "script", OnlyOnline: true}
	case "note":
		d.Handover = &session.Handover{
			Reason: "script", Once: true, FirstMessage: "call me", Theme: "returns", Hidden: map[string]string{"risk": "high"},
			Custom: []byte(`{"crm":7}`), History: []session.HandoverLine{{Author: session.AuthorUser, Text: "note", AtMs: 5}},
		}
	}
	d.Replies = []session.Reply{text(said)}
	return d, nil
}

func livechatHouse(t *testing.T) (*house, session.ID) {
	h := newHouse(t, func(in *session.Integration) { in.Settings.Desk = true })
	h.bot = transferring
	h.chat = &session.Livechat{ClosePhrases: []string{"", "To the Bot"}, LastMessage: text("bye")}
	return h, h.create("ada")
}

// script-api 5.2, 4: a close phrase says the last message, ends the livechat and is
// processed by the bot.
func TestLivechat_ClosePhrase(t *testing.T) {
	t.Parallel()
	for name, online := range map[string]bool{"before anybody answered": false, "while an agent answers": true} {
		bubble(t, func(t *testing.T) {
			h, id := livechatHouse(t)
			defer h.core.Stop(context.Background())
			h.mustSend(id, "human")
			h.rest()
			if online {
				if _, err := h.core.AgentMessage(t.Context(), h.in, id, session.Agent{ID: "eve"}, session.Input{Text: "hello"}, ""); err != nil {
					t.Fatal(name, err)
				}
			}
			h.mustSend(id, "to the bo")
			h.rest()
			if v := h.look(id); !v.Conversation.Human() {
				t.Fatalf("%s: %+v", name, v.Conversation)
			}
			h.mustSend(id, " TO the bot ")
			h.rest()
			sleep(time.Second)
			if v := h.look(id); v.Conversation.Human() || !v.Conversation.Open() {
				t.Errorf("%s: %+v", name, v.Conversation)
			}
			got := h.kinds(id)
			want := []string{"user:to the bo", "bot:bye", "user: TO the bot ", "bot: TO the bot "}
			for _, event := range got {
				if len(want) > 0 && event == want[0] {
					want = want[1:]
				}
				if event == "bot:"+session.EventLivechatFinished {
					t.Errorf("%s: the bot is told of a livechat that the user ended: %q", name, got)
				}
			}
			if len(want) > 0 {
				t.Errorf("%s: %q lacks %q", name, got, want)
			}
		})
	}
}

// script-api 5.2, 4: the bot hears that people are done with a dialog it gave away,
// and of no other one.
func TestLivechat_Finished(t *testing.T) {
	t.Parallel()
	for _, began := range []bool{true, false} {
		bubble(t, func(t *testing.T) {
			h, id := livechatHouse(t)
			defer h.core.Stop(context.Background())
			if !began {
				h.chat = nil
			}
			h.mustSend(id, "human")
			h.rest()
			if _, err := h.core.CloseConversation(t.Context(), h.in, id, &session.Agent{ID: "eve"}); err != nil {
				t.Fatal(err)
			}
			sleep(time.Second)
			count := 0
			for _, event := range h.kinds(id) {
				if event == "bot:"+session.EventLivechatFinished {
					count++
				}
			}
			if began && count != 1 || !began && count != 0 {
				t.Errorf("began %v: told %d times: %q", began, count, h.kinds(id))
			}
		})
	}
}

// script-api 5.2, 2: with nobody online the dialog stays with the bot, which is told.
func TestLivechat_NobodyOnline(t *testing.T) {
	t.Parallel()
	for _, online := range []bool{true, false} {
		bubble(t, func(t *testing.T) {
			h, id := livechatHouse(t)
			defer h.core.Stop(context.Background())
			h.desk = online
			h.mustSend(id, "now")
			sleep(time.Second)
			v := h.look(id)
			want := []string{"session:created", "user:now", "bot:now", "bot:" + session.EventNobodyOnline}
			if online {
				want = []string{"session:created", "user:now", "bot:now", session.EventHandover}
			}
			if v.Conversation.Human() != online {
				t.Errorf("online %v: %+v", online, v.Conversation)
			}
			h.expect(id, want...)
		})
	}
}

// script-api 5.1, oneTimeMessage: people are told, the bot keeps the dialog.
func TestLivechat_OneTimeMessage(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h, id := livechatHouse(t)
		defer h.core.Stop(context.Background())
		h.mustSend(id, "note")
		h.rest()
		h.mustSend(id, "more")
		h.rest()
		h.expect(id, "session:created", "user:note", "bot:note", session.EventHandover, "user:more", "bot:more")
		events, err := h.core.Events(t.Context(), id, 0, 10)
		if err != nil || len(events) != 6 {
			t.Fatal(events, err)
		}
		want := `{"reason":"script","first_message":"call me","one_time":true,"theme":"returns","hidden_attributes":{"risk":"high"},` +
			`"custom_data":{"crm":7},"history":[{"author":"user","text":"note","timestamp":5}]}`
		if got := string(events[3].Body); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// A bot that hands over again when nobody is online is told once.
func TestLivechat_NobodyOnlineIsNoLoop(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h, id := livechatHouse(t)
		defer h.core.Stop(context.Background())
		h.bot = func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
			return &session.Decision{
				Vars: *turn.Vars, Replies: []session.Reply{text("wait")}, Handover: &session.Handover{Reason: "script", OnlyOnline: true},
			}, nil
		}
		h.mustSend(id, "help")
		sleep(time.Minute)
		h.expect(id, "session:created", "user:help", "bot:wait", "bot:wait")
	})
}

// An error turn may hand over: its handler asked for people.
func TestLivechat_OfAnErrorTurn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		d, err := switching(ctx, turn)
		if turn.Input.Text == "fail" {
			d.Handover = &session.Handover{Reason: "script"}
		}
		return d, err
	}
	id := h.create("ada")
	h.mustSend(id, "fail")
	h.rest()
	if v := h.look(id); !v.Conversation.Human() || v.Client.Failures != 0 || v.Client.Data != nil {
		t.Errorf("owner %s, %d failures, data %s", v.Conversation.Owner, v.Client.Failures, v.Client.Data)
	}
}
