package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

func withDesk(in *session.Integration) { in.Settings.Desk = true }

func ann() session.Agent { return session.Agent{ID: "ann", Name: "Ann"} }
func bob() session.Agent { return session.Agent{ID: "bob", Name: "Bob"} }

// handedOver is a house with a desk and a session whose conversation waits in
// the queue of sales.
func handedOver(t *testing.T) (*house, session.ID) {
	t.Helper()
	h := newHouse(t, withDesk)
	h.desk = true
	id := h.create("ada")
	h.handover(id, "sales")
	return h, id
}

func (h *house) handover(id session.ID, department string) *session.Standing {
	h.t.Helper()
	out, err := h.core.Handover(h.t.Context(), h.in, id, session.Handover{Department: department}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return out.Standing
}

// must fails the test on an error.
func (h *house) must(_ *session.Result, err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestOwnership_Operations(t *testing.T) {
	t.Parallel()
	claimed := func(h *house, id session.ID) { h.must(h.core.Claim(h.t.Context(), h.in, id, ann(), false)) }
	queued := func(*house, session.ID) {}
	resolved := func(h *house, id session.ID) { h.must(h.core.CloseConversation(h.t.Context(), h.in, id, nil)) }
	returned := func(h *house, id session.ID) { h.must(h.core.Return(h.t.Context(), h.in, id, ann(), "")) }
	snoozed := func(h *house, id session.ID) {
		h.must(h.core.Snooze(h.t.Context(), h.in, id, ann(), session.SnoozedUntilReply))
	}
	assign := func(h *house, id session.ID) error {
		_, err := h.core.Assign(h.t.Context(), h.in, id, bob())
		return err
	}
	toBob := func(h *house, id session.ID) error {
		b := bob()
		_, err := h.core.Transfer(h.t.Context(), h.in, id, ann(), session.Transfer{Agent: &b})
		return err
	}
	toCare := func(h *house, id session.ID) error {
		_, err := h.core.Transfer(h.t.Context(), h.in, id, ann(), session.Transfer{Department: "care"})
		return err
	}
	giveBack := func(h *house, id session.ID) error {
		_, err := h.core.Return(h.t.Context(), h.in, id, ann(), "/Order")
		return err
	}
	sleepNow := func(h *house, id session.ID) error {
		_, err := h.core.Snooze(h.t.Context(), h.in, id, ann(), time.Now().Add(time.Hour).UnixMilli())
		return err
	}
	for _, c := range []struct {
		name   string
		before func(*house, session.ID)
		do     func(*house, session.ID) error
		owner  string // "kind agent department", after it
		code   session.Code
		events string // that it adds
	}{
		{"assign what waits", queued, assign, "agent bob sales", "", "conversation:member_join"},
		{"assign what an agent has", claimed, assign, "agent ann sales", session.CodeConflict, ""},
		{"assign what the bot has", returned, assign, "bot  ", session.CodeConflict, ""},
		{"assign what sleeps", snoozed, assign, "queue  sales", session.CodeConflict, ""},
		{"assign what is resolved", resolved, assign, "queue  sales", session.CodeConflict, ""},
		{"transfer to an agent", claimed, toBob, "agent bob sales", "", "conversation:transferred conversation:member_leave conversation:member_join"},
		{"transfer to who has it", func(h *house, id session.ID) { h.must(h.core.Claim(h.t.Context(), h.in, id, bob(), false)) }, toBob, "agent bob sales", "", ""},
		{"transfer to a department", claimed, toCare, "queue  care", "", "conversation:transferred conversation:member_leave"},
		{"transfer from the bot", returned, toCare, "queue  care", "", "conversation:transferred"},
		{"return", claimed, giveBack, "bot  ", "", "conversation:member_leave conversation:returned"},
		{"return from the queue", queued, giveBack, "bot  ", "", "conversation:returned"},
		{"return what the bot has", returned, giveBack, "bot  ", "", ""},
		{"return what is resolved", resolved, giveBack, "queue  sales", session.CodeConflict, ""},
		{"snooze", claimed, sleepNow, "agent ann sales", "", "conversation:snoozed"},
		{"snooze what the bot has", returned, sleepNow, "bot  ", session.CodeConflict, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, id := handedOver(t)
			h.bot = nil
			c.before(h, id)
			before, epoch := len(h.kinds(id)), h.look(id).Chain.Epoch
			err := c.do(h, id)
			if (err != nil || c.code != "") && session.CodeOf(err) != c.code {
				t.Fatalf("got %v, want %q", err, c.code)
			}
			v := h.look(id)
			if got := fmt.Sprintf("%s %s %s", v.Conversation.Owner, v.Conversation.Agent.ID, v.Conversation.Department); got != c.owner {
				t.Errorf("owner %q, want %q", got, c.owner)
			}
			if got := strings.Join(h.kinds(id)[before:], " "); got != c.events {
				t.Errorf("events %q, want %q", got, c.events)
			}
			moved := strings.Contains(c.events, "member") || strings.Contains(c.events, "transferred") || strings.Contains(c.events, "returned")
			if (v.Chain.Epoch > epoch) != moved {
				t.Errorf("epoch %d after %d", v.Chain.Epoch, epoch)
			}
		})
	}
}

// Of many claims at the same moment one wins, and the others learn who.
func TestOwnership_OneClaimWins(t *testing.T) {
	t.Parallel()
	h, _ := handedOver(t)
	for round := range 20 {
		id := h.create(fmt.Sprint("user ", round))
		h.handover(id, "")
		var mu sync.Mutex
		var winners []string
		owners := map[string]bool{}
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				who := session.Agent{ID: fmt.Sprint("agent ", i)}
				_, err := h.core.Claim(t.Context(), h.in, id, who, false)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					winners = append(winners, who.ID)
					return
				}
				e, ok := errors.AsType[*session.Error](err)
				if !ok || e.Code != session.CodeConflict || e.Owner == nil || e.Owner.Agent == nil {
					t.Errorf("a loser got %v", err)
					return
				}
				owners[e.Owner.Agent.ID] = true
			})
		}
		all.Wait()
		if len(winners) != 1 || len(owners) != 1 || !owners[winners[0]] || h.look(id).Conversation.Agent.ID != winners[0] {
			t.Fatalf("winners %q, told %v, owner %q", winners, owners, h.look(id).Conversation.Agent.ID)
		}
	}
}

