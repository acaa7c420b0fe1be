package session

import (
	"context"
	"log/slog"
	"slices"
)

// Tracing follows a message through the server, by W3C Trace Context. The zero
// value follows nothing.
type Tracing struct {
	// Parent returns the traceparent of what runs in ctx, "" for none.
	Parent func(ctx context.Context) string
	// Span begins a step below what runs in ctx; where nothing runs, below
	// parent, a traceparent that may be "". The returned context carries the
	// step; end takes its error and is called once.
	Span func(ctx context.Context, name, parent string, facts ...slog.Attr) (_ context.Context, end func(error))
}

func (t Tracing) parent(ctx context.Context) string {
	if t.Parent == nil {
		return ""
	}
	return t.Parent(ctx)
}

// message begins the turn that answers a message.
func (t Tracing) message(ctx context.Context, m *Message) (context.Context, func(error)) {
	if t.Span == nil {
		return ctx, func(error) {}
	}
	return t.Span(ctx, "turn", m.Trace, slog.String("parley.session", m.AcceptedIn.String()), slog.String("parley.message", m.ID.String()))
}

// timer begins the turn of a due timer.
func (t Tracing) timer(ctx context.Context, due *Timer) (context.Context, func(error)) {
	if t.Span == nil {
		return ctx, func(error) {}
	}
	return t.Span(ctx, "turn", "", slog.String("parley.session", due.Session.String()), slog.String("parley.timer", string(due.Kind)))
}

// step begins a part of what is followed already, and nothing where nothing is.
func (t Tracing) step(ctx context.Context, name string, facts ...slog.Attr) (context.Context, func(error)) {
	if t.parent(ctx) == "" {
		return ctx, func(error) {}
	}
	return t.Begin(ctx, name, "", facts...)
}

// Begin is Span, also where nothing is followed.
func (t Tracing) Begin(ctx context.Context, name, parent string, facts ...slog.Attr) (context.Context, func(error)) {
	if t.Span == nil {
		return ctx, func(error) {}
	}
	return t.Span(ctx, name, parent, slices.Clone(facts)...) // a copy, so that only who follows pays for the list
}
