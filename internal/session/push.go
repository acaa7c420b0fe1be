package session

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Push is an event that a script sends to its own client at a time (script-api
// 2.8). It belongs to the client, not to a session: when it is due it goes to
// the head of its chain as a bot turn.
type Push struct {
	ID    ID // names it for CancelPushes
	DueMs int64
	Event string
	Data  json.RawMessage // a JSON object; nil is {}
	// Pushback makes it an event that an outside service sends, by the ID as its
	// token, until DueMs.
	Pushback bool
}

func (p *Push) kind() TimerKind {
	if p.Pushback {
		return TimerPushback
	}
	return TimerPush
}

// push stores the events that a turn sends and takes back those it cancels.
func (op *commitTurn) push(w *Work, s *Session) error {
	for _, id := range op.decision.CancelPushes {
		for _, kind := range []TimerKind{TimerPush, TimerPushback} {
			t, err := w.timer(id, kind)
			if err == nil && t != nil && t.Client == s.Client {
				err = killPush(w, t)
			}
			if err != nil {
				return err
			}
		}
	}
	for _, p := range op.decision.Pushes {
		err := armPush(w, Timer{
			ID: p.ID, Session: p.ID, Client: s.Client, Kind: p.kind(), DueMs: max(p.DueMs, op.earliest()), Handle: s.ID, Event: p.Event, Data: p.Data,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// armPush stores an event or a pushback of a client.
func armPush(w *Work, t Timer) error {
	if _, err := w.client(t.Client); err != nil {
		return err
	}
	w.clients.edit(t.Client).Pushes++
	w.timers.put(timerKey{t.Session, t.Kind}, &t)
	return nil
}

// earliest is when an event that the turn sends may be due. An event that sends
// the next one at once would keep its client's lane busy for ever.
func (op *commitTurn) earliest() int64 {
	if t := op.cause.timer; t != nil && t.Kind == TimerPush {
		return op.ms() + TimerAccuracy.Milliseconds()
	}
	return op.ms()
}

func killPush(w *Work, t *Timer) error {
	w.now.dead = append(w.now.dead, t.ID)
	w.timers.put(timerKey{t.Session, t.Kind}, nil)
	cl, err := w.client(t.Client)
	switch {
	case errors.Is(err, ErrNoRow):
		return nil // forgotten
	case err != nil:
		return err
	case cl.Pushes > 0:
		w.clients.edit(cl.ID).Pushes--
	}
	return nil
}

// consume takes the timer that caused the turn.
func (op *commitTurn) consume(w *Work, s *Session) error {
	t := op.cause.timer
	if t.Kind == TimerPush {
		return killPush(w, t)
	}
	return w.killTimer(s.ID, t.Kind)
}

// pushTurn runs the lane's turn of a due event. A chain that a script ended is
// opened for it; one that is over for good, or that people answer, has no use
// for it any more.
func (c runner) pushTurn(ctx context.Context, due *Timer) error {
	if armed, err := c.armed(ctx, due); err != nil || !armed {
		return err
	}
	l, err := c.load(ctx, due.Handle, nil)
	switch {
	case errors.Is(err, ErrNoRow):
		return c.dropPush(ctx, due, "its session is forgotten")
	case err != nil:
		return err
	case l == nil:
		return c.openForPush(ctx, due)
	}
	bot := c.cfg.Bot(l.in)
	switch {
	case bot == nil:
		return c.dropPush(ctx, due, "there is no bot")
	case l.talk.Human() && (due.Event != EventNobodyOnline || l.talk.Owner != OwnerQueue):
		return c.dropPush(ctx, due, "people answer the client")
	}
	t := c.turn(l)
	t.Input = Input{Event: &InputEvent{Name: due.Event, Data: due.Data}}
	t.Raw = object(pushedBody{Event: due.Event, Data: orObject(due.Data)})
	t.TargetState, t.Attempt, t.RequestID = due.TargetState, 1, due.ID
	_, err = c.botTurn(ctx, bot, l, t, cause{timer: due}, time.UnixMilli(due.DueMs))
	return err
}

// besidePeople is what a bot may do that speaks while people have the dialog,
// because it was told that none of them is there: anything but end it.
func (d *Decision) besidePeople() *Decision {
	d = new(*d)
	d.Switch, d.StopAfter, d.CloseConversation, d.Handover, d.Timeout = SwitchNone, false, false, nil, nil
	return d
}

// pushedBody is $request.rawRequest of a pushed event.
type pushedBody struct {
	Event string          `json:"event"`
	Data  json.RawMessage `json:"eventData"`
}

func orObject(data []byte) json.RawMessage {
	if len(data) == 0 {
		return json.RawMessage("{}")
	}
	return data
}

// openForPush opens the successor that a due event needs; the next look at what
// is due runs it there.
func (c runner) openForPush(ctx context.Context, due *Timer) error {
	err := worker{c.Core}.direct(ctx, due.Handle, func(sc scope) operation { return &openForPush{scope: sc, timer: due} })
	if CodeOf(err) == CodeSessionNotFound {
		return c.dropPush(ctx, due, "its session has ended")
	}
	return err
}

func (c runner) dropPush(ctx context.Context, due *Timer, why string) error {
	c.cfg.Log.WarnContext(ctx, "a pushed event has nowhere to go", "event", due.Event, "client", due.Client.String(), "why", why)
	return ignoreGone(c.commit(ctx, "drop push", &dropPush{timer: due}))
}

type openForPush struct {
	scope
	timer *Timer
}

func (op *openForPush) apply(w *Work) error {
	if _, err := w.pending(cause{timer: op.timer}); err != nil {
		return err
	}
	_, _, err := w.head(op.scope, op.timer.Handle, true)
	return err
}

type dropPush struct{ timer *Timer }

func (op *dropPush) apply(w *Work) error {
	if _, err := w.pending(cause{timer: op.timer}); err != nil {
		return err
	}
	return killPush(w, op.timer)
}
