package script

import "parley/internal/session"

// life changes the session and conversation of a turn.
type life struct{ *run }

// start is $jsapi.startSession: dialog-language 7.2.
func (r life) start() error {
	if r.failing {
		return nil
	}
	r.stopAfter = false
	if r.switched != session.SwitchRestart {
		r.switched = session.SwitchStart
	}
	return nil
}

// stop is $jsapi.stopSession.
func (r life) stop() error {
	switch {
	case r.failing:
	case r.switched == session.SwitchStart || r.switched == session.SwitchRestart:
		r.stopAfter = true
	default:
		r.switched = session.SwitchStop
	}
	return nil
}
