package session

import (
	"encoding/json"
	"errors"
)

// The life of a session: architecture, "Session life".

// head returns the open session that a handle stands for, with its chain.
// With open set it opens the successor after stopSession; otherwise a handle
// without an open session is not found.
func (w *Work) head(sc scope, handle ID, open bool) (*Session, *Chain, error) {
	named, err := w.session(handle)
	if err != nil || named.Integration != sc.in.ID {
		return nil, nil, notFound(err)
	}
	ch, err := w.chain(named.Chain)
	if err != nil {
		return nil, nil, err
	}
	s, err := w.session(ch.Head)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case !named.Handle() || !s.Handle():
		return nil, nil, errNotFound()
	case s.Open():
		return s, ch, nil
	case !open:
		return nil, nil, errNotFound()
	}
	return w.openSuccessor(sc, s, sc.newID(), ch.Start)
}

func notFound(err error) error {
	if err == nil || errors.Is(err, ErrNoRow) {
		return errNotFound()
	}
	return err
}

// openSuccessor opens the session after a closed one: who and where carry
// over, the context document is copied from the current row, $session starts
// from start.
func (w *Work) openSuccessor(sc scope, old *Session, id ID, start *Vars) (*Session, *Chain, error) {
	if old.Open() || guardSuccessor && !old.Successor.IsZero() {
		return nil, nil, errNotFound()
	}
	doc, err := w.document(old.ID)
	if err != nil {
		return nil, nil, err
	}
	s := &Session{
		ID: id, Integration: old.Integration, Client: old.Client, Chain: old.Chain, Predecessor: old.ID,
		Status: StatusOpen, Channel: old.Channel, ExternalID: old.ExternalID, ChannelUserID: old.ChannelUserID,
		IsTest: old.IsTest, OptOut: old.OptOut, CreatedMs: sc.ms(), LastUserMs: sc.ms(),
	}
	s.CheckMs = s.nextCheck(&sc.in.Settings, nil)
	w.sessions.put(id, s)
	w.sessions.edit(old.ID).Successor = id
	w.documents.put(id, &doc)
	if start != nil {
		v := *start
		v.Session = id
		w.vars.put(id, &v)
	}
	ch := w.chains.edit(old.Chain)
	ch.Head, ch.Start, ch.EndedMs = id, nil, 0
	w.announce(sc, s, EventSessionCreated, createdBody{Predecessor: old.ID.String(), Reason: string(old.Reason)}, nil)
	return s, ch, nil
}

type createdBody struct {
	Predecessor string `json:"predecessor_id,omitempty"`
	Reason      string `json:"reason,omitempty"`
}

type closedBody struct {
	Reason    Reason `json:"reason"`
	Successor string `json:"successor_id,omitempty"`
}

// end closes a session: at most once, with one reason. Its timers die with
// it; its conversation ends with it without an event; the epoch rises, so
// that a turn still running finds its ground gone. An end that is not the
// script's first places what waits.
func (w *Work) end(sc scope, id ID, reason Reason, successor ID) error {
	s, err := w.session(id)
	if err != nil {
		return err
	}
	if !mayEnd(s.Status, statusOf(reason)) && guardSuccessor {
		return errNotFound()
	}
	if _, err := w.chain(s.Chain); err != nil {
		return err
	}
	if reason != ReasonScript && guardPlaceAtEnd {
		if err := w.placeWaiting(sc, s); err != nil {
			return err
		}
	}
	if err := w.endConversation(sc, id); err != nil {
		return err
	}
	if guardTimersDie {
		if err := w.killTimers(id); err != nil {
			return err
		}
	}
	body := closedBody{Reason: reason}
	if !successor.IsZero() {
		body.Successor = successor.String()
	}
	w.announce(sc, w.sessions.edit(id), EventSessionClosed, body, nil)
	s = w.sessions.edit(id)
	s.Status, s.Reason, s.EndedMs = statusOf(reason), reason, sc.ms()
	ch := w.chains.edit(s.Chain)
	ch.Epoch++
	ch.EndedMs = sc.ms()
	return nil
}

// placeWaiting puts every message accepted for this chain into its transcript
// as unanswered.
func (w *Work) placeWaiting(sc scope, s *Session) error {
	waiting, err := w.inbox(s.Client)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		if named, err := w.session(m.Handle); err != nil || named.Chain != s.Chain {
			continue
		}
		if err := w.place(sc, m, s.ID, OutcomeUnanswered, ""); err != nil {
			return err
		}
	}
	return nil
}

func (w *Work) endConversation(sc scope, session ID) error {
	c, err := w.conversation(session)
	if err != nil || !c.Open() {
		return err
	}
	row := w.conversations.edit(c.ID)
	row.ClosedMs, row.WaitingMs, row.SnoozedMs = sc.ms(), 0, 0
	return nil
}

