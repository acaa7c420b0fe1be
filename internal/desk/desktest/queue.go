package desktest

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
)

// Engine is a queue under test, beside the store whose conversations it reads.
type Engine interface {
	Store() session.Store
	Queue() desk.Queue
}

// Queue runs the suite of the router's port. open is as in [Store].
func Queue(t *testing.T, open func(t *testing.T) Engine) {
	for _, subject := range []struct {
		name string
		run  func(*office)
	}{
		{"Lines", lines},
		{"WaitingInPages", waitingInPages},
		{"LastAgent", lastAgent},
		{"HeldAndLoad", heldAndLoad},
		{"Ahead", ahead},
	} {
		t.Run(subject.name, func(t *testing.T) {
			e := open(t)
			o := &office{T: t, ctx: context.Background(), queue: e.Queue(), store: e.Store()}
			for _, id := range []string{"in-1", "in-2"} {
				in := &session.Integration{ID: id, Name: id, Kind: session.KindCustom, Active: true}
				in.Settings.Desk = true
				in.Settings = in.Settings.WithDefaults(in.Kind)
				o.ins = append(o.ins, in)
			}
			o.core = session.New(session.Config{
				Store: o.store, Now: func() time.Time { return o.now() }, Log: slog.New(slog.DiscardHandler), Integration: o.integration,
				Bot: func(*session.Integration) session.Bot { return nil },
			})
			subject.run(o)
		})
	}
}

// office is the real core on the engine's store. Its clock moves on with every
// look at it, so that no two things happen at one moment.
type office struct {
	*testing.T
	ctx   context.Context
	queue desk.Queue
	store session.Store
	core  *session.Core
	ins   []*session.Integration
	ticks int64
}

const startMs = 1_800_000_000_000

func (o *office) now() time.Time {
	o.ticks++
	return time.UnixMilli(startMs + o.ticks)
}

func (o *office) integration(id string) (*session.Integration, bool) {
	i := slices.IndexFunc(o.ins, func(in *session.Integration) bool { return in.ID == id })
	if i < 0 {
		return nil, false
	}
	return o.ins[i], true
}

func (o *office) must(err error) {
	o.Helper()
	must(o.T, err)
}

// queued opens a session whose conversation waits for a department.
func (o *office) queued(in int, user, department string) *session.Session {
	o.Helper()
	made, err := o.core.Create(o.ctx, o.ins[in], session.Create{Channel: session.KindCustom, ChannelUserID: user})
	o.must(err)
	_, err = o.core.Handover(o.ctx, o.ins[in], made.Session.ID, session.Handover{Reason: "asked", Department: department}, nil)
	o.must(err)
	return made.Session
}

func (o *office) claim(s *session.Session, agent string) {
	o.Helper()
	in, _ := o.integration(s.Integration)
	_, err := o.core.Claim(o.ctx, in, s.ID, session.Agent{ID: agent, Name: agent}, false)
	o.must(err)
}

func (o *office) waiting(line desk.Line, after desk.Place, limit int) []*desk.Waiting {
	o.Helper()
	list, err := o.queue.Waiting(o.ctx, line, after, limit)
	o.must(err)
	return list
}

// lines are those in which somebody waits now.
func lines(o *office) {
	o.queued(0, "", "sales")
	o.queued(0, "", "sales")
	o.queued(1, "", "")
	o.queued(1, "", "отдел")
	o.claim(o.queued(0, "", "taken"), "ann")
	ended := o.queued(0, "", "ended")
	_, err := o.core.CloseConversation(o.ctx, o.ins[0], ended.ID, nil)
	o.must(err)
	list, err := o.queue.Lines(o.ctx)
	o.must(err)
	differ(o.T, "lines", []desk.Line{
		{Integration: "in-1", Department: "sales"}, {Integration: "in-2"}, {Integration: "in-2", Department: "отдел"},
	}, list)
}

