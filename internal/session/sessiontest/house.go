package sessiontest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"parley/internal/session"
)

// House is a core on an engine with one integration and a clock that the test
// moves. The core is not started: bot turns run only after Start.
type House struct {
	*testing.T
	Engine Engine
	Core   *session.Core
	Clock  *Clock
	In     *session.Integration
	Facts  *Facts // what the committed batches said
	bot    session.Bot
	now    func() time.Time

	cluster session.Cluster
}

// NewHouse builds a core on an engine.
func NewHouse(t *testing.T, e Engine) *House {
	h := &House{T: t, Clock: NewClock(), In: Integration("house"), Facts: newFacts()}
	h.now = h.Clock.Now
	h.use(e)
	return h
}

// use puts a core on an engine: at first, and after a reopening.
func (h *House) use(e Engine) {
	h.Engine = e
	h.Core = session.New(session.Config{
		Store: &heard{Store: e.Store(), facts: h.Facts}, Now: h.now, Log: slog.New(slog.DiscardHandler),
		Integration: func(id string) (*session.Integration, bool) { return h.In, id == h.In.ID },
		Bot:         func(*session.Integration) session.Bot { return h.bot },
		Tracing:     session.Tracing{Parent: func(context.Context) string { return "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }},
		Cluster:     h.cluster,
	})
}

// heard lets the facts listen beside the core.
type heard struct {
	session.Store
	facts *Facts
}

func (s *heard) OnCommit(listen func(*session.Batch)) {
	s.Store.OnCommit(func(b *session.Batch) {
		s.facts.add(b)
		listen(b)
	})
}

// Integration returns an integration that sends every webhook there is.
func Integration(id string, change ...func(*session.Settings)) *session.Integration {
	in := &session.Integration{ID: id, Name: "Integration " + id, Kind: session.KindCustom, Active: true, CreatedMs: NewClock().Ms()}
	in.Settings.WebhookURL = "https://example.com/hook"
	in.Settings.SubscribedEvents = append(session.WebhookEvents(), session.ExtensionEvents()...)
	in.Settings = in.Settings.WithDefaults(in.Kind)
	for _, f := range change {
		f(&in.Settings)
	}
	return in
}

// must fails the test on an error and returns the value.
func must[V any](v V, err error) func(h *House) V {
	return func(h *House) V {
		h.Helper()
		if err != nil {
			h.Fatal(err)
		}
		return v
	}
}

// Open opens a session a millisecond after whatever came before, so that ids
// sort as they were made.
func (h *House) Open(change ...func(*session.Create)) *session.Session {
	h.Helper()
	h.Clock.Advance(time.Millisecond)
	req := session.Create{Channel: session.KindCustom}
	for _, f := range change {
		f(&req)
	}
	return must(h.Core.Create(context.Background(), h.In, req))(h).Session
}

// Merge writes one key of a session's context and returns the new version.
func (h *House) Merge(id session.ID, key string, value any) int64 {
	h.Helper()
	return must(h.Core.Merge(context.Background(), h.In, id, patch(key, value)))(h).Version
}

func patch(key string, value any) *session.Update {
	return &session.Update{Patch: session.Document{"live_instructions": map[string]any{key: value}}}
}

// Say accepts a user's message.
func (h *House) Say(id session.ID, words string, change ...func(*session.Incoming)) *session.Message {
	h.Helper()
	in := session.Incoming{
		Handle: id, Input: session.Input{Text: words}, Raw: fmt.Appendf(nil, `{"input":{"text":%q}}`, words), InputHash: []byte(words),
	}
	for _, f := range change {
		f(&in)
	}
	return must(h.Core.Accept(context.Background(), h.In, in))(h).Message
}

// Handover gives a session to people, so that what is said is placed at once.
func (h *House) Handover(id session.ID) {
	h.Helper()
	must(h.Core.Handover(context.Background(), h.In, id, session.Handover{Reason: "asked"}, nil))(h)
}

// Document reads a session's context from the store.
func (h *House) Document(id session.ID) session.Document {
	h.Helper()
	return must(h.Core.At(context.Background(), h.In, id))(h).Document
}

// Events reads all events of a chain.
func (h *House) Events(chain session.ID) []*session.Event {
	h.Helper()
	return must(h.Core.Events(context.Background(), chain, 0, 0))(h)
}
