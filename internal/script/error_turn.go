package script

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/internal/session"
)

// handlerTime is what error handlers may run, beyond the time of the turn.
const handlerTime = 500 * time.Millisecond

// errorTurn ends a turn in which something went wrong.
type errorTurn struct{ *run }

// restartLoop ends a turn that restarted too often (dialog-language 7.3).
func (r errorTurn) restartLoop() error {
	state := r.visited[len(r.visited)-1]
	r.log.Error("newSession was called without end; the turn was stopped", "bot", r.bot.name, "session", r.turn.Session.ID.String(),
		"state", state, "states", strings.Join(r.visited, " -> "), "remedy", remedy)
	return &loopError{state: state}
}

const remedy = "set $request.event = null before $reactions.newSession, or call newSession only under a condition that the new session does not meet"

// loopError is the endless newSession.
type loopError struct{ state string }

func (e *loopError) Error() string {
	return fmt.Sprintf("Infinite loop was detected for state %s in newSession", e.state)
}

func (e *loopError) facts() []session.Fact {
	body := marshal(map[string]any{"state": e.state, "restarts": session.MaxRestarts, "message": e.Error(), "remedy": remedy})
	return []session.Fact{{Kind: session.EventRestartLoop, Body: json.RawMessage(body)}}
}

// failure describes an error of the turn, and tells which handler is for it.
func (r errorTurn) failure(err error) (f *session.Failure, handler string) {
	f = &session.Failure{Code: "dialog", State: r.state, Message: r.bot.masked(err.Error())}
	var t *thrown
	var d *dialogError
	var s *stopped
	var l *loopError
	switch {
	case errors.As(err, &t):
		f.Code, f.Where = "script", t.where
		return f, "onScriptError"
	case errors.As(err, &s):
		f.Code, f.Where = s.code, s.where
		return f, "onScriptError"
	case errors.As(err, &l):
		f.Code, f.State = session.FailureLoop, l.state
	case errors.As(err, &d):
		f.Where = d.where
		if d.code != "" {
			f.Code = d.code
		}
	}
	return f, "onDialogError"
}

// decision is the error turn: the replies are dropped, $session and $client are as
// before, and the handlers or messages.onError answer.
func (r errorTurn) decision(err error) *session.Decision {
	f, handler := r.failure(err)
	if st := r.bot.states[f.State]; f.Where == "" && handler == "onScriptError" && st != nil && st.node.File != "" {
		f.Where = st.node.Pos.String()
	}
	r.log.Warn("error in a script", "bot", r.bot.name, "session", r.turn.Session.ID.String(), "code", f.Code, "state", f.State, "where", f.Where, "error", f.Message)
	d := &session.Decision{Failure: f, State: f.State}
	if loop, ok := errors.AsType[*loopError](err); ok {
		d.Facts = loop.facts()
	}
	d.Vars = r.oldVars()
	r.effects = effects{}
	replies := r.handleFailure(err, f, handler)
	r.record.replies = replies
	wired, wireErr := outcome(r).wire(replies)
	if wireErr == nil {
		d.Replies, d.Handover = wired, r.handover
	}
	return d
}

// oldVars is the script's side of the session as before the turn.
func (r errorTurn) oldVars() session.Vars {
	if r.turn.Vars == nil {
		return session.Vars{Session: r.turn.Session.ID}
	}
	return *r.turn.Vars
}

// handleFailure runs the error handlers until one of them replied.
func (r errorTurn) handleFailure(err error, f *session.Failure, handler string) []reply {
	var t *thrown
	if value := errors.As(err, &t) && t.value != nil; !value && r.vm.Ruined() {
		if swapErr := r.bot.pool.swap(r.run); swapErr != nil {
			return r.errorMessage(f.State)
		}
	}
	old := errorTurn{newRun(r.ctx, r.bot, r.vm, r.turn)}
	old.failing, old.state, old.request, old.spent, old.given, old.account = true, f.State, r.request, r.spent, r.given, r.account
	defer func() { r.record.did.add(old.record.did) }()
	if old.state == "" {
		old.state = old.position
	}
	r.vm.run = old.run
	defer func() { r.vm.run = r.run }()
	for _, kind := range []string{handler, "onAnyError"} {
		if replies := old.tryHandler(kind, err, f); len(replies) > 0 {
			return replies
		}
	}
	return r.errorMessage(f.State)
}

func (r errorTurn) tryHandler(kind string, cause error, f *session.Failure) []reply {
	if !r.bot.handlers[kind] {
		return nil
	}
	r.ran = 0
	r.watch(handlerTime)
	defer r.unwatch()
	replies, err := r.runHandler(kind, cause, f)
	if err != nil {
		r.log.Warn("an error handler failed", "bot", r.bot.name, "handler", kind, "state", r.state, "error", r.bot.masked(err.Error()))
		return nil
	}
	return replies
}

func (r errorTurn) runHandler(kind string, cause error, f *session.Failure) ([]reply, error) {
	if err := r.call("begin"); err != nil {
		return nil, err
	}
	var exception any = f.Message
	var t *thrown
	if errors.As(cause, &t) && t.value != nil {
		exception = t
	}
	if err := r.call("failed", exception); err != nil {
		return nil, err
	}
	if err := r.call("handle", kind); err != nil {
		return nil, err
	}
	replies, _, err := outcome(r).replies()
	return replies, err
}

// errorMessage is messages.onError of chatbot.yaml: in the language of the
// person's context, else in that of the bot.
func (r errorTurn) errorMessage(state string) []reply {
	config := &r.bot.project.Config
	text := config.ErrorMessage
	person, _ := r.turn.Document.At("user", "language")
	spoken, _ := person.(string)
	short, _, _ := strings.Cut(spoken, "-")
	for _, language := range []string{config.Language, short, spoken} {
		if other, ok := config.ErrorMessages[language]; ok {
			text = other
		}
	}
	if text == "" {
		return nil
	}
	return []reply{{"type": "text", "text": text, "state": state}}
}

// silent is an error turn without a machine to run handlers in.
func (r errorTurn) silent(f *session.Failure) *session.Decision {
	d := &session.Decision{Failure: f, Vars: r.oldVars(), State: f.State}
	if replies, err := (outcome(r)).wire(r.errorMessage(f.State)); err == nil {
		d.Replies = replies
	}
	return d
}
