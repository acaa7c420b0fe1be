package session

import (
	"errors"
	"time"
)

// cause is the durable row that a bot turn answers. The commit of the turn
// consumes it, so that it is answered once.
type cause struct {
	message ID
	timer   *Timer
}

var (
	// errCauseGone: somebody else's commit consumed the cause; there is
	// nothing left to do.
	errCauseGone = errors.New("the cause of the turn is gone")
)

// pending reports whether the cause still waits, and returns its message.
func (w *Work) pending(c cause) (*Message, error) {
	if c.timer != nil {
		t, err := w.timer(c.timer.Session, c.timer.Kind)
		if err == nil && (t == nil || t.ID != c.timer.ID) && guardCause {
			err = errCauseGone
		}
		return nil, err
	}
	m, err := w.message(c.message)
	if errors.Is(err, ErrNoRow) {
		return nil, errCauseGone // erased
	}
	if err == nil && m.Placed() && guardCause {
		err = errCauseGone
	}
	return m, err
}

// commitTurn is the commit of a bot turn: guards first, then the decision as
// one whole.
type commitTurn struct {
	scope
	session    ID // as loaded, open then
	epoch      int64
	cause      cause
	newSession ID        // the id of a successor this turn opens
	decided    *Decision // by the bot
	document   Document  // as loaded, of this version
	version    int64
	there      Availability     // of people whom the turn may hand over to
	now        func() time.Time // for the debug log; may be nil

	applied time.Time // by the debug log's clock

	decision   *Decision // as it is carried out
	head       ID        // the newest session after the turn
	said       []*Message
	left       int // accepted messages that still wait
	suppressed bool
	givenUp    bool    // the bot failed, and people take its dialog
	notes      []error // patches that the document would not take
}

func (op *commitTurn) actsOn() []ID {
	if op.cause.message.IsZero() {
		return []ID{op.session}
	}
	return []ID{op.session, op.cause.message}
}

func (op *commitTurn) apply(w *Work) error {
	op.said, op.decision, op.givenUp = nil, op.decided, false
	if op.now != nil {
		op.applied = op.now()
	}
	m, err := w.pending(op.cause)
	if err != nil {
		return err
	}
	s, err := w.session(op.session)
	if err != nil {
		return err
	}
	if !s.Open() && guardOpen {
		return errCauseGone
	}
	ch, err := w.chain(s.Chain)
	if err != nil {
		return err
	}
	if _, err := w.client(s.Client); err != nil {
		return err
	}
	if ch.Version == op.version {
		w.documents.seen(s.ID, &op.document) // saves the read; the version says it is the same
	}
	if op.cause.timer != nil {
		if err := op.consume(w, s); err != nil {
			return err
		}
	}
	op.head = s.ID
	if ch.Epoch != op.epoch && guardEpoch {
		err = op.suppress(w, s, m)
	} else {
		err = op.carryOut(w, s, m)
	}
	op.left = w.clients.edit(s.Client).Pending
	return err
}

// suppress is the smaller change of a turn whose owner moved while it ran: its
// message is placed, its replies are kept out of sight, and nothing else of
// it takes effect.
func (op *commitTurn) suppress(w *Work, s *Session, m *Message) error {
	op.suppressed = true
	if m != nil {
		if err := w.place(op.scope, m, s.ID, OutcomeSuppressed, ""); err != nil {
			return err
		}
	}
	replies := append(append([]Reply{}, op.decision.Before...), op.decision.Replies...)
	if len(replies) == 0 {
		return nil
	}
	_, err := utterance{author: AuthorBot, kind: EventMessageSuppressed, body: botBody{replies}, kept: OutcomeSuppressed}.add(w, op.scope, s.ID)
	return err
}

