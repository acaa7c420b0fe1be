package session

import (
	"context"
	"log/slog"
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

// turn begins the turn of a lane, whose cause was accepted under parent.
func (t Tracing) turn(ctx context.Context, parent string, facts ...slog.Attr) (context.Context, func(error)) {
	return t.Begin(ctx, "turn", parent, facts...)
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
	return t.Span(ctx, name, parent, facts...)
}