// What asked for people learns at once where it stands: guarantees 2, row 14.
func TestOwnership_Standing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withDesk)
	h.bot, h.desk = nil, true
	for place := 1; place <= 3; place++ {
		want := session.Standing{Status: session.Queued, Position: place, Department: "sales", Reason: session.ReasonRequested}
		if st := h.handover(h.create(strconv.Itoa(place)), "sales"); *st != want {
			t.Errorf("got %+v, want %+v", *st, want)
		}
		sleepReal(h) // those of one millisecond are in the order of their ids
	}
	h.desk = false
	id := h.create("late")
	if st := h.handover(id, "care"); st.Status != session.NoAgents || st.Position != 1 {
		t.Errorf("%+v", *st)
	}
	h.must(h.core.Claim(t.Context(), h.in, id, ann(), false))
	if st := h.handover(id, "care"); st.Status != session.Attended || st.Position != 0 {
		t.Errorf("%+v", *st)
	}
}

// Handovers that are committed together have places of their own.
func TestOwnership_PositionsOfOneMoment(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withDesk)
	h.bot = nil
	const n = 40
	ids := make([]session.ID, n)
	for i := range ids {
		ids[i] = h.create(strconv.Itoa(i))
	}
	places := make([]int, n)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() { places[i] = h.handover(ids[i], "").Position })
	}
	all.Wait()
	// Ids order those of one millisecond, so a later one may stand before an
	// earlier; nobody is told of a place behind the end.
	if last := slices.Max(places); last > n || slices.Min(places) < 1 {
		t.Errorf("places %v of %d", places, n)
	}
	end := h.create("last")
	sleepReal(h)
	if st := h.handover(end, ""); st.Position != n+1 {
		t.Errorf("the last has place %d of %d", st.Position, n+1)
	}
}

