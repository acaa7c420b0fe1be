package session

// TimerKind names a durable deadline of a session. The session timer is not
// one of them: it is the check time of the session row.
type TimerKind string

const (
	TimerScript    TimerKind = "script"     // $reactions.timeout: a bot turn
	TimerDialog    TimerKind = "dialog"     // inactivity: takes its turn in the lane
	TimerKeepAlive TimerKind = "keep_alive" // after a closed conversation: a direct turn
	TimerSnooze    TimerKind = "snooze"     // a conversation wakes: a direct turn
	TimerPush      TimerKind = "push"       // an event that a script sent to its client: a bot turn
	TimerPushback  TimerKind = "pushback"   // the end of a pushback's life
)

// Timer belongs to one session and is consumed by the commit that it causes.
// A session has at most one timer of a kind. The id is its generation: arming
// again makes a new one, so a turn that started from an older one finds its
// cause gone.
//
// A pushed event belongs to its client, who may have many: Session is the
// event's own id, and Handle a session of the chain it goes to.
type Timer struct {
	ID          ID
	Session     ID
	Client      ID
	Kind        TimerKind
	DueMs       int64
	TargetState string // of a script timeout, and of an event that sets the dialog going elsewhere
	Handle      ID     // of a pushed event, as Event and Data
	Event       string
	Data        []byte // a JSON object; nil is {}
}

// InLane reports whether the timer takes its turn in the client's lane.
func (k TimerKind) InLane() bool { return k == TimerScript || k == TimerDialog || k == TimerPush }

// bit is the kind's place in Session.Armed, which saves a read of the timers
// of a session that has none.
func (k TimerKind) bit() int {
	switch k {
	case TimerScript:
		return 1
	case TimerDialog:
		return 2
	case TimerKeepAlive:
		return 4
	case TimerSnooze:
		return 8
	}
	return 0
}
