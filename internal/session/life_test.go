package session_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/internal/session"
)

// switching answers with a session switch for the words that name one.
func switching(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	d, err := counting(context.Background(), turn)
	switch turn.Input.Text {
	case "start":
		d.Switch, d.Vars.Data = session.SwitchStart, []byte(`{"fresh":1}`)
	case "new":
		d.Switch, d.Vars.Data = session.SwitchRestart, nil
		d.Before = []session.Reply{text("before")}
	case "stop":
		d.Switch, d.Vars.Data = session.SwitchStop, []byte(`{"left":1}`)
	case "handover":
		d.Handover = &session.Handover{Reason: "asked"}
	case "arm":
		d.Timeout = &session.Timeout{After: time.Minute, TargetState: "/late"}
	case "resolve":
		d.CloseConversation = true
	case "fail":
		d.Failure = &session.Failure{Code: "script", State: "/x", Where: "main.sc:3:5", Message: "boom"}
	}
	if turn.TargetState != "" {
		d.Replies = []session.Reply{text("late")}
	}
	return d, err
}

func TestCore_AnswersAMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.create("ada")
	out := h.mustSend(id, "hi")
	if out.Session.ID != id || out.Message.Placed() {
		t.Errorf("accepted in %s, placed %v", out.Session.ID, out.Message.Placed())
	}
	h.rest()
	h.expect(id, "session:created", "user:hi", "bot:echo hi")
	if v := h.look(id); string(v.Client.Data) != `{"n":1}` || v.Client.Pending != 0 || v.Conversation.Owner != session.OwnerBot {
		t.Errorf("client %s pending %d, owner %s", v.Client.Data, v.Client.Pending, v.Conversation.Owner)
	}
}

func TestCore_StartSessionInALaterMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bot = switching
	id := h.create("ada")
	if _, err := h.patch(id, `{"user":{"email":"a@b.c"}}`, 0); err != nil {
		t.Fatal(err)
	}
	h.mustSend(id, "hi")
	h.rest()
	h.mustSend(id, "start")
	h.rest()
	h.expect(id, "session:created", "session:context:updated", "user:hi", "bot:echo hi",
		"session:closed", "session:created", "user:start", "bot:echo start")
	v := h.head(id)
	old := h.look(id)
	if v.Session.Predecessor != id || old.Session.Successor != v.Session.ID || old.Session.Reason != session.ReasonScript {
		t.Errorf("predecessor %s, successor %s, reason %s", v.Session.Predecessor, old.Session.Successor, old.Session.Reason)
	}
	if email, _ := v.Document.At("user", "email"); email != "a@b.c" || v.Chain.Version != 2 {
		t.Errorf("context %s version %d", v.Document.JSON(), v.Chain.Version)
	}
	out := h.mustSend(id, "again") // the old id keeps working
	if out.Session.ID != v.Session.ID {
		t.Errorf("acts on %s, want the successor %s", out.Session.ID, v.Session.ID)
	}
	h.rest()
}

func TestCore_SwitchInTheFirstTurnKeepsTheSession(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"start", "new"} {
		h := newHouse(t)
		h.bot = switching
		id := h.create("ada")
		h.mustSend(id, word)
		h.rest()
		if v := h.head(id); v.Session.ID != id || !v.Session.Open() {
			t.Errorf("%s: head %s, want %s open", word, v.Session.ID, id)
		}
	}
}

func TestCore_NewSessionKeepsEarlierRepliesInTheOld(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bot = switching
	id := h.create("ada")
	h.mustSend(id, "hi")
	h.rest()
	h.mustSend(id, "new")
	h.rest()
	h.expect(id, "session:created", "user:hi", "bot:echo hi", "bot:before", "session:closed", "session:created", "user:new", "bot:echo new")
}