// sleepReal waits until the clock shows another millisecond.
func sleepReal(h *house) {
	for began := time.Now().UnixMilli(); time.Now().UnixMilli() == began; {
		if h.t.Context().Err() != nil {
			return
		}
	}
}

// guarantees 2, row 15: the agent gets it back only while he is there.
func TestOwnership_Reopen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		away, owner string
		events      []string
	}{
		{"", "agent", []string{"conversation:reopened"}},
		{"ann", "queue", []string{"conversation:reopened", "conversation:handover"}},
	} {
		h, id := handedOver(t)
		h.bot, h.away = nil, c.away
		h.must(h.core.Claim(t.Context(), h.in, id, ann(), false))
		a := ann()
		h.must(h.core.CloseConversation(t.Context(), h.in, id, &a))
		before := len(h.kinds(id))
		h.must(h.core.ReopenConversation(t.Context(), h.in, id, nil))
		v := h.look(id)
		if string(v.Conversation.Owner) != c.owner || v.Conversation.LastAgent.ID != "ann" || v.Conversation.Department != "sales" {
			t.Errorf("away %q: %+v", c.away, v.Conversation)
		}
		if got := h.kinds(id)[before:]; !slices.Equal(got, c.events) {
			t.Errorf("away %q: events %q", c.away, got)
		}
	}
}

func TestOwnership_AgentMessageOnce(t *testing.T) {
	t.Parallel()
	h, id := handedOver(t)
	h.bot = nil
	h.mustSend(id, "hello")
	say := func(words, key string) (*session.Result, error) {
		return h.core.AgentMessage(t.Context(), h.in, id, ann(), session.Input{Text: words}, key)
	}
	first, err := say("hi", "m-1")
	h.must(first, err)
	again, err := say("hi", "m-1")
	h.must(again, err)
	if !again.Again || again.Message.ID != first.Message.ID {
		t.Errorf("a repeat got %+v", again)
	}
	_, err = say("other", "m-1")
	wantCode(t, err, session.CodeIdempotencyMismatch)
	h.must(h.core.Close(t.Context(), h.in, id, session.ReasonAPI))
	if again, err = say("hi", "m-1"); err != nil || again.Message.ID != first.Message.ID {
		t.Errorf("after the end: %v", err)
	}
	if n := len(slices.DeleteFunc(h.kinds(id), func(k string) bool { return k != session.EventMessageAgent })); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// Who waits for an answer, since when, and when he got the first.
func TestOwnership_Waiting(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h, id := handedOver(t)
		defer h.core.Stop(context.Background())
		entered := time.Now().UnixMilli()
		sleep(time.Minute)
		h.mustSend(id, "anybody?")
		h.must(h.core.Claim(t.Context(), h.in, id, ann(), false))
		if c := h.look(id).Conversation; c.WaitingMs != entered || c.AnsweredMs != 0 {
			t.Errorf("since %d, want %d; answered %d", c.WaitingMs, entered, c.AnsweredMs)
		}
		h.must(h.core.AgentMessage(t.Context(), h.in, id, ann(), session.Input{Text: "me"}, ""))
		answered := time.Now().UnixMilli()
		if c := h.look(id).Conversation; c.WaitingMs != 0 || c.AnsweredMs != answered {
			t.Errorf("answered: %+v", c)
		}
		sleep(time.Minute)
		h.mustSend(id, "and then?")
		asked := time.Now().UnixMilli()
		sleep(time.Minute)
		h.must(h.core.Transfer(t.Context(), h.in, id, ann(), session.Transfer{Department: "care"}))
		if c := h.look(id).Conversation; c.WaitingMs != asked || c.AnsweredMs != answered {
			t.Errorf("transferred: %+v", c)
		}
	})
}