func (w *Work) killTimers(session ID) error {
	for _, kind := range []TimerKind{TimerScript, TimerDialog, TimerKeepAlive, TimerSnooze} {
		if err := w.killTimer(session, kind); err != nil {
			return err
		}
	}
	return nil
}

func (w *Work) killTimer(session ID, kind TimerKind) error {
	s, err := w.session(session)
	if err != nil || s.Armed&kind.bit() == 0 {
		return err
	}
	w.sessions.edit(session).Armed &^= kind.bit()
	t, err := w.timer(session, kind)
	if err != nil || t == nil {
		return err
	}
	w.now.dead = append(w.now.dead, t.ID)
	w.timers.put(timerKey{session, kind}, nil)
	return nil
}

// arm sets the one timer of a kind, replacing an armed one.
func (w *Work) arm(sc scope, s *Session, kind TimerKind, dueMs int64, target string) error {
	if err := w.killTimer(s.ID, kind); err != nil {
		return err
	}
	w.sessions.edit(s.ID).Armed |= kind.bit()
	w.timers.put(timerKey{s.ID, kind}, &Timer{
		ID: sc.newID(), Session: s.ID, Client: s.Client, Kind: kind, DueMs: dueMs, TargetState: target,
	})
	return nil
}

// place puts an accepted message into the transcript of a session, where it
// stands once, and takes it from the inbox.
func (w *Work) place(sc scope, m *Message, session ID, outcome Outcome, why string) error {
	s, err := w.session(session)
	if err != nil {
		return err
	}
	if _, err := w.chain(s.Chain); err != nil {
		return err
	}
	talk, err := w.openConversation(sc, s)
	if err != nil {
		return err
	}
	if _, err := w.client(m.Client); err != nil {
		return err
	}
	if _, err := w.message(m.ID); err != nil {
		return err
	}
	w.clients.edit(m.Client).Pending--
	s = w.sessions.edit(session)
	s.Started = true
	s.UserMessages++
	row := w.messages.edit(m.ID)
	row.Chain, row.Session, row.Outcome, row.Why = s.Chain, s.ID, outcome, why
	w.announce(sc, s, EventMessageUser, nil, row)
	return sc.holder(w, s).heard(talk)
}

// openConversation makes sure that a conversation is open; a new one belongs
// to the bot.
func (w *Work) openConversation(sc scope, s *Session) (*Conversation, error) {
	c, err := w.conversation(s.ID)
	if err != nil || c.Open() {
		return c, err
	}
	if err := w.killTimer(s.ID, TimerKeepAlive); err != nil {
		return nil, err
	}
	last, err := w.lastAgent(c, s)
	if err != nil {
		return nil, err
	}
	c = &Conversation{ID: sc.newID(), Session: s.ID, Integration: s.Integration, Owner: OwnerBot, OpenedMs: sc.ms(), LastAgent: last}
	w.conversations.put(c.ID, c)
	w.newest.put(s.ID, &c.ID)
	w.talksRead[c.ID] = nil
	return c, nil
}

// say appends what is not a user's message to the transcript.
func (w *Work) say(sc scope, session ID, author Author, kind string, body any) (*Message, error) {
	return utterance{author: author, kind: kind, body: body}.add(w, sc, session)
}

// answer appends what the bot says, to the message with the given id or to
// nobody's.
func (sc scope) answer(w *Work, session, to ID, replies []Reply) (*Message, error) {
	if to.IsZero() {
		return w.say(sc, session, AuthorBot, EventMessageBot, botBody{replies})
	}
	return utterance{author: AuthorBot, kind: EventMessageBot, body: botBody{replies}, fact: replyBody{to}}.add(w, sc, session)
}

// utterance is what somebody else than the user says.
type utterance struct {
	author Author
	kind   string
	body   any     // of the message
	fact   any     // of the event; may be nil
	id     string  // client_message_id; "" for none
	hash   []byte  // of the input, where there is an id
	kept   Outcome // why it is kept out of sight; "" is shown
}

func (u utterance) add(w *Work, sc scope, session ID) (*Message, error) {
	s, err := w.session(session)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(u.body)
	if err != nil {
		return nil, err
	}
	m := &Message{
		ID: sc.newID(), Client: s.Client, Author: u.author, AtMs: sc.ms(), Body: raw,
		Chain: s.Chain, Session: s.ID, Handle: s.ID, ClientMessageID: u.id, InputHash: u.hash, Outcome: u.kept,
	}
	w.addMessage(m)
	w.announce(sc, s, u.kind, u.fact, m)
	return m, nil
}
