package sessiontest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley/internal/session"
)

func (h *House) sweep(keep time.Duration) int64 {
	h.Helper()
	return must(h.Engine.Store().Sweep(context.Background(), h.Clock.Ms(), session.Retention{EventsMs: keep.Milliseconds()}))(h)
}

// many does something n times, much of it at once.
func (h *House) many(n int, do func(i int)) {
	var all sync.WaitGroup
	for worker := range 50 {
		all.Go(func() {
			for i := worker; i < n; i += 50 {
				do(i)
			}
		})
	}
	all.Wait()
}

func sweepRemembered(h *House) {
	repeat := func(key string) func(*session.Create) {
		return func(c *session.Create) {
			c.Repeat = &session.Repeat{Route: "create", Key: key, Hash: []byte("h"), Answer: func(r *session.Result) []byte {
				return []byte(r.Session.ID.String())
			}}
		}
	}
	h.many(1100, func(i int) { h.Open(repeat(fmt.Sprint("old", i))) }) // more than one step of a sweep
	h.Clock.Advance(time.Hour)
	h.Open(repeat("young"))
	h.Clock.Advance(session.RepeatMemory - time.Hour)
	if n := h.sweep(time.Hour * 1000); n != 1100 {
		h.Errorf("%d rows swept, want 1100", n)
	}
	err := h.Engine.Store().View(context.Background(), func(rows session.Rows) error {
		if _, err := rows.Remembered(h.In.ID, "create", "old7"); !errors.Is(err, session.ErrNoRow) {
			h.Errorf("an expired answer is remembered: %v", err)
		}
		_, err := rows.Remembered(h.In.ID, "create", "young")
		return err
	})
	if err != nil {
		h.Error(err)
	}
}

// sweepRepeatedIDs: an id given by a client is remembered for a day, and the
// message keeps it.
func sweepRepeatedIDs(h *House) {
	id := h.Open().ID
	named := func(name string) func(*session.Incoming) {
		return func(in *session.Incoming) { in.ClientMessageID = name }
	}
	h.Handover(id)
	first := h.Say(id, "first", named("a"))
	h.Clock.Advance(2 * time.Second)
	young := h.Say(id, "second", named("b"))
	h.Clock.Advance(session.RepeatMemory - time.Second)
	h.sweep(time.Hour * 1000)
	if again := h.Say(id, "second", named("b")); again.ID != young.ID {
		h.Error("an id of less than a day was forgotten")
	}
	if again := h.Say(id, "first", named("a")); again.ID == first.ID {
		h.Error("an id of more than a day is still remembered")
	}
	kept := must(h.Core.Transcript(context.Background(), session.MessageFilter{Session: id, Limit: 1}))(h)
	if kept[0].ID != first.ID || kept[0].ClientMessageID != "a" {
		h.Errorf("the message lost its client's id: %+v", kept[0])
	}
	h.Clock.Advance(2 * session.RepeatMemory)
	h.sweep(time.Hour * 1000) // goes on from where it was
	if again := h.Say(id, "first", named("a")); again.ID == first.ID {
		h.Error("the wrong message is remembered")
	}
}

func sweepEvents(h *House) {
	open, ended := h.Open().ID, h.Open().ID
	h.many(1200, func(i int) { h.Merge(ended, fmt.Sprint("k", i), i) })
	h.Merge(open, "k", 1)
	must(h.Core.Close(context.Background(), h.In, ended, session.ReasonAPI))(h)
	h.Clock.Advance(time.Hour - time.Millisecond)
	if h.sweep(time.Hour); len(h.Events(ended)) == 0 {
		h.Error("events were swept before their time")
	}
	h.Clock.Advance(time.Millisecond)
	if n := h.sweep(time.Hour); n != 1202 {
		h.Errorf("%d rows swept, want the 1202 events", n)
	}
	if n := len(h.Events(ended)); n != 0 {
		h.Errorf("%d events are left", n)
	}
	if n := len(h.Events(open)); n != 2 {
		h.Errorf("%d events of the open chain, want 2", n)
	}
	if n := h.sweep(time.Hour); n != 0 {
		h.Errorf("%d rows in a second sweep, want none", n)
	}
	if v := must(h.Core.At(context.Background(), h.In, ended))(h); v.Chain.Sequence != 1202 || v.Session.Open() {
		h.Errorf("the session itself has changed: %+v", v.Chain)
	}
}