func TestOwnership_NotesStayInside(t *testing.T) {
	t.Parallel()
	h, id := handedOver(t)
	h.must(h.core.Note(t.Context(), h.in, id, ann(), session.Note{Text: "a secret", Mentions: []string{"bob"}}))
	h.mustSend(id, "hello")
	for _, notes := range []bool{false, true} {
		list, err := h.core.Transcript(t.Context(), session.MessageFilter{Session: id, Notes: notes})
		if want := map[bool]int{false: 1, true: 2}[notes]; err != nil || len(list) != want {
			t.Errorf("notes %v: %d messages, %v", notes, len(list), err)
		}
	}
	events, err := h.core.Events(t.Context(), id, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	private := 0
	for _, ev := range events {
		if ev.Private() {
			private++
		}
	}
	if private != 1 {
		t.Errorf("%d private events", private)
	}
	for field, note := range map[string]session.Note{
		"text": {Text: " "}, "mentions": {Text: "x", Mentions: []string{""}},
	} {
		_, err := h.core.Note(t.Context(), h.in, id, ann(), note)
		if e, ok := errors.AsType[*session.Error](err); !ok || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err = h.core.Note(t.Context(), h.in, id, ann(), session.Note{Text: strings.Repeat("x", session.MaxTextChars+1)})
	wantCode(t, err, session.CodeInvalidPayload)
}

func TestOwnership_NoteOnce(t *testing.T) {
	t.Parallel()
	h, id := handedOver(t)
	write := func(text string, by session.Agent) (*session.Result, error) {
		return h.core.Note(t.Context(), h.in, id, by, session.Note{Text: text, ID: "n1"})
	}
	first, err := write("a secret", ann())
	h.must(first, err)
	again, err := write("a secret", ann())
	h.must(again, err)
	if !again.Again || again.Message.ID != first.Message.ID {
		t.Errorf("repeated: %+v after %+v", again.Message, first.Message)
	}
	_, err = write("another", ann())
	wantCode(t, err, session.CodeIdempotencyMismatch)
	_, err = write("a secret", bob())
	wantCode(t, err, session.CodeIdempotencyMismatch)
	_, err = h.core.AgentMessage(t.Context(), h.in, id, ann(), session.Input{Text: "a secret"}, "n1")
	wantCode(t, err, session.CodeIdempotencyMismatch)
	list, err := h.core.Transcript(t.Context(), session.MessageFilter{Session: id, Notes: true})
	if err != nil || len(list) != 1 {
		t.Errorf("%d messages, %v", len(list), err)
	}
	_, err = h.core.Note(t.Context(), h.in, id, ann(), session.Note{Text: "x", ID: strings.Repeat("i", session.MaxClientMessageChars+1)})
	wantCode(t, err, session.CodeInvalidPayload)
}

func TestOwnership_SnoozeAndWake(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h, id := handedOver(t)
		defer h.core.Stop(context.Background())
		h.must(h.core.Claim(t.Context(), h.in, id, ann(), false))
		until := time.Now().Add(2 * time.Minute).UnixMilli()
		h.must(h.core.Snooze(t.Context(), h.in, id, ann(), until))
		sleep(2*time.Minute - time.Second)
		if c := h.look(id).Conversation; c.SnoozedMs != until {
			t.Fatalf("woken early: %+v", c)
		}
		sleep(2 * time.Second)
		if c := h.look(id).Conversation; c.SnoozedMs != 0 {
			t.Fatalf("still asleep: %+v", c)
		}
		h.must(h.core.Snooze(t.Context(), h.in, id, ann(), time.Now().Add(time.Hour).UnixMilli()))
		h.mustSend(id, "wake up")
		if c := h.look(id).Conversation; c.SnoozedMs != 0 || c.WaitingMs == 0 {
			t.Errorf("a message did not wake it: %+v", c)
		}
		h.must(h.core.Snooze(t.Context(), h.in, id, ann(), session.SnoozedUntilReply))
		h.must(h.core.Wake(t.Context(), h.in, id, ann()))
		woken := 0
		for _, kind := range h.kinds(id) {
			if kind == session.EventWoken {
				woken++
			}
		}
		if woken != 3 {
			t.Errorf("woken %d times: %q", woken, h.kinds(id))
		}
		for _, at := range []int64{0, time.Now().UnixMilli(), time.Now().Add(session.MaxSnooze + time.Second).UnixMilli()} {
			_, err := h.core.Snooze(t.Context(), h.in, id, ann(), at)
			wantCode(t, err, session.CodeInvalidPayload)
		}
	})
}

