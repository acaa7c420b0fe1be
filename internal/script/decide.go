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

// decision is the outcome of a turn that went well.
func (r *run) decision() (*session.Decision, error) {
	data, client, err := r.documents()
	if err != nil {
		return nil, err
	}
	last, response, err := r.replies()
	if err != nil {
		return nil, err
	}
	replies := append(r.kept, last...)
	r.record.replies, r.record.response = append(append([]reply{}, r.before...), replies...), response
	r.extra.offer(replies)
	d := &session.Decision{Switch: r.switched, StopAfter: r.stopAfter, State: r.state}
	if d.Before, err = r.wire(r.before); err != nil {
		return nil, err
	}
	if d.Replies, err = r.wire(replies); err != nil {
		return nil, err
	}
	d.Vars = session.Vars{Session: r.turn.Session.ID, Data: []byte(data), Position: r.position, Extra: r.extra.json()}
	if client != orEmpty(r.turn.Client.Data) {
		d.Client = []byte(client)
	}
	d.Timeout, d.Patches, d.Handover, d.CloseConversation, d.SessionResult = r.timeout, r.patches, r.handover, r.closes, r.result
	return d, nil
}

// documents are $session and $client as JSON.
func (r *run) documents() (data, client string, err error) {
	s, err := r.vm.Call("session")
	if err != nil {
		return "", "", err
	}
	c, err := r.vm.Call("client")
	if err != nil {
		return "", "", err
	}
	if data = s.text; data == "" || r.dropSession {
		data = r.session
	}
	if client = c.text; client == "" || r.dropClient {
		client = r.client
	}
	return data, client, nil
}

// checkSizes applies the limits of $session and $client (dialog-language 9):
// over the soft one the data is kept and an event tells of it; over the hard one
// what was there before is kept, and unhandled it is an error turn.
func (r *run) checkSizes() error {
	data, client, err := r.documents()
	if err != nil {
		return err
	}
	if err := r.checkSize("session", data, r.session, func() { r.dropSession = true }); err != nil {
		return err
	}
	return r.checkSize("client", client, r.client, func() { r.dropClient = true })
}

func (r *run) checkSize(name, now, before string, drop func()) error {
	if len(now) <= session.SoftVarsBytes {
		return nil
	}
	hard := len(now) > session.HardVarsBytes
	event, limit := name+"DataSoftLimitExceeded", session.SoftVarsBytes
	if hard {
		event, limit = name+"DataHardLimitExceeded", session.HardVarsBytes
	}
	r.log.Warn(event, "bot", r.bot.name, "session", r.sessionID(), "bytes", len(now), "limit", limit)
	target := r.byEvent(event)
	if target == "" && hard {
		return &dialogError{code: "script", message: fmt.Sprintf("$%s has %d bytes, the limit is %d", name, len(now), limit)}
	}
	if target == "" {
		return nil
	}
	if err := r.enterAll(target); err != nil {
		return err
	}
	r.arrive()
	if hard {
		drop()
	}
	return nil
}

// restartLoop ends a turn that restarted too often (dialog-language 7.3).
func (r *run) restartLoop() error {
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
func (r *run) failure(err error) (f *session.Failure, handler string) {
	f = &session.Failure{Code: "dialog", State: r.state, Message: err.Error()}
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

// fail is the error turn: the replies are dropped, $session and $client are as
// before, and the handlers or messages.onError answer.
func (r *run) fail(err error) *session.Decision {
	f, handler := r.failure(err)
	r.log.Warn("error in a script", "bot", r.bot.name, "session", r.turn.Session.ID.String(), "code", f.Code, "state", f.State, "where", f.Where, "error", f.Message)
	d := &session.Decision{Failure: f, State: f.State}
	var loop *loopError
	if errors.As(err, &loop) {
		d.Facts = loop.facts()
	}
	d.Vars = r.oldVars()
	replies := r.handleFailure(err, f, handler)
	r.record.replies = replies
	wired, wireErr := r.wire(replies)
	if wireErr == nil {
		d.Replies = wired
	}
	return d
}

// oldVars is the script's side of the session as before the turn.
func (r *run) oldVars() session.Vars {
	if r.turn.Vars == nil {
		return session.Vars{Session: r.turn.Session.ID}
	}
	return *r.turn.Vars
}

// handleFailure runs the error handlers until one of them replied.
func (r *run) handleFailure(err error, f *session.Failure, handler string) []reply {
	old := newRun(r.ctx, r.bot, r.vm, r.turn)
	old.failing, old.state, old.request = true, f.State, r.request
	if old.state == "" {
		old.state = old.position
	}
	r.vm.run = old
	defer func() { r.vm.run = r }()
	for _, kind := range []string{handler, "onAnyError"} {
		if replies := old.tryHandler(kind, err, f); len(replies) > 0 {
			return replies
		}
	}
	return r.errorMessage(f.State)
}

func (r *run) tryHandler(kind string, cause error, f *session.Failure) []reply {
	if !r.bot.handlers[kind] {
		return nil
	}
	r.ran = 0
	r.watch(handlerTime)
	defer r.unwatch()
	replies, err := r.runHandler(kind, cause, f)
	if err != nil {
		r.log.Warn("an error handler failed", "bot", r.bot.name, "handler", kind, "state", r.state, "error", err.Error())
		return nil
	}
	return replies
}

func (r *run) runHandler(kind string, cause error, f *session.Failure) ([]reply, error) {
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
	replies, _, err := r.replies()
	return replies, err
}

// errorMessage is messages.onError of chatbot.yaml, in the bot's language.
func (r *run) errorMessage(state string) []reply {
	config := &r.bot.project.Config
	text := config.ErrorMessage
	if other, ok := config.ErrorMessages[config.Language]; ok {
		text = other
	}
	if text == "" {
		return nil
	}
	return []reply{{"type": "text", "text": text, "state": state}}
}

// silentFailure is an error turn without a machine to run handlers in.
func (r *run) silentFailure(f *session.Failure) *session.Decision {
	d := &session.Decision{Failure: f, Vars: r.oldVars(), State: f.State}
	if replies, err := r.wire(r.errorMessage(f.State)); err == nil {
		d.Replies = replies
	}
	return d
}
