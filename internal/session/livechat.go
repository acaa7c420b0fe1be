package session

import (
	"context"
	"strings"
)

// Events that a bot gets of a livechat it began (script-api 5.2).
const (
	EventNobodyOnline     = "noLivechatOperatorsOnline"
	EventLivechatFinished = "livechatFinished"
)

// Livechat is what a bot remembers of giving its dialog to people: script-api 5.1.
type Livechat struct {
	// ClosePhrases bring the user back to the bot, whatever their case.
	ClosePhrases []string
	// LastMessage is said to a user who came back so; nil for nothing.
	LastMessage Reply
}

// LivechatBot is a Bot that hears of the livechats it began.
type LivechatBot interface {
	// Livechat reads what a turn left in the script's side of a session; nil when it
	// began none.
	Livechat(*Vars) *Livechat
}

// livechats reads the livechat of a session; nil when the bot knows of none.
type livechats func(*Vars) *Livechat

func livechatsOf(b Bot) livechats {
	if bot, ok := b.(LivechatBot); ok {
		return bot.Livechat
	}
	return func(*Vars) *Livechat { return nil }
}

// closed tells whether an input ends the livechat that people have.
func (began livechats) closed(w *Work, talk *Conversation, in Input) (bool, error) {
	if !talk.Human() || in.Text == "" {
		return false, nil
	}
	vars, err := w.varsOf(talk.Session)
	if err != nil {
		return false, err
	}
	return began(vars).closes(in.Text), nil
}

func (l *Livechat) closes(text string) bool {
	if l == nil {
		return false
	}
	for _, phrase := range l.ClosePhrases {
		if phrase = strings.TrimSpace(phrase); phrase != "" && strings.EqualFold(phrase, strings.TrimSpace(text)) {
			return true
		}
	}
	return false
}

// handOver gives the dialog to people, if there are any.
func (op *commitTurn) handOver(w *Work, s *Session) error {
	opt, online := *op.decision.Handover, op.there == Queued
	switch {
	case opt.OnlyOnline && !online && op.told(EventNobodyOnline):
		// A bot that hands over again when it hears that nobody is there would hear
		// it for ever.
	case opt.OnlyOnline && !online:
		return op.raise(w, s, botEvent{name: EventNobodyOnline, data: nobodyBody{op.there}})
	case opt.Once:
		w.announce(op.scope, s, EventHandover, opt.body(nil), nil)
	default:
		_, _, err := op.holder(w, s).queue(opt, op.there)
		return err
	}
	return nil
}

// told reports that an event is what the turn answers.
func (op *commitTurn) told(event string) bool {
	t := op.cause.timer
	return t != nil && t.Kind == TimerPush && t.Event == event
}

// botEvent is what the core tells a bot about the people it works with.
type botEvent struct {
	name  string
	data  any
	state string // where the dialog goes on; "" where the event leads
}

// nobodyBody is the data of EventNobodyOnline.
type nobodyBody struct {
	Status Availability `json:"status"`
}

// raise sends an event to the bot, as a turn of its own.
func (sc scope) raise(w *Work, s *Session, ev botEvent) error {
	id := sc.newID()
	return armPush(w, Timer{
		ID: id, Session: id, Client: s.Client, Kind: TimerPush, DueMs: sc.ms(), Handle: s.ID,
		Event: ev.name, Data: object(ev.data), TargetState: ev.state,
	})
}

// returned takes the dialog back from people when the user said so: the last
// message is said, and the turn goes on with the bot.
func (c runner) returned(ctx context.Context, l *loaded, m *Message, in Input) (*loaded, error) {
	chat := livechatsOf(c.cfg.Bot(l.in))(l.vars)
	if !l.talk.Human() || !chat.closes(in.Text) {
		return l, nil
	}
	op := &closeLivechat{scope: c.scope(l.in), message: m.ID, session: l.session.ID, last: chat.LastMessage}
	if err := c.commit(ctx, "close livechat", op); err != nil {
		return nil, ignoreGone(err)
	}
	return c.load(ctx, m.Handle, m)
}

// closeLivechat ends a livechat by the user's phrase.
type closeLivechat struct {
	scope
	message ID
	session ID
	last    Reply
}

func (op *closeLivechat) apply(w *Work) error {
	asked, err := w.pending(cause{message: op.message})
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
	if _, err := w.chain(s.Chain); err != nil {
		return err
	}
	if op.last != nil {
		m, err := op.answer(w, s.ID, op.message, []Reply{op.last})
		if err != nil {
			return err
		}
		callback{scope: op.scope, session: s, to: asked, said: []*Message{m}}.queue(w)
	}
	return op.holder(w, s).resolve(nil)
}
