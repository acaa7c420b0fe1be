package script

import "parley/internal/session"

// life changes the session and conversation of a turn.
type life struct{ *run }

// start is $jsapi.startSession: dialog-language 7.2.
func (r life) start() {
	if r.failing {
		return
	}
	r.stopAfter = false
	if r.switched != session.SwitchRestart {
		r.switched = session.SwitchStart
	}
}

// stop is $jsapi.stopSession.
func (r life) stop() {
	switch {
	case r.failing:
	case r.switched == session.SwitchStart || r.switched == session.SwitchRestart:
		r.stopAfter = true
	default:
		r.switched = session.SwitchStop
	}
}
