package session

import (
	"bytes"
	"unicode/utf8"
)

// Incoming is a user's message on its way in: contract a.4 and message:send.
type Incoming struct {
	Handle          ID
	Input           Input
	Raw             []byte  // the body as received: a JSON object with "input"
	Context         *Update // merged in the accepting transaction; may be nil
	ClientMessageID string
	InputHash       []byte // of the input, to tell a repeat from a mistake
	Repeat          *Repeat
}

// Check refuses what is over a limit of contract (f).
func (m *Incoming) Check() error {
	if utf8.RuneCountInString(m.ClientMessageID) > MaxClientMessageChars {
		return Invalid("client_message_id", "longer than %d characters", MaxClientMessageChars)
	}
	return m.Input.Check()
}

// acceptMessage is the accepting transaction (architecture, Turns): check the
// handle, the repeated id and the bound; merge the context; give the message
// the next inbox number; cancel the script timeout; slide the session timer.
type acceptMessage struct {
	scope
	req   Incoming
	bound int // messages that may wait
	began livechats
	depth int // messages that wait now
	// inherits: the lease came from a dead node.
	inherits bool
	out      Result
}

func (cfg *Config) accepting(sc scope, req Incoming) *acceptMessage {
	op := &acceptMessage{scope: sc, req: req, bound: cfg.MaxPending, began: livechatsOf(cfg.Bot(sc.in))}
	if sc.in.Settings.MaxPending > 0 {
		op.bound = sc.in.Settings.MaxPending
	}
	return op
}

// measure reports how many messages wait now.
func (op *acceptMessage) measure(m *Metrics) {
	if m.Depth != nil && op.depth > 0 {
		m.Depth(op.depth)
	}
	if m.Takeover != nil && op.inherits {
		m.Takeover()
	}
}

func (op *acceptMessage) apply(w *Work) error {
	done, err := op.repeated(w)
	if err != nil || done {
		return err
	}
	s, ch, err := w.head(op.scope, op.req.Handle, true)
	if err != nil {
		return err
	}
	cl, err := w.client(s.Client)
	if err != nil {
		return err
	}
	if cl.Pending >= op.bound && guardBound {
		return errRateLimited(op.bound)
	}
	if op.req.Context != nil {
		if _, err := w.merge(op.scope, s, op.req.Context); err != nil {
			return err
		}
	}
	m, err := op.enqueue(w, s)
	if err != nil {
		return err
	}
	op.out = Result{Session: w.sessions.edit(s.ID), Chain: ch, Message: m}
	w.recordAnswer(op.scope, op.req.Repeat, &op.out)
	return nil
}

// repeated answers a repeated id with the first answer. It comes before every
// other check, so that a repeat is answered also when its session has ended
// since.
func (op *acceptMessage) repeated(w *Work) (bool, error) {
	if again, err := w.answered(op.in, op.req.Repeat); err != nil || again != nil {
		op.out = Result{Repeated: again}
		return true, err
	}
	named, err := w.session(op.req.Handle)
	if err != nil || named.Integration != op.in.ID {
		return false, notFound(err)
	}
	first, err := w.repeated(named.Client, op.req.ClientMessageID)
	if err != nil || first == nil || !guardRepeat {
		return false, err
	}
	if !bytes.Equal(first.InputHash, op.req.InputHash) {
		return false, &Error{Code: CodeIdempotencyMismatch, Field: "client_message_id", Message: "the id was used before with another input"}
	}
	s, err := w.session(first.AcceptedIn)
	if err != nil {
		return false, err
	}
	op.out = Result{Session: s, Message: first, Again: true}
	return true, nil
}

// enqueue gives the message its place in the inbox. While a human owns the
// conversation and nothing waits before it, it is placed at once.
func (op *acceptMessage) enqueue(w *Work, s *Session) (*Message, error) {
	cl := w.clients.edit(s.Client)
	cl.InboxNumber++
	cl.Pending++
	op.depth = cl.Pending
	m := &Message{
		ID: op.newID(), Client: cl.ID, Author: AuthorUser, AtMs: op.ms(), Body: op.req.Raw, Number: cl.InboxNumber,
		Handle: op.req.Handle, AcceptedIn: s.ID, ClientMessageID: op.req.ClientMessageID, InputHash: op.req.InputHash,
		Trace: w.now.trace,
	}
	w.addMessage(m)
	if guardTimerCancel {
		if err := w.killTimer(s.ID, TimerScript); err != nil {
			return nil, err
		}
	}
	if err := w.killTimer(s.ID, TimerKeepAlive); err != nil {
		return nil, err
	}
	w.sessions.edit(s.ID).heard(op.ms())
	talk, err := w.conversation(s.ID)
	if err != nil {
		return nil, err
	}
	closes, err := op.began.closed(w, talk, op.req.Input)
	if err != nil {
		return nil, err
	}
	if talk.Human() && cl.Pending == 1 && !closes {
		return m, w.place(op.scope, m, s.ID, OutcomeUnanswered, "")
	}
	if err := op.wake(w, cl, m); err != nil {
		return nil, err
	}
	if err := op.readAhead(w, s); err != nil {
		return nil, err
	}
	return m, op.armDialogTimer(w, s)
}

// wake sets the client's lane going on the node that has its lease: this one
// where nobody living has it.
func (op *acceptMessage) wake(w *Work, cl *Client, m *Message) error {
	wake := Wake{Client: cl.ID}
	if cl.Pending == 1 {
		wake.Message = m
	}
	if op.leases.Cluster != nil {
		from, _, err := op.leases.take(w, cl.ID)
		op.inherits = !from.IsZero()
		if err != nil {
			return err
		}
		wake.Recovered = !from.IsZero() && cl.Pending > 1
		wake.Lease = Lease{cl.Holder, cl.Fence}
	}
	w.now.woken = append(w.now.woken, wake)
	return nil
}

// readAhead reads what the message's turn will start from and nobody keeps for it: the
// store has it at hand now.
func (op *acceptMessage) readAhead(w *Work, s *Session) error {
	if w.cache != nil {
		return nil
	}
	if _, err := w.varsOf(s.ID); err != nil {
		return err
	}
	_, err := w.document(s.ID)
	return err
}

// armDialogTimer starts the inactivity timer of the bot phase. It is lazy: one
// that is armed already looks at the last user message when it is due.
func (op *acceptMessage) armDialogTimer(w *Work, s *Session) error {
	after := op.in.Settings.DialogTimeout.Milliseconds()
	if after == 0 || s.Armed&TimerDialog.bit() != 0 {
		return nil
	}
	return w.arm(op.scope, s, TimerDialog, op.ms()+after, "")
}
