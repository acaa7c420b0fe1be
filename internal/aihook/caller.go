// Package aihook calls the AI webhooks of contract b.2: those that a script
// names in the middle of its dialog, and those before and after each message.
package aihook

import (
	"bytes"
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

// Options of a caller. Now and Log are required.
type Options struct {
	Guard     egress.Guard
	Now       func() time.Time
	Log       *slog.Logger
	UserAgent string
	Random    func(n int) int // nil is a good one
	// Timeout bounds a call; 0 is session.AIWebhookTimeout.
	Timeout time.Duration
}

// Caller calls AI webhooks. It is safe for concurrent use.
type Caller struct {
	o      Options
	poster *egress.Poster
	reader action.Reader
}

// New returns a caller.
func New(o Options) *Caller {
	if o.Random == nil {
		o.Random = rand.IntN
	}
	if o.Timeout == 0 {
		o.Timeout = session.AIWebhookTimeout
	}
	return &Caller{
		o: o, poster: egress.NewPoster(o.Guard, o.UserAgent, session.MaxHookAnswerBytes),
		reader: action.Reader{Random: o.Random, Now: o.Now},
	}
}

// CheckSettings refuses addresses that are never called; the error is a
// [session.Error] naming the field.
func CheckSettings(s *session.Settings, guard egress.Guard) error {
	for i := range s.AIWebhooks {
		if _, err := guard.CheckURL(s.AIWebhooks[i].URL); err != nil {
			return session.Invalid(fmt.Sprintf("ai_webhooks[%d].url", i), "%v", err)
		}
	}
	return nil
}

// letter is what one call sends.
type letter struct {
	hook *session.AIWebhook
	turn *session.Turn
	body []byte
	key  string // Idempotency-Key
}

// answer is what a webhook answered.
type answer struct {
	output, patch session.Document
	actions       *action.Actions
}

// post makes one call. There is no retry: the user is waiting.
func (c *Caller) post(ctx context.Context, l letter) (*answer, error) {
	back, err := c.poster.Post(ctx, l.hook.URL, c.headers(l), l.body)
	if err != nil {
		return nil, err
	}
	if !back.OK() {
		return nil, fmt.Errorf("it answered %d %s", back.Status, http.StatusText(back.Status))
	}
	return c.read(back.Body)
}

func (c *Caller) headers(l letter) http.Header {
	h := http.Header{}
	for name, value := range l.hook.Headers {
		h.Set(name, value)
	}
	if l.hook.Token != "" {
		h.Set(signing.HeaderMoveo, signing.Moveo(l.hook.Token, l.body))
	}
	h.Set("X-Moveo-Request-Id", session.NewID(c.o.Now()).String())
	h.Set("X-Moveo-Session-Id", l.turn.Session.ID.String())
	h.Set("X-Moveo-Account-Id", session.DefaultAccount)
	h.Set("X-Moveo-Account-Slug", session.DefaultAccount)
	h.Set("Idempotency-Key", l.key)
	h.Set("X-Parley-Attempt", strconv.Itoa(l.turn.Attempt))
	return h
}

// read reads an answer; an empty one changes nothing and says nothing.
func (c *Caller) read(body []byte) (*answer, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	fields, err := session.ParseEnvelope(body)
	if err != nil {
		return nil, fmt.Errorf("its answer is not as documented: %w", err)
	}
	a := &answer{}
	if a.output, a.patch, err = session.ReadVariables(fields); err != nil {
		return nil, fmt.Errorf("its answer is not as documented: %w", err)
	}
	list, err := action.Objects(fields, "responses")
	if err == nil {
		a.actions, err = c.reader.Read(list)
	}
	if err != nil {
		return nil, fmt.Errorf("its answer is not as documented: %w", err)
	}
	return a, nil
}

var errCalls = errors.New("the turn has no call or no time left for it")