// waitingInPages walks a line, who has waited longest first.
func waitingInPages(o *office) {
	var want, got []session.ID
	for range 7 {
		want = append(want, o.queued(0, "", "sales").ID)
		o.queued(0, "", "other")
		o.queued(1, "", "sales")
	}
	line := desk.Line{Integration: "in-1", Department: "sales"}
	var at desk.Place
	for {
		page := o.waiting(line, at, 3)
		for _, w := range page {
			got = append(got, w.Session)
			if at.SinceMs >= w.SinceMs {
				o.Errorf("%d stands after %d", w.SinceMs, at.SinceMs)
			}
			at = w.Place
		}
		if len(page) < 3 {
			break
		}
	}
	differ(o.T, "line", want, got)
	differ(o.T, "a line with nobody", 0, len(o.waiting(desk.Line{Integration: "in-1"}, desk.Place{}, 3)))
}

// lastAgent: who had the client, here or in the session before, but not who gave
// the conversation away.
func lastAgent(o *office) {
	before := o.queued(0, "user", "")
	o.claim(before, "ann")
	_, err := o.core.Close(o.ctx, o.ins[0], before.ID, session.ReasonUser)
	o.must(err)
	again := o.queued(0, "user", "again")
	stranger := o.queued(0, "stranger", "again")
	list := o.waiting(desk.Line{Integration: "in-1", Department: "again"}, desk.Place{}, 10)
	if len(list) != 2 || list[0].Session != again.ID || list[0].LastAgent != "ann" || list[1].Session != stranger.ID || list[1].LastAgent != "" {
		o.Errorf("in the line: %+v", list)
	}
	given := o.queued(0, "user", "")
	o.claim(given, "bob")
	_, err = o.core.Transfer(o.ctx, o.ins[0], given.ID, session.Agent{ID: "bob", Name: "bob"}, session.Transfer{Department: "given"})
	o.must(err)
	list = o.waiting(desk.Line{Integration: "in-1", Department: "given"}, desk.Place{}, 10)
	if len(list) != 1 || list[0].Session != given.ID || list[0].LastAgent != "" {
		o.Errorf("after a transfer: %+v", list)
	}
}

// heldAndLoad: what agents have, and of it what waits for their answer.
func heldAndLoad(o *office) {
	ann := session.Agent{ID: "ann", Name: "Ann"}
	first, answered, asleep, second := o.queued(0, "", "sales"), o.queued(0, "", ""), o.queued(0, "", ""), o.queued(1, "", "")
	for _, s := range []*session.Session{first, answered, asleep} {
		o.claim(s, ann.ID)
	}
	o.claim(second, "bob")
	o.queued(0, "", "nobody has it")
	_, err := o.core.AgentMessage(o.ctx, o.ins[0], answered.ID, ann, session.Input{Text: "hello"}, "")
	o.must(err)
	_, err = o.core.Snooze(o.ctx, o.ins[0], asleep.ID, ann, o.now().Add(time.Hour).UnixMilli())
	o.must(err)
	list, err := o.queue.Held(o.ctx)
	o.must(err)
	if len(list) != 2 || list[0].Session != first.ID || list[0].Agent != "ann" || list[0].Line != (desk.Line{Integration: "in-1", Department: "sales"}) ||
		list[1].Session != second.ID || list[1].Agent != "bob" || list[0].SinceMs >= list[1].SinceMs {
		o.Errorf("held: %+v", list)
	}
	load, err := o.queue.Load(o.ctx)
	o.must(err)
	differ(o.T, "load", map[string]int{"ann": 2, "bob": 1}, load)
}

// ahead counts who has waited longer in the same line.
func ahead(o *office) {
	var talks []*session.Conversation
	for range 3 {
		s := o.queued(0, "", "sales")
		o.queued(0, "", "")
		o.must(o.store.View(o.ctx, func(r session.Rows) error {
			talk, err := r.Conversation(s.ID)
			talks = append(talks, talk)
			return err
		}))
	}
	for i, talk := range talks {
		n, err := o.store.Line().Ahead(talk)
		o.must(err)
		differ(o.T, "ahead", i, n)
	}
}
