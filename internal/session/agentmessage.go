package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"unicode/utf8"
)

// AgentMessage is what a human agent writes to the user. Writing takes the
// conversation, whoever had it before. A repeated clientMessageID, unless it is
// "", returns the first message and changes nothing.
func (o Ownership) AgentMessage(ctx context.Context, in *Integration, handle ID, by Agent, input Input, clientMessageID string) (*Result, error) {
	if err := input.Check(); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(clientMessageID) > MaxClientMessageChars {
		return nil, Invalid("client_message_id", "longer than %d characters", MaxClientMessageChars)
	}
	op := &agentMessage{scope: o.core.scope(in), handle: handle, agent: by, input: input, id: clientMessageID}
	err := o.core.commit(ctx, "agent message", op, handle)
	return &op.out, err
}

// Record keeps what an agent of another desk answered: contract a.5.
func (o Ownership) Record(ctx context.Context, in *Integration, handle ID, by Agent, input Input, r *Repeat) (*Result, error) {
	if err := input.Check(); err != nil {
		return nil, err
	}
	op := &recordMessage{scope: o.core.scope(in), handle: handle, agent: by, input: input, repeat: r}
	err := o.core.commit(ctx, "record", op, handle)
	return &op.out, err
}

type agentMessage struct {
	scope
	handle ID
	agent  Agent
	input  Input
	id     string // client_message_id
	out    Result
}

type agentMessageBody struct {
	Input Input `json:"input"`
	Agent Agent `json:"agent"`
}

func (op *agentMessage) apply(w *Work) error {
	known := spoken{AuthorAgent, op.id, agentMessageBody{op.input, Agent{ID: op.agent.ID}}}
	if done, err := known.before(w, op.scope, op.handle, &op.out); err != nil || done {
		return err
	}
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	if err := op.holder(w, s).claim(op.agent, true); err != nil {
		return err
	}
	w.sessions.edit(s.ID).LastAgentMs = op.ms()
	if err := op.answered(w, s); err != nil {
		return err
	}
	m, err := utterance{
		author: AuthorAgent, kind: EventMessageAgent, body: agentMessageBody{op.input, op.agent}, id: op.id, hash: known.hash(),
	}.add(w, op.scope, s.ID)
	op.out = Result{Session: s, Chain: ch, Message: m}
	if err == nil {
		callback{scope: op.scope, session: s, said: []*Message{m}}.queue(w)
	}
	return err
}

// answered notes that the user has a person's answer.
func (op *agentMessage) answered(w *Work, s *Session) error {
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	if talk.WaitingMs == 0 && talk.AnsweredMs > 0 {
		return nil
	}
	c := w.conversations.edit(talk.ID)
	if c.WaitingMs = 0; c.AnsweredMs == 0 {
		c.AnsweredMs = op.ms()
	}
	return nil
}

// spoken is what an agent says under an id of his page, so that what is sent
// again after a lost answer is not said again.
type spoken struct {
	author Author
	id     string // client_message_id; "" for none
	body   any
}

// before puts the first answer to the id into out, also when the session has
// ended since, and reports whether there was one.
func (o spoken) before(w *Work, sc scope, handle ID, out *Result) (bool, error) {
	if o.id == "" || !guardRepeat {
		return false, nil
	}
	named, err := w.session(handle)
	if err != nil || named.Integration != sc.in.ID {
		return false, notFound(err)
	}
	first, err := w.repeated(named.Client, o.id)
	if err != nil || first == nil {
		return false, err
	}
	if first.Author != o.author || !bytes.Equal(first.InputHash, o.hash()) {
		return false, &Error{Code: CodeIdempotencyMismatch, Field: "client_message_id", Message: "the id was used before with another input"}
	}
	s, err := w.session(first.Session)
	*out = Result{Session: s, Message: first, Again: true}
	return true, err
}

// hash tells a repeat from a mistake; without an id there is neither.
func (o spoken) hash() []byte {
	if o.id == "" {
		return nil
	}
	sum := sha256.Sum256(object(o.body))
	return sum[:]
}

// recordMessage keeps what an agent of another desk answered: contract a.5.
// It changes no owner and is not echoed to the same integration.
type recordMessage struct {
	scope
	handle ID
	agent  Agent
	input  Input
	repeat *Repeat
	out    Result
}

func (op *recordMessage) apply(w *Work) error {
	if again, err := w.answered(op.in, op.repeat); err != nil || again != nil {
		op.out = Result{Repeated: again}
		return err
	}
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	m, err := w.say(op.scope, s.ID, AuthorExternal, EventMessageExternal, agentMessageBody{op.input, op.agent})
	op.out = Result{Session: s, Chain: ch, Message: m}
	if err == nil {
		w.recordAnswer(op.scope, op.repeat, &op.out)
	}
	return err
}
