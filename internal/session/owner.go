package session

import (
	"encoding/json"
	"fmt"
)

// Owners change by compare-and-set inside the transaction; every change raises
// the epoch, so that no reply of an older epoch is shown.

// handover moves the conversation to people: contract a.10.
type handover struct {
	scope
	handle ID
	opt    Handover
	repeat *Repeat
	out    Result
}

func (op *handover) apply(w *Work) error {
	if again, err := w.answered(op.in, op.repeat); err != nil || again != nil {
		op.out = Result{Repeated: again}
		return err
	}
	s, ch, err := w.head(op.scope, op.handle, true)
	if err != nil {
		return err
	}
	if err := w.queue(op.scope, s, op.opt); err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	w.recordAnswer(op.scope, op.repeat, &op.out)
	return nil
}

type handoverBody struct {
	Reason     string            `json:"reason,omitempty"`
	Department string            `json:"department,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	First      string            `json:"first_message,omitempty"`
	Once       bool              `json:"one_time,omitempty"`
	Theme      string            `json:"theme,omitempty"`
	Hidden     map[string]string `json:"hidden_attributes,omitempty"`
	Custom     json.RawMessage   `json:"custom_data,omitempty"`
	History    []HandoverLine    `json:"history,omitempty"`
}

func (opt Handover) body() handoverBody {
	return handoverBody{
		Reason: opt.Reason, Department: opt.Department, Attributes: opt.Attributes, First: opt.FirstMessage, Once: opt.Once,
		Theme: opt.Theme, Hidden: opt.Hidden, Custom: opt.Custom, History: opt.History,
	}
}

// queue hands the conversation to the queue; one that has left the bot
// already stays as it is.
func (w *Work) queue(sc scope, s *Session, opt Handover) error {
	talk, err := w.openConversation(sc, s)
	if err != nil || talk.Owner != OwnerBot {
		return err
	}
	if err := w.own(sc, s, talk, OwnerQueue, Agent{}); err != nil {
		return err
	}
	w.announce(sc, s, EventHandover, opt.body(), nil)
	return nil
}

// own sets the owner. The script timeout is cancelled, the dialog timer stands
// still while a human owns.
func (w *Work) own(sc scope, s *Session, talk *Conversation, kind OwnerKind, by Agent) error {
	c := w.conversations.edit(talk.ID)
	c.Owner, c.Agent = kind, by
	w.chains.edit(s.Chain).Epoch++
	if kind != OwnerBot {
		if err := w.killTimer(s.ID, TimerScript); err != nil {
			return err
		}
		if err := w.killTimer(s.ID, TimerDialog); err != nil {
			return err
		}
	}
	w.reset(sc, s.ID, kind != OwnerBot)
	return nil
}

// claim gives the conversation to one agent. Of two simultaneous claims one
// wins; force is a transfer from another agent.
type claim struct {
	scope
	handle ID
	agent  Agent
	force  bool
	out    Result
}

type agentBody struct {
	Agent
}

func (op *claim) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, true)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	return w.claim(op.scope, s, op.agent, op.force)
}

func (w *Work) claim(sc scope, s *Session, by Agent, force bool) error {
	talk, err := w.openConversation(sc, s)
	if err != nil {
		return err
	}
	if talk.Owner == OwnerAgent {
		if talk.Agent.ID == by.ID {
			return nil
		}
		if !force {
			return &Error{Code: CodeConflict, Message: fmt.Sprintf("%s already has this conversation", talk.Agent.ID)}
		}
		w.announce(sc, s, EventMemberLeave, agentBody{talk.Agent}, nil)
	}
	if err := w.own(sc, s, talk, OwnerAgent, by); err != nil {
		return err
	}
	w.announce(sc, s, EventMemberJoin, agentBody{by}, nil)
	return nil
}

// agentMessage is what a human agent writes to the user. Writing takes the
// conversation, whoever had it before.
type agentMessage struct {
	scope
	handle ID
	agent  Agent
	input  Input
	out    Result
}

type agentMessageBody struct {
	Input Input `json:"input"`
	Agent Agent `json:"agent"`
}

func (op *agentMessage) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	if err := w.claim(op.scope, s, op.agent, true); err != nil {
		return err
	}
	w.sessions.edit(s.ID).LastAgentMs = op.ms()
	m, err := w.say(op.scope, s.ID, AuthorAgent, EventMessageAgent, agentMessageBody{op.input, op.agent})
	op.out = Result{Session: s, Chain: ch, Message: m}
	if err == nil {
		callback{scope: op.scope, session: s, said: []*Message{m}}.queue(w)
	}
	return err
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