// Returned to the bot, the dialog goes on where the agent chose, or where it was.
func TestGuarantee12_ReturnIsAnEventWithATargetState(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"", "/Order/Paid"} {
		h, id := handedOver(t)
		turns := make(chan *session.Turn, 4)
		h.bot = func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
			turns <- turn
			return &session.Decision{Vars: *turn.Vars, Replies: []session.Reply{text("back")}}, nil
		}
		h.must(h.core.AgentMessage(t.Context(), h.in, id, ann(), session.Input{Text: "done"}, ""))
		h.must(h.core.Return(t.Context(), h.in, id, ann(), state))
		turn := <-turns
		ev := turn.Input.Event
		if turn.TargetState != state || ev == nil || ev.Name != session.EventLivechatFinished {
			t.Fatalf("the bot goes to %q and hears %+v", turn.TargetState, ev)
		}
		var data struct {
			State string        `json:"state"`
			Agent session.Agent `json:"agent"`
		}
		if err := json.Unmarshal(ev.Data, &data); err != nil || data.State != state || data.Agent != ann() {
			t.Errorf("data %s, %v", ev.Data, err)
		}
		h.rest()
		h.mustSend(id, "thanks")
		h.rest()
		got := h.kinds(id)
		if want := []string{session.EventReturned, "bot:back", "user:thanks", "bot:back"}; !slices.Equal(got[len(got)-4:], want) {
			t.Errorf("events %q", got)
		}
	}
}

// A bot that can list its states is not sent to one that it does not have.
func TestGuarantee12_ReturnToAnUnknownStateIsRefused(t *testing.T) {
	t.Parallel()
	h, id := handedOver(t)
	h.states = []string{"/Order/Paid", "/Start"}
	_, err := h.core.Return(t.Context(), h.in, id, ann(), "/Order/Piad")
	wantCode(t, err, session.CodeInvalidPayload)
	if e, ok := errors.AsType[*session.Error](err); !ok || e.Field != "state" {
		t.Errorf("%v", err)
	}
	if c := h.look(id).Conversation; c.Owner != session.OwnerQueue {
		t.Errorf("after a refused return the owner is %s", c.Owner)
	}
	h.must(h.core.Return(t.Context(), h.in, id, ann(), "/Order/Paid"))
}

