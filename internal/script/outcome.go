package script

import (
	"fmt"

	"parley/internal/session"
)

// outcome makes the decision of a turn.
type outcome struct{ *run }

// decision is the outcome of a turn that went well.
func (r outcome) decision() (*session.Decision, error) {
	if r.saved == nil {
		now, err := r.documents()
		if err != nil {
			return nil, err
		}
		r.saved = &now
	}
	last, response, err := r.replies()
	if err != nil {
		return nil, err
	}
	replies := append(r.kept, last...)
	r.record.replies, r.record.response = append(append([]reply{}, r.before...), replies...), response
	r.extra.offer(replies)
	if r.switched != session.SwitchNone {
		r.extra.Filling = nil // the question belongs to the session that was left
	}
	d := &session.Decision{Switch: r.switched, StopAfter: r.stopAfter, State: r.state}
	if d.Before, err = r.wire(r.before); err != nil {
		return nil, err
	}
	if d.Replies, err = r.wire(replies); err != nil {
		return nil, err
	}
	d.Vars = session.Vars{Session: r.turn.Session.ID, Data: []byte(r.saved.session), Position: r.position, Extra: r.extra.json()}
	if r.saved.client != orEmpty(r.turn.Client.Data) {
		d.Client = []byte(r.saved.client)
	}
	d.Timeout, d.Patches, d.Handover, d.CloseConversation, d.SessionResult = r.timeout, r.patches, r.handover, r.closes, r.result
	if set := &r.turn.Integration.Settings; set.Hook(session.HookPost) != nil {
		heard := webhooks(r).understoodAs()
		d.Heard = &heard
	}
	d.Pushes, d.CancelPushes, d.Facts = r.pushes, r.cancels, r.notes.facts(r.result)
	return d, nil
}

// documents are $session and $client at the end of a turn, as JSON.
type documents struct{ session, client string }

// documents reads them. One that no script looked at is as it was.
func (r outcome) documents() (documents, error) {
	now := documents{session: r.session, client: r.client}
	if r.taken.session {
		v, err := r.vm.Call("session")
		if err != nil {
			return now, err
		}
		now.session = v.text
	}
	if r.taken.client {
		v, err := r.vm.Call("client")
		if err != nil {
			return now, err
		}
		now.client = v.text
	}
	return now, nil
}

// checkSizes applies the limits of $session and $client (dialog-language 9):
// over the soft one the data is kept and an event tells of it; over the hard one
// what was there before is kept, and unhandled it is an error turn.
func (r outcome) checkSizes() error {
	now, err := r.documents()
	if err != nil {
		return err
	}
	sessionTold, err := r.tellSize("session", len(now.session))
	if err != nil {
		return err
	}
	clientTold, err := r.tellSize("client", len(now.client))
	if err != nil {
		return err
	}
	if sessionTold || clientTold {
		if now, err = r.documents(); err != nil {
			return err
		}
	}
	if len(now.session) > session.HardVarsBytes {
		now.session = r.session
	}
	if len(now.client) > session.HardVarsBytes {
		now.client = r.client
	}
	r.saved = &now
	return nil
}

// tellSize raises the event of a limit; told is true when a state took it.
func (r outcome) tellSize(name string, size int) (told bool, err error) {
	if size <= session.SoftVarsBytes {
		return false, nil
	}
	event, limit := name+"DataSoftLimitExceeded", session.SoftVarsBytes
	if size > session.HardVarsBytes {
		event, limit = name+"DataHardLimitExceeded", session.HardVarsBytes
	}
	r.log.Warn("a script keeps too much", "event", event, "bot", r.bot.name, "session", r.sessionID(), "bytes", size, "limit", limit)
	target := chooser(r).byEvent(event)
	if target == "" && limit == session.HardVarsBytes {
		return false, &dialogError{code: "script", message: fmt.Sprintf("$%s has %d bytes, the limit is %d", name, size, limit)}
	}
	if target == "" {
		return false, nil
	}
	if err := (walker(r)).enterAll(target); err != nil {
		return false, err
	}
	walker(r).arrive()
	return true, nil
}
