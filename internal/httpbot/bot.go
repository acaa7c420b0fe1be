// Package httpbot is a bot that is an HTTP endpoint of the customer: a message
// goes in, the answer comes out, both signed.
package httpbot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"parley/internal/action"
	"parley/internal/egress"
	"parley/internal/session"
	"parley/internal/signing"
)

// Options of the bots. Now and Log are required.
type Options struct {
	Guard     egress.Guard
	Now       func() time.Time
	Log       *slog.Logger
	UserAgent string
	Random    func(n int) int // nil is a good one
}

// Bots makes the bots of integrations that name an endpoint. It is safe for
// concurrent use.
type Bots struct {
	o      Options
	poster *egress.Poster
	reader action.Reader
}

// New returns a maker of bots; they share connections.
func New(o Options) *Bots {
	if o.Random == nil {
		o.Random = rand.IntN
	}
	return &Bots{
		o: o, poster: egress.NewPoster(o.Guard, o.UserAgent, session.MaxBotAnswerBytes),
		reader: action.Reader{Random: o.Random, Now: o.Now},
	}
}

// For returns the bot of an integration with a bot_url.
func (b *Bots) For(in *session.Integration) session.Bot { return endpoint{b, &in.Settings} }

// CheckSettings refuses settings that could never work; the error is a
// [session.Error] naming the field.
func CheckSettings(s *session.Settings, guard egress.Guard) error {
	if s.BotURL == "" {
		return nil
	}
	if _, err := guard.CheckURL(s.BotURL); err != nil {
		return session.Invalid("bot_url", "%v", err)
	}
	if err := signing.CheckSecret(s.BotSecret); err != nil {
		return session.Invalid("bot_secret", "%v", err)
	}
	return nil
}

// endpoint is the bot of one integration.
type endpoint struct {
	*Bots
	set *session.Settings
}

// fault is why a turn has no answer of the bot.
type fault struct {
	code string // session.FailureUnreachable or session.FailureAnswer
	err  error
}

func (f *fault) Error() string { return f.err.Error() }

func unreachable(format string, args ...any) error {
	return &fault{session.FailureUnreachable, fmt.Errorf(format, args...)}
}

// Run asks the endpoint. What goes wrong is an error turn that says the fallback.
func (b endpoint) Run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	if turn.Message == nil && turn.Input.Event == nil {
		return &session.Decision{Vars: varsOf(turn)}, nil // a timeout that another bot armed
	}
	d, err := b.ask(ctx, turn)
	if err == nil {
		return d, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	failure := &session.Failure{Code: session.FailureAnswer, Message: "bot_url: " + err.Error()}
	if f, ok := errors.AsType[*fault](err); ok {
		failure.Code = f.code
	}
	d = &session.Decision{Vars: varsOf(turn), Failure: failure}
	if b.set.BotFallback != "" {
		d.Replies = []session.Reply{b.reader.Say(b.set.BotFallback)}
	}
	return d, nil
}

// ask makes the one attempt of a turn: the user is waiting.
func (b endpoint) ask(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	limit := session.HTTPBotTimeout
	if b.set.BotTimeout > 0 {
		limit = time.Duration(b.set.BotTimeout)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	part, err := lastHumanPart(ctx, turn)
	if err != nil {
		return nil, err
	}
	at, id := b.o.Now(), turn.RequestID.String()
	body := requestBody(turn, part, at)
	back, err := b.poster.Post(ctx, b.set.BotURL, b.headers(turn, id, at, body), body)
	if err != nil {
		return nil, unreachable("%w", err)
	}
	if err := judge(back.Status); err != nil {
		return nil, err
	}
	// A request that is sent back as it is must not pass for its answer, so the
	// answer is signed under an id of its own.
	if !signing.Verify(b.set.BotSecret, answerID+id, at, back.Body, back.Header.Get(signing.HeaderStandard)) {
		return nil, unreachable("the answer has no valid signature in %s", signing.HeaderStandard)
	}
	return b.read(turn, back.Body)
}

// answerID starts the id under which an answer is signed; that of the request
// follows.
const answerID = "answer."

func (b endpoint) headers(turn *session.Turn, id string, at time.Time, body []byte) http.Header {
	h := http.Header{}
	h.Set(signing.HeaderID, id)
	h.Set(signing.HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(signing.HeaderStandard, signing.Standard(b.set.BotSecret, id, at, body))
	h.Set("Idempotency-Key", id+"-1")
	h.Set("X-Parley-Attempt", strconv.Itoa(turn.Attempt))
	return h
}

// judge tells what a status says: gateways and redirects mean that the bot was not
// reached, any other but 2xx that it failed.
func judge(status int) error {
	text := http.StatusText(status)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status < 400, status >= 502 && status <= 504:
		return unreachable("the endpoint answered %d %s", status, text)
	}
	return &fault{session.FailureAnswer, fmt.Errorf("the endpoint answered %d %s", status, text)}
}

func varsOf(turn *session.Turn) session.Vars {
	if turn.Vars == nil {
		return session.Vars{Session: turn.Session.ID}
	}
	return *turn.Vars
}
