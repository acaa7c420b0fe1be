package session_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"parley/internal/session"
)

// dialog is what the history of a turn shows: messages, and where people had it.
func dialog(t *testing.T, turn *session.Turn, after int64) []string {
	t.Helper()
	messages, err := turn.Transcript(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := turn.HumanParts(t.Context(), after)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range parts {
		shown := fmt.Sprintf("%s in %q to %q:", p.Reason, p.Department, p.State)
		for _, m := range messages {
			if m.Sequence > after && p.Holds(m) {
				shown += fmt.Sprintf(" %s", m.Author)
			}
		}
		if (p.First == 0) != (p.BeganMs == 0) || (p.Last == 0) != (p.EndedMs == 0) {
			t.Errorf("%+v", p)
		}
		list = append(list, shown)
	}
	return list
}

// remembering answers every turn and tells of it.
func remembering(h *house) <-chan *session.Turn {
	turns := make(chan *session.Turn, 8)
	h.bot = func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
		turns <- turn
		return &session.Decision{Vars: *turn.Vars, Replies: []session.Reply{text("bot")}}, nil
	}
	return turns
}

// guarantees 2, row 12: the history that a bot is given marks start and end of what
// people had, and holds what they said and no note.
func TestGuarantee12_HistoryMarksTheHumanPart(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t, withDesk)
	h.desk = true
	turns := remembering(h)
	id := h.create("ada")
	h.mustSend(id, "hello")
	h.rest()
	if got := dialog(t, <-turns, 0); len(got) != 0 {
		t.Fatalf("before people had it: %q", got)
	}
	h.handover(id, "sales")
	h.mustSend(id, "anybody there?")
	h.rest()
	if _, err := h.core.Note(ctx, h.in, id, ann(), session.Note{Text: "a difficult one"}); err != nil {
		t.Fatal(err)
	}
	h.must(h.core.AgentMessage(ctx, h.in, id, ann(), session.Input{Text: "I am"}, ""))
	h.must(h.core.Return(ctx, h.in, id, ann(), "/Order/Paid"))
	h.rest()
	first := `requested in "sales" to "/Order/Paid": user agent`
	if got := dialog(t, <-turns, 0); !slices.Equal(got, []string{first}) {
		t.Errorf("after the return: %q", got)
	}

	// Taken over by hand, resolved, and opened again: people have it as before.
	h.must(h.core.Claim(ctx, h.in, id, bob(), false))
	h.must(h.core.CloseConversation(ctx, h.in, id, nil))
	h.must(h.core.ReopenConversation(ctx, h.in, id, nil))
	h.must(h.core.AgentMessage(ctx, h.in, id, bob(), session.Input{Text: "again"}, ""))
	h.must(h.core.Return(ctx, h.in, id, bob(), ""))
	h.rest()
	turn := <-turns
	want := []string{first, `agent in "" to "":`, `agent in "" to "": agent`}
	if got := dialog(t, turn, 0); !slices.Equal(got, want) {
		t.Errorf("after two more: %q", got)
	}

	// Who asks for less learns that it began earlier.
	messages, err := turn.Transcript(ctx, 100)
	if err != nil {
		t.Fatal(err)
	}
	var newest int64
	for _, m := range messages {
		if m.Author == session.AuthorAgent {
			newest = m.Sequence
		}
	}
	if got := dialog(t, turn, newest-1); !slices.Equal(got, []string{` in "" to "": agent`}) {
		t.Errorf("of the newest message: %q", got)
	}
}

// A message that people are told, while the bot keeps the dialog, is no human part.
func TestGuarantee12_WhatPeopleAreToldIsNoHumanPart(t *testing.T) {
	t.Parallel()
	h, id := livechatHouse(t)
	h.mustSend(id, "note")
	h.rest()
	turns := remembering(h)
	h.mustSend(id, "hello")
	h.rest()
	if got := dialog(t, <-turns, 0); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
