package script

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"parley/internal/session"
)

// Rehearsal is a dialog with a bot and no server: one client, whose sessions are in
// memory, on a clock that can be put forward. It carries decisions out as the XML
// tests do, but calls of $http and other services go out. It is not safe for
// concurrent use.
type Rehearsal struct {
	visitor *visitor
	clock   func() time.Time
	ahead   time.Duration // of the clock
	due     time.Time     // when the armed timeout fires
	pushes  []session.Push
}

// NewRehearsal begins a dialog with a bot on a clock.
func NewRehearsal(bot *Bot, clock func() time.Time) *Rehearsal {
	r := &Rehearsal{clock: clock}
	r.begin(bot)
	return r
}

func (r *Rehearsal) begin(bot *Bot) {
	r.visitor, r.pushes = newVisitor(bot, r.Now()), nil
	r.visitor.given.explain = true
}

// Reset forgets the client and all that was said. The clock goes on.
func (r *Rehearsal) Reset() { r.begin(r.visitor.bot) }

// Use goes on with another version of the bot; variables and the state are kept.
func (r *Rehearsal) Use(bot *Bot) { r.visitor.bot = bot }

// Now is the time in the dialog.
func (r *Rehearsal) Now() time.Time { return r.clock().Add(r.ahead) }

// Errors of a rehearsal.
var (
	// ErrStopped says that ctx ended before a turn had a machine.
	ErrStopped = errors.New("the turn was stopped")
	// ErrNoTimeout says that no timeout is armed.
	ErrNoTimeout = errors.New("no timeout is armed")
	// ErrNoState says that the bot has no such state.
	ErrNoState = errors.New("the bot has no such state")
)

// Say runs the turn of a message.
func (r *Rehearsal) Say(ctx context.Context, text string) (*Scene, error) {
	return r.send(ctx, "message", session.Input{Text: text})
}

// Raise runs the turn of an event; data is a JSON object, nil for none.
func (r *Rehearsal) Raise(ctx context.Context, event string, data json.RawMessage) (*Scene, error) {
	return r.send(ctx, "event "+event, session.Input{Event: &session.InputEvent{Name: event, Data: data}})
}

func (r *Rehearsal) send(ctx context.Context, cause string, in session.Input) (*Scene, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	return r.play(cause, func() (*session.Decision, *record) { return r.visitor.send(ctx, in) })
}

// FireTimeout lets the armed timeout fire, whatever the time is: dialog-language
// 8, <timeout/>. The error is ErrNoTimeout when there is none.
func (r *Rehearsal) FireTimeout(ctx context.Context) (*Scene, error) {
	if r.visitor.timeout == nil {
		return nil, ErrNoTimeout
	}
	return r.play("timeout", func() (*session.Decision, *record) { return r.visitor.fire(ctx) })
}

// play runs a turn and keeps what it leaves to be done later.
func (r *Rehearsal) play(cause string, turn func() (*session.Decision, *record)) (*Scene, error) {
	r.visitor.now = r.Now()
	d, done := turn()
	if d == nil {
		return nil, ErrStopped
	}
	if t := r.visitor.timeout; t != nil {
		r.due = r.visitor.now.Add(t.After)
	}
	if d.Failure == nil {
		r.keep(d)
	}
	return newScene(cause, r.State(), d, done), nil
}

// keep takes over what of a decision outlives its turn.
func (r *Rehearsal) keep(d *session.Decision) {
	r.pushes = slices.DeleteFunc(r.pushes, func(p session.Push) bool { return slices.Contains(d.CancelPushes, p.ID) })
	for _, p := range d.Pushes {
		if !p.Pushback { // no outside service is there
			r.pushes = append(r.pushes, p)
		}
	}
	for _, patch := range d.Patches {
		r.Merge(patch.Context)
	}
	if d.Handover != nil && d.Handover.OnlyOnline { // nobody is: architecture, Handover
		r.pushes = append(r.pushes, session.Push{ID: session.NewID(r.visitor.now), DueMs: r.visitor.now.UnixMilli(), Event: session.EventNobodyOnline})
	}
}

// firePush sends the due event to the bot. It is no message: an armed timeout
// stays armed.
func (r *Rehearsal) firePush(ctx context.Context, p session.Push) (*Scene, error) {
	r.pushes = slices.DeleteFunc(r.pushes, func(other session.Push) bool { return other.ID == p.ID })
	armed, due := r.visitor.timeout, r.due
	scene, err := r.Raise(ctx, p.Event, p.Data)
	if err == nil && r.visitor.timeout == nil && !r.visitor.closed {
		r.visitor.timeout, r.due = armed, due
	}
	return scene, err
}

// nextPush is the event that is due first, nil for none.
func (r *Rehearsal) nextPush() *session.Push {
	var first *session.Push
	for i := range r.pushes {
		if first == nil || r.pushes[i].DueMs < first.DueMs {
			first = &r.pushes[i]
		}
	}
	return first
}

// Next is when the next timeout or pushed event is due; ok is false for none.
func (r *Rehearsal) Next() (at time.Time, ok bool) {
	if p := r.nextPush(); p != nil {
		at, ok = time.UnixMilli(p.DueMs), true
	}
	if r.visitor.timeout != nil && (!ok || r.due.Before(at)) {
		at, ok = r.due, true
	}
	return at, ok
}

// RunDue runs the turn of what is due first, at its time; the scene is nil when
// nothing is due yet.
func (r *Rehearsal) RunDue(ctx context.Context) (*Scene, error) {
	at, ok := r.Next()
	if !ok || at.After(r.Now()) {
		return nil, nil
	}
	if p := r.nextPush(); p != nil && !time.UnixMilli(p.DueMs).After(at) {
		return r.firePush(ctx, *p)
	}
	return r.FireTimeout(ctx)
}

// Advance puts the clock forward by d, no further than to the next timeout or
// pushed event, and runs that. It gives the time that is left of d; the scene is
// nil when nothing was due.
func (r *Rehearsal) Advance(ctx context.Context, d time.Duration) (*Scene, time.Duration, error) {
	step, left := d, time.Duration(0)
	if at, ok := r.Next(); ok {
		if until := max(at.Sub(r.Now()), 0); until <= d {
			step, left = until, d-until
		}
	}
	r.ahead += step
	scene, err := r.RunDue(ctx)
	return scene, left, err
}

// State is the context path.
func (r *Rehearsal) State() string {
	if r.visitor.vars.Position == "" {
		return "/"
	}
	return r.visitor.vars.Position
}

// GoTo sets the context path, as <state> of a test does; nothing runs.
func (r *Rehearsal) GoTo(path string) error {
	path = statePath(path)
	if r.visitor.bot.states[path] == nil {
		return ErrNoState
	}
	r.visitor.vars.Position = path
	return nil
}

// Vars are $session and $client as JSON.
func (r *Rehearsal) Vars() (session, client json.RawMessage) {
	return json.RawMessage(orEmpty(r.visitor.vars.Data)), json.RawMessage(orEmpty(r.visitor.client.Data))
}

// Context is the context document.
func (r *Rehearsal) Context() session.Document { return r.visitor.document }

// Merge lays a document over the context.
func (r *Rehearsal) Merge(over session.Document) {
	base := map[string]any{}
	r.visitor.document = mergeObjects(mergeObjects(base, r.visitor.document), over)
}