// guarantees 2, row 11: whatever changes the owner keeps the output of a turn
// that ran meanwhile out of sight.
func TestGuarantee11_LateBotOutputIsSuppressed(t *testing.T) {
	t.Parallel()
	ctx, b := context.Background(), bob()
	for name, change := range map[string]func(*house, session.ID) error{
		"claim": func(h *house, id session.ID) error { _, err := h.core.Claim(ctx, h.in, id, ann(), false); return err },
		"message": func(h *house, id session.ID) error {
			_, err := h.core.AgentMessage(ctx, h.in, id, ann(), session.Input{Text: "me"}, "")
			return err
		},
		"handover": func(h *house, id session.ID) error {
			_, err := h.core.Handover(ctx, h.in, id, session.Handover{}, nil)
			return err
		},
		"transfer": func(h *house, id session.ID) error {
			_, err := h.core.Transfer(ctx, h.in, id, ann(), session.Transfer{Agent: &b})
			return err
		},
		"taken and returned": func(h *house, id session.ID) error {
			if _, err := h.core.Claim(ctx, h.in, id, ann(), false); err != nil {
				return err
			}
			_, err := h.core.Return(ctx, h.in, id, ann(), "")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, withDesk)
			h.desk = true
			running, gate := make(chan struct{}, 4), make(chan struct{})
			h.bot = func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
				running <- struct{}{}
				<-gate
				return &session.Decision{Vars: *turn.Vars, Replies: []session.Reply{text("said " + turn.Input.Text)}}, nil
			}
			id := h.create("ada")
			h.mustSend(id, "hello")
			<-running
			if err := change(h, id); err != nil {
				t.Fatal(err)
			}
			close(gate)
			h.rest()
			got := h.kinds(id)
			if !slices.Contains(got, session.EventMessageSuppressed) || slices.Contains(got, "bot:said hello") {
				t.Errorf("events %q", got)
			}
			list, err := h.core.Transcript(t.Context(), session.MessageFilter{Session: id, Outcome: session.OutcomeSuppressed})
			if err != nil || len(list) != 2 { // the message, and what the bot said to it
				t.Errorf("%d suppressed, %v", len(list), err)
			}
		})
	}
}

// guarantees 2, row 9: error turns hand over only when they come in a row.
func TestGuarantee09_OneFailedTurnDoesNotEscalate(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withDesk)
	h.bot = switching
	id := h.create("ada")
	for range 3 {
		for _, words := range []string{"fail", "fail", "hi"} {
			h.mustSend(id, words)
			h.rest()
		}
	}
	if c := h.look(id).Conversation; c.Human() {
		t.Fatalf("escalated: %+v", c)
	}
	for range session.BotFailuresBeforeHandover {
		h.mustSend(id, "fail")
		h.rest()
	}
	if c := h.look(id).Conversation; c.Owner != session.OwnerQueue || c.Reason != session.ReasonBotFailed {
		t.Fatalf("not escalated: %+v", c)
	}
	h.must(h.core.Return(t.Context(), h.in, id, ann(), "")) // escalation is reversible
	h.rest()
	h.mustSend(id, "hi")
	h.rest()
	if got := h.kinds(id); got[len(got)-1] != "bot:echo hi" {
		t.Errorf("events %q", got)
	}
}

// guarantees 2, row 10: a bot that cannot be reached leaves nobody in limbo.
func TestGuarantee10_UnreachableBotHandsOverAndTells(t *testing.T) {
	t.Parallel()
	for _, online := range []bool{true, false} {
		h := newHouse(t, withDesk)
		h.desk = online
		h.bot = func(context.Context, *session.Turn) (*session.Decision, error) { return nil, errors.New("no route") }
		id := h.create("ada")
		h.mustSend(id, "hello")
		h.rest()
		h.expect(id, "session:created", "user:hello", "bot:"+session.DefaultBotFailedNotice, session.EventHandover)
		events, err := h.core.Events(t.Context(), id, 3, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := `{"reason":"bot_failed","status":"no_agents","position":1}`
		if online {
			want = `{"reason":"bot_failed","status":"queued","position":1}`
		}
		if got := string(events[0].Body); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// guarantees 2, row 13: people's messages push the session, with their timeout.
func TestGuarantee13_SessionLivesWhileAHumanTalks(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t, withDesk, func(in *session.Integration) {
			in.Settings.SessionTimeout = session.Duration(time.Minute)
			in.Settings.HumanTimeout = session.Duration(2 * time.Minute)
			in.Settings.DialogTimeout = session.Duration(30 * time.Second)
		})
		defer h.core.Stop(context.Background())
		id := h.create("ada")
		h.mustSend(id, "hello")
		h.rest()
		h.handover(id, "")
		for range 5 {
			sleep(100 * time.Second)
			h.must(h.core.AgentMessage(t.Context(), h.in, id, ann(), session.Input{Text: "still looking"}, ""))
		}
		if v := h.look(id); !v.Session.Open() {
			t.Fatal("it expired while a human talked")
		}
		if slices.Contains(h.kinds(id), session.EventDialogExpired) {
			t.Error("the dialog timer ran while people had it")
		}
		h.must(h.core.Return(t.Context(), h.in, id, ann(), ""))
		sleep(2 * time.Minute)
		if v := h.look(id); v.Session.Open() {
			t.Error("it goes on for ever after the return")
		}
	})
}

