package script

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

// visitor is one client with its sessions in memory. It carries decisions out as
// the session core does: the XML tests run on it.
type visitor struct {
	bot      *Bot
	now      time.Time // the virtual clock
	session  *session.Session
	closed   bool // after stopSession
	client   *session.Client
	vars     *session.Vars
	start    *session.Vars // start values of the successor
	document session.Document
	timeout  *session.Timeout
	// given is what a test puts into the next requests.
	given given
}

// given is what an XML test says about a request beside its text.
type given struct {
	forNext
	raw   json.RawMessage // $request.rawRequest
	draws *draws          // nil: chance
	// explain has all lists of what a text may mean filled.
	explain bool
	answering
}

// forNext is what a test says about the next request alone.
type forNext struct {
	data        map[string]json.RawMessage // fields of $request.data
	targetState string
	query       string // $request.query beside an event
	channel     string // $request.channelType
	questionID  string
}

// record is what a turn did, as tests look at it.
type record struct {
	class    string // state that the last pass was classified to
	replies  []reply
	response any // $response in the form of its JSON
	restarts []restart
	entered  []string          // paths of states
	fired    []*dialog.Trigger // what the texts matched and the events took
	by       string            // what chose the target: Reason.By
	heard    *understanding    // the text of the last pass, nil when none was looked at
	did
}

// newVisitor starts a client without a past.
func newVisitor(bot *Bot, now time.Time) *visitor {
	v := &visitor{bot: bot, now: now, document: session.NewDocument()}
	v.client = &session.Client{ID: session.NewID(now), UserID: "user-1"}
	v.open(nil)
	return v
}

func (v *visitor) open(start *session.Vars) {
	var predecessor session.ID
	if v.session != nil {
		predecessor = v.session.ID
	}
	v.session = &session.Session{
		ID: session.NewID(v.now), Client: v.client.ID, Predecessor: predecessor, Status: session.StatusOpen,
		Channel: string(session.KindCustom), CreatedMs: v.now.UnixMilli(),
	}
	v.vars, v.closed, v.timeout = &session.Vars{Session: v.session.ID}, false, nil
	if start != nil {
		vars := *start
		vars.Session = v.session.ID
		v.vars = &vars
	}
}

// send runs the turn of a message and carries its decision out.
func (v *visitor) send(ctx context.Context, in session.Input) (*session.Decision, *record) {
	if v.closed {
		v.open(v.start)
		v.start = nil
	}
	v.timeout = nil
	raw, err := json.Marshal(map[string]any{"input": in})
	if err != nil {
		raw = []byte("{}") // unreachable: an input always can be encoded
	}
	turn := v.turn()
	turn.Input, turn.Raw, turn.TargetState = in, raw, v.given.targetState
	turn.Message = &session.Message{ID: turn.RequestID, Author: session.AuthorUser, AtMs: v.now.UnixMilli(), Body: raw}
	return v.run(ctx, turn)
}

// fire lets the armed timeout fire.
func (v *visitor) fire(ctx context.Context) (*session.Decision, *record) {
	turn := v.turn()
	turn.TargetState = v.timeout.TargetState
	v.timeout = nil
	return v.run(ctx, turn)
}

func (v *visitor) turn() *session.Turn {
	now := v.now
	return &session.Turn{
		Integration: &session.Integration{ID: "test", Kind: session.KindCustom, Active: true}, Session: v.session, Client: v.client,
		Document: v.document, Vars: v.vars, First: !v.session.Started, Attempt: 1, Now: func() time.Time { return now },
		RequestID: session.NewID(now), NewSession: session.NewID(now),
	}
}

func (v *visitor) run(ctx context.Context, turn *session.Turn) (*session.Decision, *record) {
	d, done := v.bot.answer(ctx, turn, v.given)
	v.apply(turn, d)
	return d, done
}

// apply carries a decision out (architecture, Session life 3).
func (v *visitor) apply(turn *session.Turn, d *session.Decision) {
	v.session.Started = true
	if d.Failure != nil {
		return
	}
	if (d.Switch == session.SwitchStart || d.Switch == session.SwitchRestart) && !turn.First {
		old := v.session.ID
		v.open(nil)
		v.session.ID, v.session.Predecessor, v.session.Started = turn.NewSession, old, true
	}
	vars := d.Vars
	vars.Session = v.session.ID
	v.vars, v.timeout = &vars, d.Timeout
	if d.Client != nil {
		client := *v.client
		client.Data = d.Client
		v.client = &client
	}
	if d.Switch == session.SwitchStop || d.StopAfter {
		v.closed, v.start, v.timeout = true, &vars, nil
	}
}
