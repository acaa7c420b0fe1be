package session

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// runner runs the turns of one client's lane.
type runner struct {
	*Core
	client ID
	hold   *hold // nil on the only node
}

// unknown says that the inbox has to be read to know what is left in it.
const unknown = 1

// messageTurn runs the turn of an accepted message to its commit and returns
// how many messages are left in the inbox. ground may be nil.
func (c runner) messageTurn(ctx context.Context, m *Message, attempt int, ground *loaded) (left int, err error) {
	l, err := c.ground(ctx, m, ground)
	if err != nil || l == nil {
		return unknown, err
	}
	if ran, err := c.eventFirst(ctx, l.client, m); ran || err != nil {
		return unknown, err
	}
	input := m.InputOf()
	if l, err = c.returned(ctx, l, m, input); err != nil || l == nil {
		return unknown, err
	}
	bot := c.cfg.Bot(l.in)
	if l.talk.Human() || bot == nil || input.Empty() {
		outcome := OutcomeAnswered
		if l.talk.Human() {
			outcome = OutcomeUnanswered
		}
		return unknown, ignoreGone(c.commit(ctx, "place", &placeMessage{
			scope: c.scope(l.in), message: m.ID, session: l.session.ID, outcome: outcome, reply: !l.talk.Human(),
		}))
	}
	t := c.turn(l)
	t.Message, t.Input, t.Raw, t.Attempt, t.RequestID = m, input, m.Body, attempt, m.ID
	return c.botTurn(ctx, bot, l, t, cause{message: m.ID}, time.UnixMilli(m.AtMs))
}

