package sessiontest

import (
	"context"
	"errors"
	"time"

	"parley/internal/session"
)

func (h *House) due(limit int) ([]*session.Timer, []session.ID) {
	h.Helper()
	timers, sessions, err := h.Engine.Store().Due(context.Background(), h.Clock.Ms(), limit)
	if err != nil {
		h.Fatal(err)
	}
	return timers, sessions
}

// dueSessions: open ones whose check time has come, earliest first.
func dueSessions(h *House) {
	first := h.Open()
	h.Clock.Advance(time.Second)
	second := h.Open()
	closed := h.Open()
	must(h.Core.Close(context.Background(), h.In, closed.ID, session.ReasonAPI))(h)
	h.Clock.Advance(time.UnixMilli(first.CheckMs - 1).Sub(h.Clock.Now()))
	if _, due := h.due(10); len(due) != 0 {
		h.Errorf("%d sessions are due a millisecond early", len(due))
	}
	h.Clock.Advance(time.Millisecond)
	if _, due := h.due(10); Diff([]session.ID{first.ID}, due) != "" {
		h.Errorf("got %v, want the first session", due)
	}
	h.Clock.Advance(time.Hour)
	if _, due := h.due(10); Diff([]session.ID{first.ID, second.ID}, due) != "" {
		h.Errorf("got %v, want both open sessions", due)
	}
	if _, due := h.due(1); len(due) != 1 {
		h.Errorf("%d sessions with a limit of 1", len(due))
	}
}

// dueTimers: armed by a rule, due on the millisecond, gone with their cause.
func dueTimers(h *House) {
	h.In.Settings.DialogTimeout = session.Duration(time.Minute)
	a, b := h.Open(), h.Open()
	h.Say(a.ID, "arms a's")
	h.Clock.Advance(time.Second)
	h.Say(b.ID, "arms b's")
	h.Clock.Advance(59*time.Second - time.Millisecond)
	if timers, _ := h.due(10); len(timers) != 0 {
		h.Errorf("%d timers are due a millisecond early", len(timers))
	}
	h.Clock.Advance(time.Millisecond)
	timers, _ := h.due(10)
	if len(timers) != 1 || timers[0].Session != a.ID || timers[0].Kind != session.TimerDialog {
		h.Fatalf("got %v, want the dialog timer of the first session", timers)
	}
	h.Clock.Advance(time.Minute)
	if timers, _ := h.due(10); len(timers) != 2 || timers[0].Session != a.ID {
		h.Errorf("got %v, want both, the earlier first", timers)
	}
	must(h.Core.Close(context.Background(), h.In, a.ID, session.ReasonAPI))(h)
	h.use(h.Engine.Reopen(h.T))
	if timers, _ := h.due(10); len(timers) != 1 || timers[0].Session != b.ID {
		h.Errorf("got %v, want only the timer of the session that is open", timers)
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

// duePushes: many of one client, kept with what they carry, until they fire or
// are taken back.
func duePushes(h *House) {
	decisions := make(chan *session.Decision, 2)
	h.bot = decider(decisions)
	a := h.Open()
	soon := h.Clock.Ms() + time.Minute.Milliseconds()
	var ids []session.ID
	for range 3 {
		ids = append(ids, session.NewID(h.Clock.Now()))
	}
	decisions <- &session.Decision{Pushes: []session.Push{
		{ID: ids[0], DueMs: soon + 1, Event: "late", Data: []byte(`{"n":1}`)},
		{ID: ids[1], DueMs: soon, Event: "now"},
		{ID: ids[2], DueMs: soon, Event: "never"},
	}}
	decisions <- &session.Decision{CancelPushes: []session.ID{ids[2], session.NewID(h.Clock.Now())}}
	if err := h.Core.Start(context.Background()); err != nil {
		h.Fatal(err)
	}
	for _, words := range []string{"push", "cancel"} {
		h.Say(a.ID, words)
		h.Facts.awaitEmptyInboxes()
	}
	h.Core.Stop(context.Background())
	must(h.Core.Close(context.Background(), h.In, a.ID, session.ReasonAPI))(h)
	h.use(h.Engine.Reopen(h.T))
	h.Clock.Advance(time.UnixMilli(soon).Sub(h.Clock.Now()))
	if timers, _ := h.due(10); len(timers) != 1 || timers[0].ID != ids[1] || timers[0].Event != "now" || timers[0].Data != nil {
		h.Fatalf("got %v, want the event that is due", timers)
	}
	h.nextPush(a.Client, soon-1, session.ID{})
	h.nextPush(a.Client, soon+1, ids[1])
	h.nextPush(session.NewID(h.Clock.Now()), soon+1, session.ID{})
	h.Clock.Advance(time.Millisecond)
	timers, _ := h.due(10)
	if len(timers) != 2 || timers[1].Handle != a.ID || timers[1].Kind != session.TimerPush || string(timers[1].Data) != `{"n":1}` {
		h.Errorf("got %v, want both", timers)
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

// nextPush checks which event of a client is the first that is due by then; the
// zero ID is none.
func (h *House) nextPush(client session.ID, byMs int64, want session.ID) {
	h.Helper()
	err := h.Engine.Store().View(context.Background(), func(rows session.Rows) error {
		t, err := rows.NextPush(client, byMs)
		if want == (session.ID{}) {
			if !errors.Is(err, session.ErrNoRow) {
				h.Errorf("got %v, %v, want no event", t, err)
			}
			return nil
		}
		if err == nil && t.ID != want {
			h.Errorf("got %v, want %v", t.ID, want)
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}

// decider is a bot that decides what it is told to, in order.
type decider chan *session.Decision

func (d decider) Run(context.Context, *session.Turn) (*session.Decision, error) { return <-d, nil }
