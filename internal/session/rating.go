package session

import (
	"context"
	"errors"
	"unicode/utf8"
)

// Rating is a person's judgement: a score of the conversation (contract a.14,
// survey) or a thumb of one message (contract c.2, message:rate).
type Rating struct {
	Message  ID  // zero: the conversation
	Thumb    int // of a message: 1 or -1
	Score    int // of a conversation: 1 to 5
	Feedback string
}

func (r *Rating) check() error {
	switch {
	case !r.Message.IsZero() && r.Thumb != 1 && r.Thumb != -1:
		return Invalid("rating", "of a message must be 1 or -1")
	case r.Message.IsZero() && (r.Score < MinRating || r.Score > MaxRating):
		return Invalid("rating", "must be a whole number from %d to %d", MinRating, MaxRating)
	case utf8.RuneCountInString(r.Feedback) > MaxFeedbackChars:
		return Invalid("feedback", "longer than %d characters", MaxFeedbackChars)
	}
	return nil
}

// Rate stores a rating; a later one replaces it. A session without a
// conversation, and a message that is not the bot's or a person's in it, are
// refused with CodeNotFound.
func (c Reactions) Rate(ctx context.Context, in *Integration, handle ID, r Rating) (*Result, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	op := &rate{scope: c.scope(in), handle: handle, rating: r}
	err := c.commit(ctx, "rate", op, handle)
	return &op.out, err
}

type rate struct {
	scope
	handle ID
	rating Rating
	out    Result
}

type ratedBody struct {
	Message      string `json:"message_id,omitempty"`
	Conversation string `json:"conversation_id,omitempty"`
	Rating       int    `json:"rating"`
	Feedback     string `json:"feedback,omitempty"`
	AgentID      string `json:"agent_id,omitempty"` // whom a score is about
}

func (op *rate) apply(w *Work) error {
	s, ch, err := w.head(op.scope, op.handle, false)
	if err != nil {
		return err
	}
	op.out = Result{Session: s, Chain: ch}
	if op.rating.Message.IsZero() {
		return op.conversation(w, s)
	}
	return op.message(w, s)
}

func (op *rate) conversation(w *Work, s *Session) error {
	talk, err := w.conversation(s.ID)
	if err != nil {
		return err
	}
	if talk == nil {
		return &Error{Code: CodeNotFound, Message: "there is no conversation to rate"}
	}
	if talk.Rating == op.rating.Score && talk.Feedback == op.rating.Feedback {
		return nil
	}
	c := w.conversations.edit(talk.ID)
	c.Rating, c.Feedback, c.RatedMs = op.rating.Score, op.rating.Feedback, op.ms()
	op.out.Changed = true
	w.announce(op.scope, s, EventConversationRated, ratedBody{
		Conversation: c.ID.String(), Rating: c.Rating, Feedback: c.Feedback, AgentID: c.Agent.ID,
	}, nil)
	return nil
}

func (op *rate) message(w *Work, s *Session) error {
	m, err := w.message(op.rating.Message)
	if errors.Is(err, ErrNoRow) || err == nil && (m.Chain != s.Chain || m.Author == AuthorUser || !m.Placed() || m.Outcome == OutcomeSuppressed) {
		return &Error{Code: CodeNotFound, Field: "message_id", Message: "no such message of the bot or a person"}
	}
	if err != nil || m.Thumb == op.rating.Thumb {
		return err
	}
	w.messages.edit(m.ID).Thumb = op.rating.Thumb
	op.out.Changed = true
	w.announce(op.scope, s, EventMessageRated, ratedBody{Message: m.ID.String(), Rating: op.rating.Thumb, Feedback: op.rating.Feedback}, nil)
	return nil
}