// eventFirst runs the turn of an event that was due when the message came, if
// there is one: what people gave back to the bot at a state goes on at that state,
// however soon the user writes.
func (c runner) eventFirst(ctx context.Context, client *Client, m *Message) (ran bool, err error) {
	if client.Pushes == 0 {
		return false, nil
	}
	var due *Timer
	err = c.cfg.Store.View(ctx, func(rows Rows) (err error) {
		due, err = rows.NextPush(client.ID, m.AtMs)
		return err
	})
	switch {
	case errors.Is(err, ErrNoRow):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, c.pushTurn(ctx, due)
}

// timerTurn runs the lane's turn of a due timer.
func (c runner) timerTurn(ctx context.Context, due *Timer) error {
	if due.Kind == TimerPush {
		return c.pushTurn(ctx, due)
	}
	l, err := c.load(ctx, due.Session, nil)
	if err != nil || l == nil || l.session.ID != due.Session && guardTimersDie {
		return err
	}
	if armed, err := c.armed(ctx, due); err != nil || !armed {
		return err
	}
	if due.Kind == TimerDialog {
		return ignoreGone(c.commit(ctx, "dialog timer", &expireDialog{scope: c.scope(l.in), timer: due}))
	}
	bot := c.cfg.Bot(l.in)
	if bot == nil {
		c.cfg.Log.WarnContext(ctx, "a script timeout has no bot any more", "session", due.Session.String(), "integration", l.in.ID)
		return ignoreGone(c.commit(ctx, "drop timeout", &dropTimeout{timer: due}))
	}
	t := c.turn(l)
	t.TargetState, t.Attempt, t.RequestID = due.TargetState, 1, due.ID
	_, err = c.botTurn(ctx, bot, l, t, cause{timer: due}, time.UnixMilli(due.DueMs))
	return err
}

// armed reports whether a timer still waits: one that fired while its turn ran
// is offered again by the next look at the due ones.
func (c runner) armed(ctx context.Context, due *Timer) (bool, error) {
	found := false
	err := c.cfg.Store.View(ctx, func(rows Rows) error {
		list, err := rows.Timers(due.Session)
		for _, t := range list {
			found = found || t.ID == due.ID
		}
		return err
	})
	return found, err
}

func (c runner) turn(l *loaded) *Turn {
	return &Turn{
		Integration: l.in, Session: l.session, Client: l.client, Version: l.chain.Version, Document: l.doc, Vars: l.vars,
		Conversation: l.talk, First: !l.session.Started, Now: c.cfg.Now, NewSession: NewID(l.at),
		HumanOnline: func(department string) bool { return c.cfg.availability(l.in, department) == Queued },
		ExpiresAtMs: l.session.Deadline(&l.in.Settings, l.talk),
		Transcript: func(ctx context.Context, limit int) ([]*Message, error) {
			list, err := c.cfg.Store.Messages(ctx, MessageFilter{Session: l.session.ID, Last: true, Limit: limit})
			return slices.DeleteFunc(list, (*Message).Hidden), err
		},
		HumanParts: func(ctx context.Context, after int64) ([]HumanPart, error) { return c.humanParts(ctx, l, after) },
	}
}

// botTurn runs the bot on what was loaded and commits what it decided.
func (c runner) botTurn(ctx context.Context, bot Bot, l *loaded, t *Turn, why cause, since time.Time) (left int, err error) {
	began := c.cfg.Now()
	d, err := c.askBot(ctx, bot, t)
	if ctx.Err() != nil {
		return unknown, nil //nolint:nilerr // draining: the message stays in the inbox
	}
	if err != nil {
		d = &Decision{Failure: &Failure{Code: FailureUnreachable, Message: err.Error()}}
	}
	if l.talk.Human() {
		d = d.besidePeople()
	}
	op := &commitTurn{
		scope: c.scope(l.in), session: l.session.ID, epoch: l.chain.Epoch, cause: why,
		newSession: t.NewSession, decided: d, document: l.doc, version: l.chain.Version,
	}
	switch {
	case d.Handover != nil:
		op.there = c.cfg.availability(l.in, d.Handover.Department)
	case d.Failure != nil:
		op.there = c.cfg.availability(l.in, "")
	}
	if c.cfg.Trace != nil {
		op.now = c.cfg.Now
	}
	change, err := c.submit(ctx, "turn", op)
	c.traceTurn(change, l, op, err)
	if err != nil {
		return unknown, ignoreGone(err)
	}
	c.report(l, d, op, began.Sub(since), c.cfg.Now().Sub(began))
	return op.left, nil
}

func (c runner) askBot(ctx context.Context, bot Bot, t *Turn) (*Decision, error) {
	ctx, end := c.cfg.Tracing.step(ctx, "bot", slog.String("parley.integration", t.Integration.ID), slog.Int("parley.attempt", t.Attempt))
	d, err := bot.Run(ctx, t)
	if err == nil && d.Failure != nil {
		end(FailureCode(d.Failure.Code)) // its message may quote what people wrote
	} else {
		end(err)
	}
	return d, err
}

func (c runner) report(l *loaded, d *Decision, op *commitTurn, waited, ran time.Duration) {
	outcome := string(OutcomeAnswered)
	if op.suppressed {
		outcome = string(OutcomeSuppressed)
	}
	if d.Failure != nil {
		outcome = string(OutcomeFailed)
		c.cfg.Log.Warn("error turn", "session", l.session.ID.String(), "code", d.Failure.Code, "state", d.Failure.State,
			"where", d.Failure.Where, "message", d.Failure.Message)
	}
	for _, note := range op.notes {
		c.cfg.Log.Warn("a script's context update was refused", "session", l.session.ID.String(), "error", note.Error())
	}
	if d.Failure != nil && c.cfg.Metrics.Failure != nil {
		c.cfg.Metrics.Failure(d.Failure.Code)
	}
	if c.cfg.Metrics.Turn != nil {
		c.cfg.Metrics.Turn(outcome, waited, ran)
	}
	if d.Failure != nil && d.Failure.Code == FailureLoop && c.cfg.Metrics.Restarts != nil {
		c.cfg.Metrics.Restarts()
	}
}

// FailureLoop is the code of a turn that restarted or jumped without end.
const FailureLoop = "loop"

func (c runner) traceTurn(change ID, l *loaded, op *commitTurn, err error) {
	if c.cfg.Trace == nil {
		return
	}
	entry := TraceEntry{
		Change: change, Name: "turn", Client: l.client.ID, Session: l.session.ID,
		Cause: "message " + op.cause.message.String(), Fence: l.client.Fence, Load: l.read, Commit: op.applied,
	}
	if c.hold != nil {
		entry.Node = c.hold.Self()
	}
	if op.cause.timer != nil {
		entry.Cause = "timer " + op.cause.timer.ID.String()
	}
	if err != nil {
		entry.Err = err.Error()
	}
	c.cfg.Trace(entry)
}

func (c runner) laneMetric(delta int) {
	if c.cfg.Metrics.Lanes != nil {
		c.cfg.Metrics.Lanes(delta)
	}
}
