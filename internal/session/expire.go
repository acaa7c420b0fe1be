package session

import "time"

// checkSession looks at a session whose check time has come: it warns, ends
// it, or looks again later. A session with an accepted message does not
// expire.
type checkSession struct {
	scope
	session ID
}

func (op *checkSession) apply(w *Work) error {
	s, err := w.session(op.session)
	if err != nil || !s.Open() {
		return err
	}
	if _, err := w.chain(s.Chain); err != nil {
		return err
	}
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	due := s.Deadline(&op.in.Settings, talk)
	if due <= op.ms() {
		return op.expire(w, s)
	}
	row := w.sessions.edit(s.ID)
	if warning := op.in.Settings.ExpiryWarning.Milliseconds(); warning > 0 && due-warning <= op.ms() && row.WarnedMs != due {
		row.WarnedMs = due
		w.announce(op.scope, row, EventSessionExpiring, expiringBody{ExpiresAt: due}, nil)
	}
	row.CheckMs = row.nextCheck(&op.in.Settings, talk)
	return nil
}

type expiringBody struct {
	ExpiresAt int64 `json:"expires_at"`
}

func (op *checkSession) expire(w *Work, s *Session) error {
	waiting, err := w.waits(s)
	if err != nil {
		return err
	}
	if waiting && guardExpiry {
		// Half of it: the look itself comes a tick late, and the promise holds
		// from the moment the message has its turn.
		w.sessions.edit(s.ID).CheckMs = op.ms() + TimerAccuracy.Milliseconds()/2
		return nil
	}
	return w.end(op.scope, s.ID, ReasonTimeout, ID{})
}

// waits reports whether a message accepted for this chain has no committed
// turn.
func (w *Work) waits(s *Session) (bool, error) {
	cl, err := w.client(s.Client)
	if err != nil || cl.Pending == 0 {
		return false, err
	}
	list, err := w.inbox(s.Client)
	for _, m := range list {
		if named, err := w.session(m.Handle); err == nil && named.Chain == s.Chain {
			return true, nil
		}
	}
	return false, err
}

// due returns the session of a timer that still waits, with its chain read.
func due(w *Work, t *Timer) (*Session, error) {
	s, err := w.session(t.Session)
	if err != nil {
		return nil, err
	}
	if _, err := w.pending(cause{timer: t}); err != nil {
		return nil, err
	}
	_, err = w.chain(s.Chain)
	return s, err
}

// endKeepAlive closes a session whose reopen window has passed.
type endKeepAlive struct {
	scope
	timer *Timer
}

func (op *endKeepAlive) apply(w *Work) error {
	s, err := due(w, op.timer)
	if err != nil || !s.Open() {
		return err
	}
	return w.end(op.scope, s.ID, ReasonResolved, ID{})
}

// expireDialog is the dialog timer's turn: the position returns to the root,
// offered buttons and the script timeout go, $session and the context stay.
type expireDialog struct {
	scope
	timer *Timer
}

func (op *expireDialog) apply(w *Work) error {
	s, err := due(w, op.timer)
	if err != nil || !s.Open() {
		return err
	}
	if later := s.LastUserMs + op.in.Settings.DialogTimeout.Milliseconds(); later > op.ms() {
		return w.arm(op.scope, s, TimerDialog, later, "")
	}
	old, err := w.varsOf(s.ID)
	if err != nil {
		return err
	}
	w.vars.put(s.ID, &Vars{Session: s.ID, Data: old.Data, Position: "/"})
	for _, kind := range []TimerKind{TimerScript, TimerDialog} {
		if err := w.killTimer(s.ID, kind); err != nil {
			return err
		}
	}
	w.announce(op.scope, s, EventDialogExpired, nil, nil)
	return nil
}

// postpone looks at a session again in an hour: its integration is not there.
type postpone struct {
	scope
	session ID
}

func (op *postpone) apply(w *Work) error {
	s, err := w.session(op.session)
	if err != nil || !s.Open() {
		return err
	}
	w.sessions.edit(s.ID).CheckMs = op.at.Add(time.Hour).UnixMilli()
	return nil
}

// dropTimeout ends a script timeout that no bot will hear: kept, it would be due for
// ever, before all others.
type dropTimeout struct{ timer *Timer }

func (op *dropTimeout) apply(w *Work) error {
	s, err := due(w, op.timer)
	if err != nil {
		return err
	}
	return w.killTimer(s.ID, TimerScript)
}
