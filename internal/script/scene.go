package script

import (
	"parley/internal/dialog"
	"parley/internal/session"
)

// Scene is one turn of a rehearsal.
type Scene struct {
	// Cause is "message", "timeout" or "event NAME".
	Cause string
	// Replies are response objects as clients get them (contract (e)), those that
	// stay in an old session first.
	Replies []session.Reply
	// Failure is set for an error turn.
	Failure *session.Failure
	Switch  session.Switch
	// Handover is set when the dialog was given to people.
	Handover *session.Handover
	// Timeout is what the turn armed, nil for none.
	Timeout *session.Timeout
	// State is the context path after the turn.
	State string
	Reason
}

// Reason is why a turn went where it went (dialog-language 5.3).
type Reason struct {
	// Target is the state that the request was given to, "" for none; Entered are
	// the states that ran.
	Target  string
	Entered []string
	// By tells what chose the target: "text", "event", "button", "target state" of a
	// timeout or button, "preMatch", "slot", "start".
	By string
	// Trigger is the trigger that fired, nil for none.
	Trigger *dialog.Trigger
	// Candidates are the triggers that a text fits, patterns before examples before
	// intents, each list best first.
	Candidates []Fit
}

// Fit is a trigger that fits a text.
type Fit struct {
	dialog.Candidate
	Score float64
	// Intent is the path of the recognised intent, "" for patterns and examples.
	Intent string
}

func newScene(cause, state string, d *session.Decision, done *record) *Scene {
	s := &Scene{
		Cause: cause, Replies: append(append([]session.Reply{}, d.Before...), d.Replies...), Failure: d.Failure, Switch: d.Switch,
		Handover: d.Handover, Timeout: d.Timeout, State: state,
		Reason: Reason{Target: done.class, Entered: done.entered, By: done.by, Candidates: fitsOf(done.heard)},
	}
	if n := len(done.fired); n > 0 {
		s.Trigger = done.fired[n-1]
	}
	return s
}

func fitsOf(u *understanding) []Fit {
	if u == nil {
		return nil
	}
	var list []Fit
	for _, h := range u.patterns {
		list = append(list, Fit{Candidate: h.Candidate, Score: h.Score})
	}
	for _, h := range u.examples {
		list = append(list, Fit{Candidate: h.Candidate, Score: h.Score})
	}
	for _, h := range u.intents {
		list = append(list, Fit{Candidate: h.Candidate, Score: h.Score, Intent: h.Intent.Path})
	}
	return list
}