// carryOut writes the decision in the order of architecture, Session life 3:
// old replies, session:closed, session:created, the message, new replies.
func (op *commitTurn) carryOut(w *Work, s *Session, m *Message) error {
	d := op.decision
	first := !s.Started
	if m == nil {
		w.sessions.edit(s.ID).Started = true
	}
	if d.Release != s.Release {
		w.sessions.edit(s.ID).Release = d.Release
	}
	if err := op.switchSession(w, s, first); err != nil {
		return err
	}
	if m != nil {
		outcome, why := OutcomeAnswered, ""
		if d.Failure != nil {
			outcome, why = OutcomeFailed, d.Failure.reason()
		}
		if err := w.place(op.scope, m, op.head, outcome, why); err != nil {
			return err
		}
	}
	if err := op.merges(w); err != nil {
		return err
	}
	if err := op.giveUp(w, s); err != nil {
		return err
	}
	if err := op.reply(w, m != nil, first); err != nil {
		return err
	}
	if err := op.saveScript(w); err != nil {
		return err
	}
	if err := op.finish(w); err != nil {
		return err
	}
	return op.callBack(w, m, first)
}

// switchSession opens the successor where the decision asks for one. In the
// session's first bot turn the session already is the new one.
func (op *commitTurn) switchSession(w *Work, s *Session, first bool) error {
	d := op.decision
	if d.Switch != SwitchStart && d.Switch != SwitchRestart || first {
		return nil
	}
	if len(d.Before) > 0 {
		if err := op.say(w, s.ID, d.Before); err != nil {
			return err
		}
	}
	if err := w.end(op.scope, s.ID, ReasonScript, op.newSession); err != nil {
		return err
	}
	old, err := w.session(s.ID)
	if err != nil {
		return err
	}
	next, _, err := w.openSuccessor(op.scope, old, op.newSession, nil)
	if err != nil {
		return err
	}
	w.sessions.edit(next.ID).Started = true
	op.head = next.ID
	return nil
}

// merges applies the script's patches to the document as it is now.
func (op *commitTurn) merges(w *Work) error {
	if op.decision.Failure != nil {
		return nil
	}
	for _, p := range op.decision.Patches {
		s, err := w.session(op.head)
		if err != nil {
			return err
		}
		if !guardNewest {
			w.documents.put(s.ID, &op.document)
		}
		if _, err := w.merge(op.scope, s, &Update{Patch: p.Context, By: AuthorBot}); err != nil {
			if CodeOf(err) == CodeInternal {
				return err
			}
			op.notes = append(op.notes, err)
		}
	}
	return nil
}

// reply puts the replies into the transcript. A user's message always gets an
// answer, if an empty one: that is how a client learns that its turn is over.
func (op *commitTurn) reply(w *Work, answersMessage, first bool) error {
	replies := op.decision.Replies
	if before := op.decision.Before; len(before) > 0 && (first || op.decision.Switch == SwitchNone) {
		replies = append(append([]Reply{}, before...), replies...)
	}
	if len(replies) == 0 {
		if !answersMessage {
			return nil
		}
		replies = []Reply{}
	}
	return op.say(w, op.head, replies)
}

func (op *commitTurn) say(w *Work, session ID, replies []Reply) error {
	m, err := op.answer(w, session, op.cause.message, replies)
	if err == nil {
		op.said = append(op.said, m)
	}
	return err
}

// callBack tells a client of the Chat API that waits for no answer.
func (op *commitTurn) callBack(w *Work, asked *Message, first bool) error {
	s, err := w.session(op.head)
	if err != nil {
		return err
	}
	d := op.decision
	callback{
		scope: op.scope, session: s, to: asked, said: op.said, ended: d.Switch == SwitchStop || d.StopAfter,
		opened: first || asked != nil && asked.AcceptedIn != op.head || asked == nil && op.session != op.head,
	}.queue(w)
	return nil
}

// saveScript writes what the lane alone writes: $session, $client and the
// position. An error turn leaves them as before.
func (op *commitTurn) saveScript(w *Work) error {
	d := op.decision
	s, err := w.session(op.head)
	if err != nil {
		return err
	}
	if _, err := w.client(s.Client); err != nil {
		return err
	}
	if d.Failure != nil {
		w.clients.edit(s.Client).Failures++
		return nil
	}
	cl := w.clients.edit(s.Client)
	cl.Failures = 0
	if d.Client != nil {
		cl.Data = d.Client
	}
	vars := d.Vars
	vars.Session = s.ID
	if d.Switch == SwitchStop || d.StopAfter {
		w.chains.edit(s.Chain).Start = &vars
		return nil
	}
	old, err := w.varsOf(s.ID)
	if err != nil || old.same(&vars) {
		return err
	}
	w.vars.put(s.ID, &vars)
	return nil
}

