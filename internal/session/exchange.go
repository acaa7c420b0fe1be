package session

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
)

// Chat lets clients of the Chat API into a core: they know a client id and no
// session, and wait for the answer (script-api 6.1).
type Chat struct{ core *Core }

// NewChat returns the Chat API's way into a core.
func NewChat(c *Core) Chat { return Chat{c} }

// Said is a message of the Chat API that is durable.
type Said struct {
	Message *Message
	Session *Session // that accepted it
	request *ChatRequest
	after   int64 // the events of its turn come after this one of the chain
}

// QuestionID is the id that the answer will carry.
func (s *Said) QuestionID() string { return questionOf(s.Message, s.request) }

// Say takes a message of a client: it goes to the session that was created last
// for the client, or to a new one where that has ended. A repeated questionId
// returns the first message.
func (c Chat) Say(ctx context.Context, in *Integration, req *ChatRequest, input Input) (*Said, error) {
	if err := req.Check(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(req.Body)
	incoming := Incoming{Input: input, Raw: req.envelope(input), ClientMessageID: req.QuestionID, InputHash: sum[:]}
	if err := incoming.Check(); err != nil {
		return nil, err
	}
	accept := c.core.cfg.accepting(c.core.scope(in), incoming)
	op := &sayInChat{visit: c.visit(in, req.ClientID), accept: accept}
	err := c.core.commit(ctx, "chat", op)
	if err != nil {
		return nil, err
	}
	accept.measure(&c.core.cfg.Metrics)
	return &Said{Message: accept.out.Message, Session: accept.out.Session, request: req, after: op.after}, nil
}

func (c Chat) visit(in *Integration, clientID string) createSession {
	return createSession{scope: c.core.scope(in), req: Create{ChannelUserID: chatUser(in, clientID), Channel: KindCustom}}
}

// Enter returns the session that the next message of a client goes to, and
// opens it where there is none.
func (c Chat) Enter(ctx context.Context, in *Integration, clientID string) (ID, error) {
	if err := (&ChatRequest{ClientID: clientID}).Check(); err != nil {
		return ID{}, err
	}
	op := &enterChat{visit: c.visit(in, clientID)}
	err := c.core.commit(ctx, "enter chat", op)
	return op.handle, err
}

// Newest returns the newest session of a client as it is now, open or not; a
// client that has none is not found.
func (c Chat) Newest(ctx context.Context, in *Integration, clientID string) (*View, error) {
	if err := (&ChatRequest{ClientID: clientID}).Check(); err != nil {
		return nil, err
	}
	var handle ID
	err := c.core.cfg.Store.View(ctx, func(rows Rows) error {
		cl, err := rows.ClientByKey(in.ID, UserKey(chatUser(in, clientID)))
		if err == nil {
			handle = cl.Newest
		}
		return err
	})
	if err != nil {
		return nil, notFound(err)
	}
	return c.core.Look(ctx, in, handle)
}

// enterChat enters the newest session of a client, or creates it.
type enterChat struct {
	visit  createSession
	handle ID
}

func (op *enterChat) person() PersonKey { return op.visit.person() }
func (op *sayInChat) person() PersonKey { return op.visit.person() }

func (op *enterChat) apply(w *Work) (err error) {
	op.handle, err = op.visit.enter(w)
	return err
}

// enter returns the session that was created last for the client while it
// stands for an open one, otherwise that of a creation. Both are decided in one
// transaction, so that two first messages open one session.
func (op *createSession) enter(w *Work) (ID, error) {
	cl, err := w.clientByKey(op.in.ID, UserKey(op.req.ChannelUserID))
	if err != nil && !errors.Is(err, ErrNoRow) {
		return ID{}, err
	}
	if err == nil && !cl.Newest.IsZero() {
		_, _, err := w.head(op.scope, cl.Newest, true)
		if CodeOf(err) != CodeSessionNotFound {
			return cl.Newest, err
		}
	}
	if err := op.apply(w); err != nil {
		return ID{}, err
	}
	return op.out.Session.ID, nil
}

// sayInChat accepts a message in the session that the client is in.
type sayInChat struct {
	visit  createSession
	accept *acceptMessage
	after  int64
}

// repeatWindow is how far before its message the events of a turn may begin.
const repeatWindow = 32

func (op *sayInChat) apply(w *Work) error {
	handle, err := op.handle(w)
	if err != nil {
		return err
	}
	op.accept.req.Handle = handle
	if err := op.accept.apply(w); err != nil {
		return err
	}
	if m := op.accept.out.Message; m.Placed() {
		op.after = min(op.after, max(0, m.Sequence-repeatWindow))
	}
	return nil
}

// handle finds where the message goes: a repeated one where it went before.
func (op *sayInChat) handle(w *Work) (ID, error) {
	cl, err := w.clientByKey(op.visit.in.ID, UserKey(op.visit.req.ChannelUserID))
	if errors.Is(err, ErrNoRow) {
		op.after = 0
		return op.visit.enter(w)
	}
	if err != nil {
		return ID{}, err
	}
	first, err := w.repeated(cl.ID, op.accept.req.ClientMessageID)
	if err != nil {
		return ID{}, err
	}
	from := cl.Newest
	if first != nil {
		from = first.Handle
	}
	before, err := sequenceOf(w, from)
	if err != nil || first != nil {
		op.after = before
		return from, err
	}
	handle, err := op.visit.enter(w)
	if op.after = before; handle != from {
		op.after = 0 // another chain
	}
	return handle, err
}

// sequenceOf returns the last sequence of a session's chain, 0 for no session
// and one that is forgotten.
func sequenceOf(w *Work, id ID) (int64, error) {
	if id.IsZero() {
		return 0, nil
	}
	s, err := w.session(id)
	if errors.Is(err, ErrNoRow) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	ch, err := w.chain(s.Chain)
	if err != nil {
		return 0, err
	}
	return ch.Sequence, nil
}

// exchange collects what the turn of a message answers from the events of its
// chain.
type exchange struct {
	message ID
	placed  *Message
	replies []*Message
	opened  bool // the session of the message began with it
	last    *Event
}

// replyBody is the body of the event of a bot's answer to a message.
type replyBody struct {
	To ID `json:"in_reply_to"`
}

// inReplyTo returns the user's message that a bot's message answers, zero for
// none.
func (ev *Event) inReplyTo() (id ID) {
	var body replyBody
	if ev.Kind == EventMessageBot && len(ev.Body) > 0 {
		_ = json.Unmarshal(ev.Body, &body) // written by the core
	}
	return body.To
}

// take notes an event and reports whether the answer is complete: people's
// messages get none, all others end with one, if an empty one.
func (x *exchange) take(ev *Event) (done bool) {
	switch ev.Kind {
	case EventSessionCreated:
		x.opened = x.opened || x.placed == nil
	case EventMessageUser:
		if ev.Message.ID == x.message {
			x.placed = ev.Message
		} else if x.placed == nil {
			x.opened = false
		}
	case EventMessageBot:
		if ev.inReplyTo() == x.message {
			x.replies = append(x.replies, ev.Message)
			done = x.placed != nil
		}
	}
	x.last = ev
	if x.placed != nil && (x.placed.Outcome == OutcomeUnanswered || x.placed.Outcome == OutcomeSuppressed) {
		return true
	}
	return done
}

// Answer waits until the turn of a message is over and returns what the bot
// answered: nothing where people have the conversation. It ends with the error
// of ctx, which changes nothing of the turn.
func (c Chat) Answer(ctx context.Context, said *Said) (*ChatAnswer, error) {
	x := &exchange{message: said.Message.ID}
	done := make(chan struct{})
	f := c.core.Follow(said.Session.Chain, said.after, func(ev *Event) bool {
		if !x.take(ev) {
			return true
		}
		close(done)
		return false
	})
	defer f.Close()
	select {
	case <-done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ended, err := c.ended(ctx, x.last)
	if err != nil {
		return nil, err
	}
	a := newChatAnswer(said.request.ClientID, x.last.AtMs, x.replies)
	a.QuestionID = questionOf(x.placed, said.request)
	a.Data.NewSession, a.Data.EndSession = x.opened, ended
	return a, nil
}

// ended reports whether a script ended the session in the commit of an event.
func (c Chat) ended(ctx context.Context, last *Event) (bool, error) {
	after, err := c.core.Events(ctx, last.Chain, last.Sequence, repeatWindow)
	for _, ev := range after {
		if ev.Message != nil || ev.AtMs != last.AtMs {
			return false, err
		}
		if ev.Kind == EventSessionClosed {
			var body closedBody
			_ = json.Unmarshal(ev.Body, &body) // written by the core
			return body.Reason == ReasonScript && body.Successor == "", err
		}
	}
	return false, err
}

func questionOf(m *Message, r *ChatRequest) string {
	if r != nil && r.QuestionID != "" {
		return r.QuestionID
	}
	return m.ID.String()
}

// ChatPage is a part of the answers that a client did not wait for.
type ChatPage struct {
	Answers []*ChatAnswer
	Chain   ID // where the next page begins
	After   int64
}

// chatPage is how many events are read at once.
const chatPage = 200

// Events returns answers of the client's newest chain that came after an event of
// it: those to asynchronous requests, and those nobody asked for. With a
// connection, answers to requests of others are left out. Another chain than the
// newest begins at its start.
func (c Chat) Events(ctx context.Context, in *Integration, clientID, connection string, chain ID, after int64) (*ChatPage, error) {
	v, err := c.Newest(ctx, in, clientID)
	if CodeOf(err) == CodeSessionNotFound {
		return &ChatPage{Chain: chain, After: after}, nil
	}
	if err != nil {
		return nil, err
	}
	p := &ChatPage{Chain: v.Chain.ID}
	if chain == p.Chain {
		p.After = after
	}
	events, err := c.core.Events(ctx, p.Chain, p.After, chatPage)
	if err != nil {
		return nil, err
	}
	return p, c.core.cfg.Store.View(ctx, func(rows Rows) error {
		for _, ev := range events {
			p.After = ev.Sequence
			if a, err := unasked(rows, ev, clientID, connection); err != nil {
				return err
			} else if a != nil {
				p.Answers = append(p.Answers, a)
			}
		}
		return nil
	})
}

// unasked makes the answer of an event, nil when it is none or when the client
// waited for it.
func unasked(rows Rows, ev *Event, clientID, connection string) (*ChatAnswer, error) {
	if ev.Kind != EventMessageBot && ev.Kind != EventMessageAgent {
		return nil, nil
	}
	a := newChatAnswer(clientID, ev.AtMs, []*Message{ev.Message})
	to := ev.inReplyTo()
	if to.IsZero() {
		return a, nil
	}
	asked, err := rows.Message(to)
	if err != nil {
		return nil, err
	}
	r := ChatRequestOf(asked.Body)
	if r != nil && (!r.Async || connection != "" && r.Connection != connection) {
		return nil, nil
	}
	a.QuestionID = questionOf(asked, r)
	return a, nil
}