// guarantees 2, row 17: a transfer is whole, or nothing.
func TestGuarantee17_TransferIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	h, id := handedOver(t)
	h.bot = nil
	h.must(h.core.Claim(t.Context(), h.in, id, ann(), false))
	before, events := h.look(id), h.kinds(id)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := bob()
	if _, err := h.core.Transfer(ctx, h.in, id, ann(), session.Transfer{Agent: &b}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	after := h.look(id)
	if *after.Conversation != *before.Conversation || *after.Chain != *before.Chain || !slices.Equal(h.kinds(id), events) {
		t.Errorf("a transfer that failed left %+v", after.Conversation)
	}
	if err := h.store.Close(); err != nil { // a transfer that the disk refuses
		t.Fatal(err)
	}
	_, err := h.core.Transfer(t.Context(), h.in, id, ann(), session.Transfer{Agent: &b})
	wantCode(t, err, session.CodeUnavailable)
	h.core.Stop(t.Context())
	h.open()
	if c := h.look(id).Conversation; *c != *before.Conversation {
		t.Errorf("a transfer that failed left %+v", c)
	}
	h.must(h.core.Transfer(t.Context(), h.in, id, ann(), session.Transfer{Agent: &b}))
	if c := h.look(id).Conversation; c.Agent != bob() || c.LastAgent != bob() {
		t.Errorf("%+v", c)
	}
}

// guarantees 2, row 18: what sleeps does not end before it wakes, and everything
// ends at last.
func TestGuarantee18_EveryStateEndsAndSleepIsKept(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t, withDesk, func(in *session.Integration) { in.Settings.SessionTimeout = session.Duration(time.Minute) })
		defer h.core.Stop(context.Background())
		h.bot = nil
		id := h.create("ada")
		h.handover(id, "")
		h.must(h.core.Snooze(t.Context(), h.in, id, ann(), time.Now().Add(3*time.Minute).UnixMilli()))
		sleep(3*time.Minute + 50*time.Second)
		if v := h.look(id); !v.Session.Open() || v.Conversation.SnoozedMs != 0 {
			t.Fatalf("%s, %+v", v.Session.Status, v.Conversation)
		}
		sleep(12 * time.Second)
		if v := h.look(id); v.Session.Open() {
			t.Error("it does not end after its sleep")
		}
		id = h.create("bea")
		h.handover(id, "")
		h.must(h.core.Snooze(t.Context(), h.in, id, ann(), session.SnoozedUntilReply))
		sleep(5 * time.Minute)
		v := h.look(id)
		if left := v.Session.Deadline(&h.in.Settings, v.Conversation) - v.Session.LastUserMs; !v.Session.Open() || left != session.MaxSessionTimeout.Milliseconds() {
			t.Errorf("%s, it lives %d ms", v.Session.Status, left)
		}
	})
}