// finish does what follows the replies: facts, result, handover, resolve,
// timeout and the session's end.
func (op *commitTurn) finish(w *Work) error {
	d := op.decision
	s, err := w.session(op.head)
	if err != nil {
		return err
	}
	for _, f := range d.Facts {
		w.announce(op.scope, s, f.Kind, f.Body, nil)
	}
	if d.Failure != nil && d.Handover == nil && !op.givenUp {
		return nil
	}
	if d.Failure != nil { // it gives up, or its error handler asked for people
		w.clients.edit(s.Client).Failures = 0
		return op.handOver(w, s)
	}
	if d.SessionResult != "" {
		w.sessions.edit(s.ID).Result = d.SessionResult
	}
	if err := op.push(w, s); err != nil {
		return err
	}
	if d.Handover != nil {
		if err := op.handOver(w, s); err != nil {
			return err
		}
	}
	if d.CloseConversation {
		if err := op.holder(w, s).resolve(nil); err != nil {
			return err
		}
	}
	if d.Switch == SwitchStop || d.StopAfter {
		return w.end(op.scope, s.ID, ReasonScript, ID{})
	}
	return op.armTimeout(w, s)
}

// armTimeout arms the script timeout, unless a newer message was accepted
// meanwhile (it would have cancelled it) or people own the conversation.
func (op *commitTurn) armTimeout(w *Work, s *Session) error {
	t := op.decision.Timeout
	if t == nil || guardTimerCancel && w.clients.edit(s.Client).Pending > 0 {
		return nil
	}
	talk, err := w.conversation(s.ID)
	if err != nil || talk.Human() {
		return err
	}
	return w.arm(op.scope, s, TimerScript, op.ms()+t.After.Milliseconds(), t.TargetState)
}

// FailureUnreachable is the code of a bot that could not be reached.
const FailureUnreachable = "unreachable"

// FailureWebhook is the code of a turn whose AI webhook failed and must not;
// FailureAnswer that of an HTTP bot that answered, but not as documented.
const (
	FailureWebhook = "webhook"
	FailureAnswer  = "answer"
)

func (f *Failure) reason() string {
	text := f.Code
	if f.State != "" {
		text += " in " + f.State
	}
	if f.Where != "" {
		text += " at " + f.Where
	}
	return text + ": " + f.Message
}

// placeMessage is the turn of a message that no bot answers: people own the
// conversation, or there is nothing to answer.
type placeMessage struct {
	scope
	message ID
	session ID
	outcome Outcome
	why     string
	reply   bool // with an empty answer
	fact    *Fact
}

func (op *placeMessage) actsOn() []ID { return []ID{op.session, op.message} }

func (op *placeMessage) apply(w *Work) error {
	m, err := w.pending(cause{message: op.message})
	if err != nil {
		return err
	}
	s, err := w.session(op.session)
	if err != nil {
		return err
	}
	if !s.Open() {
		return errCauseGone
	}
	if err := w.place(op.scope, m, s.ID, op.outcome, op.why); err != nil {
		return err
	}
	if op.fact != nil {
		w.announce(op.scope, s, op.fact.Kind, op.fact.Body, nil)
	}
	if !op.reply {
		return nil
	}
	answer, err := op.answer(w, s.ID, m.ID, []Reply{})
	if err == nil {
		callback{scope: op.scope, session: s, to: m, said: []*Message{answer}}.queue(w)
	}
	return err
}

// openHead opens the successor that a waiting message needs.
type openHead struct {
	scope
	message ID
}

func (op *openHead) actsOn() []ID { return []ID{op.message} }

func (op *openHead) apply(w *Work) error {
	m, err := w.pending(cause{message: op.message})
	if err != nil {
		return err
	}
	_, _, err = w.head(op.scope, m.Handle, true)
	return err
}

// countAttempt counts a start durably before it happens, from the second on.
type countAttempt struct {
	message  ID
	attempts int
}

func (op *countAttempt) actsOn() []ID { return []ID{op.message} }

func (op *countAttempt) apply(w *Work) error {
	if _, err := w.pending(cause{message: op.message}); err != nil {
		return err
	}
	w.messages.edit(op.message).Attempts = op.attempts
	return nil
}
