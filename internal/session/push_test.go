package session_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"parley/internal/session"
)

// pushing answers with the text or the event of its turn; "push" sends events
// 10 and 20 seconds from now, "cancel" takes the second back, "stop" ends the
// session.
func pushing(due *[]session.ID) botFunc {
	return func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
		d := &session.Decision{Vars: *turn.Vars}
		if e := turn.Input.Event; e != nil {
			var raw struct {
				EventData json.RawMessage `json:"eventData"`
			}
			_ = json.Unmarshal(turn.Raw, &raw)
			d.Replies = []session.Reply{text(e.Name + " " + string(e.Data) + " " + string(raw.EventData))}
			return d, nil
		}
		switch turn.Input.Text {
		case "push":
			for i, name := range []string{"first", "second"} {
				at := turn.Now().Add(time.Duration(i+1) * 10 * time.Second)
				id := session.NewID(turn.Now())
				*due = append(*due, id)
				d.Pushes = append(d.Pushes, session.Push{ID: id, DueMs: at.UnixMilli(), Event: name, Data: json.RawMessage(`{"n":1}`)})
			}
		case "pushback":
			id := session.NewID(turn.Now())
			*due = append(*due, session.ID{}, id)
			d.Pushes = []session.Push{{ID: id, DueMs: turn.Now().Add(5 * time.Minute).UnixMilli(), Event: "paid", Data: json.RawMessage(`{"order":7}`), Pushback: true}}
		case "cancel":
			d.CancelPushes = []session.ID{(*due)[1]}
		case "stop":
			d.Switch = session.SwitchStop
		}
		d.Replies = []session.Reply{text("ok")}
		return d, nil
	}
}

const firstSaid, secondSaid = `bot:first {"n":1} {"n":1}`, `bot:second {"n":1} {"n":1}`

// script-api 2.8: a pushed event fires once, is no message of the user, and
// survives a restart.
func TestPush_FiresOnceAndSurvivesARestart(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		var ids []session.ID
		h := newHouse(t)
		h.bot = pushing(&ids)
		id := h.create("ada")
		h.mustSend(id, "push")
		sleep(9900 * time.Millisecond)
		h.expect(id, "session:created", "user:push", "bot:ok")
		sleep(300 * time.Millisecond)
		h.expect(id, "session:created", "user:push", "bot:ok", firstSaid)
		h.close()
		sleep(30 * time.Second)
		h.open()
		defer h.core.Stop(context.Background())
		sleep(time.Second)
		h.expect(id, "session:created", "user:push", "bot:ok", firstSaid, secondSaid)
		if v := h.look(id); v.Session.UserMessages != 1 {
			t.Errorf("%d messages of the user are counted", v.Session.UserMessages)
		}
	})
}

func TestPush_IsTakenBackByItsClientAlone(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		var ids []session.ID
		h := newHouse(t)
		defer h.core.Stop(context.Background())
		h.bot = pushing(&ids)
		ada, bob := h.create("ada"), h.create("bob")
		h.mustSend(ada, "push")
		h.rest()
		h.mustSend(bob, "cancel")
		sleep(11 * time.Second)
		h.mustSend(ada, "cancel")
		sleep(20 * time.Second)
		h.expect(ada, "session:created", "user:push", "bot:ok", firstSaid, "user:cancel", "bot:ok")
	})
	bubble(t, func(t *testing.T) {
		var ids []session.ID
		h := newHouse(t)
		defer h.core.Stop(context.Background())
		h.bot = pushing(&ids)
		ada, bob := h.create("ada"), h.create("bob")
		h.mustSend(ada, "push")
		h.rest()
		h.mustSend(bob, "cancel")
		sleep(21 * time.Second)
		h.expect(ada, "session:created", "user:push", "bot:ok", firstSaid, secondSaid)
	})
}

// The event goes to the head of the chain; a chain that a script ended is opened
// for it.
func TestPush_GoesToTheHeadOfTheChain(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		var ids []session.ID
		h := newHouse(t)
		defer h.core.Stop(context.Background())
		h.bot = pushing(&ids)
		id := h.create("ada")
		h.mustSend(id, "push")
		h.rest()
		h.mustSend(id, "stop")
		sleep(11 * time.Second)
		h.expect(id, "session:created", "user:push", "bot:ok", "user:stop", "bot:ok", "session:closed", "session:created", firstSaid)
		if h.head(id).Session.ID == id {
			t.Error("no successor was opened")
		}
	})
}

// Nobody hears an event of a session that ended for good or that people answer.
func TestPush_IsDroppedWhereNobodyWaits(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house, id session.ID) error{
		"closed": func(h *house, id session.ID) error {
			_, err := h.core.Close(h.t.Context(), h.in, id, session.ReasonAPI)
			return err
		},
		"people": func(h *house, id session.ID) error {
			_, err := h.core.Handover(h.t.Context(), h.in, id, session.Handover{Reason: "asked"}, nil)
			return err
		},
	} {
		bubble(t, func(t *testing.T) {
			var ids []session.ID
			h := newHouse(t)
			defer h.core.Stop(context.Background())
			h.bot = pushing(&ids)
			id := h.create("ada")
			h.mustSend(id, "push")
			h.rest()
			if err := end(h, id); err != nil {
				t.Fatal(err)
			}
			sleep(30 * time.Second)
			if got := h.kinds(id); slices.Contains(got, firstSaid) || slices.Contains(got, secondSaid) {
				t.Errorf("%s: %q", name, got)
			}
			if timers, _, err := h.store.Due(t.Context(), time.Now().UnixMilli(), 10); err != nil || len(timers) != 0 {
				t.Errorf("%s: %v %v are still due", name, timers, err)
			}
		})
	}
}

// An event that sends itself again "at once" leaves its client time.
func TestPush_ChainOfEventsIsNoSpin(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		defer h.core.Stop(context.Background())
		turns := 0
		h.bot = func(_ context.Context, turn *session.Turn) (*session.Decision, error) {
			turns++
			push := session.Push{ID: session.NewID(turn.Now()), DueMs: turn.Now().UnixMilli(), Event: "again"}
			return &session.Decision{Vars: *turn.Vars, Pushes: []session.Push{push}}, nil
		}
		h.mustSend(h.create("ada"), "go")
		sleep(10 * time.Second)
		if turns < 5 || turns > 12 {
			t.Errorf("%d turns in ten seconds", turns)
		}
	})
}

// The client's row counts the events that wait, so that a script is told when there
// are too many.
func TestPush_IsCounted(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		var ids []session.ID
		h := newHouse(t)
		defer h.core.Stop(context.Background())
		counts := []int{}
		h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
			counts = append(counts, turn.Client.Pushes)
			return pushing(&ids)(ctx, turn)
		}
		id := h.create("ada")
		for _, words := range []string{"push", "cancel", "cancel"} { // an id that is gone counts nothing
			h.mustSend(id, words)
			h.rest()
		}
		sleep(11 * time.Second)
		h.mustSend(id, "more")
		h.rest()
		if want := []int{0, 2, 1, 1, 0}; !slices.Equal(counts, want) { // the event's own turn still counts it
			t.Errorf("got %v, want %v", counts, want)
		}
	})
}