// guarantees 2, row 18: whatever state a session is in, a setting ends it, no
// sooner and at most a tick later.
func TestGuarantee18_EveryStateHasATimerSetting(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for state, c := range map[string]struct {
		enter func(h *house, id session.ID) error
		lives time.Duration // after enter
	}{
		"bot":   {func(*house, session.ID) error { return nil }, time.Minute},
		"queue": {func(h *house, id session.ID) error { h.handover(id, ""); return nil }, 2 * time.Minute},
		"agent": {func(h *house, id session.ID) error {
			_, err := h.core.Claim(ctx, h.in, id, ann(), false)
			return err
		}, 2 * time.Minute},
		"asleep until a moment": {func(h *house, id session.ID) error {
			h.handover(id, "")
			_, err := h.core.Snooze(ctx, h.in, id, ann(), time.Now().Add(4*time.Minute).UnixMilli())
			return err
		}, 6 * time.Minute},
		"asleep until a reply": {func(h *house, id session.ID) error {
			h.handover(id, "")
			_, err := h.core.Snooze(ctx, h.in, id, ann(), session.SnoozedUntilReply)
			return err
		}, 8 * time.Minute},
		"resolved": {func(h *house, id session.ID) error {
			h.handover(id, "")
			_, err := h.core.CloseConversation(ctx, h.in, id, nil)
			return err
		}, 30 * time.Second},
	} {
		bubble(t, func(t *testing.T) {
			h := newHouse(t, withDesk, func(in *session.Integration) {
				in.Kind = session.KindWeb
				in.Settings.SessionTimeout, in.Settings.HumanTimeout = session.Duration(time.Minute), session.Duration(2*time.Minute)
				in.Settings.KeepAlive, in.Settings.MaxSession = session.Duration(30*time.Second), session.Duration(8*time.Minute)
			})
			defer h.core.Stop(ctx)
			h.bot = nil
			id := h.create("ada")
			if err := c.enter(h, id); err != nil {
				t.Fatal(state, err)
			}
			sleep(c.lives - 2*time.Second)
			if v := h.look(id); !v.Session.Open() {
				t.Errorf("%s: it ended too early: %s", state, v.Session.Reason)
			}
			sleep(4 * time.Second)
			if v := h.look(id); v.Session.Open() {
				t.Errorf("%s: nothing ended it", state)
			}
		})
	}
}

// A REST handover tells the bot that nobody is there; it may speak, and not end
// what waits.
func TestOwnership_BotSpeaksBesideTheQueue(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withDesk)
	h.bot = func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
		return &session.Decision{
			Vars: *turn.Vars, Replies: []session.Reply{text(turn.Input.Event.Name + " " + string(turn.Input.Event.Data))},
			Switch: session.SwitchStop, CloseConversation: true,
		}, nil
	}
	id := h.create("ada")
	h.handover(id, "")
	h.await(id, 3)
	h.expect(id, "session:created", session.EventHandover, `bot:noLivechatOperatorsOnline {"status":"no_agents"}`)
	if v := h.look(id); !v.Session.Open() || v.Conversation.Owner != session.OwnerQueue {
		t.Errorf("%s, %+v", v.Session.Status, v.Conversation)
	}
}

// await waits until a chain has n events.
func (h *house) await(chain session.ID, n int64) {
	h.t.Helper()
	done := make(chan struct{})
	f := h.core.Follow(chain, n-1, func(*session.Event) bool {
		close(done)
		return false
	})
	defer f.Close()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		h.t.Fatalf("there is no event %d", n)
	}
}

// guarantees 2, row 12: what people give back at a state goes on there, however
// soon the user writes: the bot hears of the return before the next message.
func TestGuarantee12_TheReturnIsHeardBeforeTheNextMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withDesk)
	var heard []string
	h.bot = func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
		if turn.Input.Event != nil {
			heard = append(heard, turn.Input.Event.Name+" "+turn.TargetState)
		} else {
			heard = append(heard, turn.Input.Text)
		}
		return &session.Decision{Vars: *turn.Vars}, nil
	}
	h.states = []string{"/Paid"}
	id := h.create("ada")
	for range 5 {
		heard = nil
		h.must(h.core.Claim(t.Context(), h.in, id, ann(), false))
		h.must(h.core.Return(t.Context(), h.in, id, ann(), "/Paid"))
		h.mustSend(id, "hi")
		h.rest()
		if want := []string{session.EventLivechatFinished + " /Paid", "hi"}; !slices.Equal(heard, want) {
			t.Fatalf("the bot heard %q, want %q", heard, want)
		}
	}
}