func TestCore_StopSessionThenTheNextMessageOpensTheSuccessor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bot = switching
	id := h.create("ada")
	h.mustSend(id, "stop")
	h.rest()
	if _, err := h.core.View(t.Context(), h.in, id); session.CodeOf(err) != session.CodeSessionNotFound {
		t.Errorf("GET after stop: %v, want not found", err)
	}
	_, err := h.core.Close(t.Context(), h.in, id, session.ReasonAPI)
	wantCode(t, err, session.CodeSessionNotFound)
	out := h.mustSend(id, "hi")
	h.rest()
	if out.Session.ID == id || out.Session.Predecessor != id {
		t.Errorf("opened %s with predecessor %s", out.Session.ID, out.Session.Predecessor)
	}
	h.expect(id, "session:created", "user:stop", "bot:echo stop", "session:closed", "session:created", "user:hi", "bot:echo hi")
}

func TestCore_QueuedBehindAStop(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	gate := make(chan struct{})
	h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		<-gate
		return switching(ctx, turn)
	}
	id := h.create("ada")
	h.mustSend(id, "stop")
	h.mustSend(id, "one")
	h.mustSend(id, "two")
	close(gate)
	h.rest()
	h.expect(id, "session:created", "user:stop", "bot:echo stop", "session:closed", "session:created",
		"user:one", "bot:echo one", "user:two", "bot:echo two")
	if v := h.look(id); string(v.Client.Data) != `{"n":3}` {
		t.Errorf("$client %s, want 3 turns", v.Client.Data)
	}
}

func TestCore_AnEndPlacesWhatWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	running, gate := make(chan struct{}), make(chan struct{})
	h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		close(running)
		<-gate
		return counting(ctx, turn)
	}
	id := h.create("ada")
	h.mustSend(id, "one")
	<-running
	h.mustSend(id, "two")
	if _, err := h.core.Close(t.Context(), h.in, id, session.ReasonAPI); err != nil {
		t.Fatal(err)
	}
	close(gate)
	h.rest()
	h.close()
	h.open()
	h.expect(id, "session:created", "user:one", "user:two", "session:closed")
	if _, err := h.send(id, "late"); session.CodeOf(err) != session.CodeSessionNotFound {
		t.Errorf("message to a closed session: %v", err)
	}
	_, err := h.core.Close(t.Context(), h.in, id, session.ReasonAPI)
	wantCode(t, err, session.CodeSessionNotFound)
}

func TestCore_OwnerChangeSuppressesTheRunningTurn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	running, gate := make(chan struct{}), make(chan struct{})
	h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		close(running)
		<-gate
		return switching(ctx, turn)
	}
	id := h.create("ada")
	h.mustSend(id, "start")
	<-running
	if _, err := h.core.Claim(t.Context(), h.in, id, session.Agent{ID: "kim", Name: "Kim"}, false); err != nil {
		t.Fatal(err)
	}
	close(gate)
	h.rest()
	h.mustSend(id, "hello?") // goes to the human at once
	h.expect(id, "session:created", "conversation:member_join", "user:start", "message:suppressed", "user:hello?")
	v := h.look(id)
	if v.Client.Data != nil || v.Conversation.Owner != session.OwnerAgent {
		t.Errorf("$client %s, owner %s", v.Client.Data, v.Conversation.Owner)
	}
	_, err := h.core.Claim(t.Context(), h.in, id, session.Agent{ID: "lee"}, false)
	wantCode(t, err, session.CodeConflict)
}

func TestCore_HandoverOfTheScriptShowsItsReplies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bot = switching
	id := h.create("ada")
	h.mustSend(id, "handover")
	h.rest()
	h.mustSend(id, "anyone?")
	h.rest()
	h.expect(id, "session:created", "user:handover", "bot:echo handover", "conversation:handover", "user:anyone?")
	if _, err := h.core.CloseConversation(t.Context(), h.in, id, nil); err != nil {
		t.Fatal(err)
	}
	h.mustSend(id, "bot?")
	h.rest()
	h.expect(id, "session:created", "user:handover", "bot:echo handover", "conversation:handover", "user:anyone?",
		"conversation:closed", "user:bot?", "bot:echo bot?")
}

