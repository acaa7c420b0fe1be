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

// online tells whether a person takes dialogs.
func (cfg *Config) online(in *Integration, department string) bool {
	return cfg.Online != nil && cfg.Online(in, department)
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
	opt := *op.decision.Handover
	switch {
	case opt.OnlyOnline && !op.online && op.told(EventNobodyOnline):
		// A bot that hands over again when it hears that nobody is there would hear
		// it for ever.
	case opt.OnlyOnline && !op.online:
		return op.raise(w, s, EventNobodyOnline)
	case opt.Once:
		w.announce(op.scope, s, EventHandover, opt.body(), nil)
	default:
		return w.queue(op.scope, s, opt)
	}
	return nil
}

// told reports that an event is what the turn answers.
func (op *commitTurn) told(event string) bool {
	t := op.cause.timer
	return t != nil && t.Kind == TimerPush && t.Event == event
}

// raise sends an event to the bot, as a turn of its own.
func (sc scope) raise(w *Work, s *Session, event string) error {
	id := sc.newID()
	return armPush(w, Timer{ID: id, Session: id, Client: s.Client, Kind: TimerPush, DueMs: sc.ms(), Handle: s.ID, Event: event})
}

// finish resolves the conversation and tells the bot that its livechat is over.
func (op *closeConversation) finish(w *Work, s *Session) error {
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	human := talk.Human()
	if err := w.resolve(op.scope, s, op.agent); err != nil || !human {
		return err
	}
	vars, err := w.varsOf(s.ID)
	if err == nil && op.began(vars) != nil {
		err = op.raise(w, s, EventLivechatFinished)
	}
	return err
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
	return w.resolve(op.scope, s, nil)
}
