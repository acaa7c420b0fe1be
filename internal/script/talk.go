package script

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/session"
)

// Talk is one client with its sessions in memory. It carries decisions out as
// the session core does: the XML tests run on it.
type Talk struct {
	Bot *Bot
	// Now is the virtual clock.
	Now time.Time
	// Session is the newest session; Closed after stopSession.
	Session *session.Session
	Closed  bool
	Client  *session.Client
	Vars    *session.Vars
	// Start are the start values of the successor after stopSession.
	Start    *session.Vars
	Document session.Document
	Timeout  *session.Timeout
	Results  []string
	// Extra is added to the raw body of the next message.
	Extra map[string]any
}

// NewTalk starts a client without a session's past.
func NewTalk(bot *Bot, now time.Time) *Talk {
	t := &Talk{Bot: bot, Now: now, Document: session.NewDocument()}
	t.Client = &session.Client{ID: session.NewID(now), UserID: "user-1"}
	t.open(nil)
	return t
}

func (t *Talk) open(start *session.Vars) {
	var predecessor session.ID
	if t.Session != nil {
		predecessor = t.Session.ID
	}
	t.Session = &session.Session{
		ID: session.NewID(t.Now), Client: t.Client.ID, Predecessor: predecessor, Status: session.StatusOpen,
		Channel: string(session.KindCustom), CreatedMs: t.Now.UnixMilli(),
	}
	t.Vars, t.Closed, t.Timeout = &session.Vars{Session: t.Session.ID}, false, nil
	if start != nil {
		vars := *start
		vars.Session = t.Session.ID
		t.Vars = &vars
	}
}

// Send runs the turn of a message and carries its decision out.
func (t *Talk) Send(ctx context.Context, in session.Input) (*session.Decision, error) {
	if t.Closed {
		t.open(t.Start)
		t.Start = nil
	}
	t.Timeout = nil
	body := map[string]any{"input": in}
	for name, value := range t.Extra {
		body[name] = value
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	turn := t.turn()
	turn.Input, turn.Raw = in, raw
	turn.Message = &session.Message{ID: turn.RequestID, Author: session.AuthorUser, AtMs: t.Now.UnixMilli(), Body: raw}
	return t.run(ctx, turn)
}

// Fire lets the armed timeout fire; ok is false when none is armed.
func (t *Talk) Fire(ctx context.Context) (d *session.Decision, ok bool, err error) {
	if t.Timeout == nil || t.Closed {
		return nil, false, nil
	}
	turn := t.turn()
	turn.TargetState = t.Timeout.TargetState
	t.Timeout = nil
	d, err = t.run(ctx, turn)
	return d, true, err
}

func (t *Talk) turn() *session.Turn {
	now := t.Now
	return &session.Turn{
		Integration: &session.Integration{ID: "test", Kind: session.KindCustom, Active: true}, Session: t.Session, Client: t.Client,
		Document: t.Document, Vars: t.Vars, First: !t.Session.Started, Attempt: 1, Now: func() time.Time { return now },
		RequestID: session.NewID(now), NewSession: session.NewID(now),
	}
}

func (t *Talk) run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	d, err := t.Bot.Run(ctx, turn)
	if err != nil {
		return nil, err
	}
	t.apply(turn, d)
	return d, nil
}

// apply carries a decision out (architecture, Session life 3).
func (t *Talk) apply(turn *session.Turn, d *session.Decision) {
	t.Session.Started = true
	if d.Failure != nil {
		return
	}
	if (d.Switch == session.SwitchStart || d.Switch == session.SwitchRestart) && !turn.First {
		old := t.Session.ID
		t.open(nil)
		t.Session.ID, t.Session.Predecessor, t.Session.Started = turn.NewSession, old, true
	}
	vars := d.Vars
	vars.Session = t.Session.ID
	t.Vars, t.Timeout = &vars, d.Timeout
	if d.Client != nil {
		client := *t.Client
		client.Data = d.Client
		t.Client = &client
	}
	if d.SessionResult != "" {
		t.Results = append(t.Results, d.SessionResult)
	}
	if d.Switch == session.SwitchStop || d.StopAfter {
		t.Closed, t.Start, t.Timeout = true, &vars, nil
	}
}