func TestCore_ErrorTurnLeavesTheBotInService(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bot = switching
	id := h.create("ada")
	for _, word := range []string{"hi", "fail", "hi"} {
		h.mustSend(id, word)
		h.rest()
	}
	v := h.look(id)
	if string(v.Client.Data) != `{"n":2}` || v.Conversation.Owner != session.OwnerBot {
		t.Errorf("$client %s, owner %s", v.Client.Data, v.Conversation.Owner)
	}
	failed, err := h.core.Transcript(t.Context(), session.MessageFilter{Outcome: session.OutcomeFailed, Limit: 10})
	if err != nil || len(failed) != 1 || failed[0].Why != "script in /x at main.sc:3:5: boom" {
		t.Errorf("failed turns %v, %v", failed, err)
	}
}

func TestCore_FailuresInARowHandOver(t *testing.T) {
	t.Parallel()
	for _, desk := range []bool{true, false} {
		h := newHouse(t, func(in *session.Integration) { in.Settings.Desk = desk })
		h.bot = switching
		id := h.create("ada")
		for range session.BotFailuresBeforeHandover {
			h.mustSend(id, "fail")
			h.rest()
		}
		want := session.OwnerBot
		if desk {
			want = session.OwnerQueue
		}
		if v := h.look(id); v.Conversation.Owner != want {
			t.Errorf("desk %v: owner %s, want %s", desk, v.Conversation.Owner, want)
		}
	}
}

func TestCore_RepeatedIDs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bot = switching
	id := h.create("ada")
	h.mustSend(id, "hi")
	h.rest()
	first, err := h.sendAs(id, "start", "m1")
	if err != nil {
		t.Fatal(err)
	}
	h.rest()
	again, err := h.sendAs(id, "start", "m1")
	if err != nil || !again.Again || again.Message.ID != first.Message.ID || again.Session.ID != first.Session.ID {
		t.Errorf("repeat: %+v, %v", again, err)
	}
	_, err = h.sendAs(id, "other", "m1")
	wantCode(t, err, session.CodeIdempotencyMismatch)
	h.rest()
	if got := len(h.kinds(id)); got != 7 {
		t.Errorf("%d events, want 7: the repeat ran again", got)
	}
}

func TestCore_InboxBound(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(in *session.Integration) { in.Settings.MaxPending = 3 })
	gate := make(chan struct{})
	h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		<-gate
		return counting(ctx, turn)
	}
	id := h.create("ada")
	for range 3 {
		h.mustSend(id, "hi")
	}
	_, err := h.send(id, "over")
	wantCode(t, err, session.CodeRateLimited)
	if _, err := h.patch(id, `{"k":1}`, 0); err != nil {
		t.Errorf("a direct turn waits for the bot: %v", err)
	}
	close(gate)
	h.rest()
}

func TestCore_BotUnreachable(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bot = func(context.Context, *session.Turn) (*session.Decision, error) { return nil, errors.New("no route") }
	id := h.create("ada")
	h.mustSend(id, "hi")
	h.rest()
	h.expect(id, "session:created", "user:hi", "bot:")
}

func TestCore_VersionsAndPreconditions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.create("")
	out, err := h.patch(id, `{"a":1}`, 1)
	if err != nil || out.Version != 2 {
		t.Fatalf("version %d, %v", out.Version, err)
	}
	_, err = h.patch(id, `{"a":2}`, 1)
	wantCode(t, err, session.CodeVersionConflict)
	for _, same := range []string{`{}`, `{"a":1}`, `{"sys-x":1}`} {
		if out, err = h.patch(id, same, 0); err != nil || out.Version != 2 || out.Changed {
			t.Errorf("%s: version %d changed %v, %v", same, out.Version, out.Changed, err)
		}
	}
	h.expect(id, "session:created", "session:context:updated")
}

func TestCore_ParallelSessionsOfOneClientShareTheLane(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, b := h.create("ada"), h.create("ada")
	for range 10 {
		h.mustSend(a, "a")
		h.mustSend(b, "b")
	}
	h.rest()
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := 1; i < len(h.trace); i++ {
		if h.trace[i].Load.Before(h.trace[i-1].Commit) {
			t.Fatalf("turn %d was loaded before turn %d committed", i, i-1)
		}
	}
	if v := h.look(a); string(v.Client.Data) != `{"n":20}` {
		t.Errorf("$client %s, want 20 turns", v.Client.Data)
	}
}
