package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"parley/internal/session"
)

// A database that does not answer for a moment keeps no node from starting.
const (
	startPatience = 30 * time.Second
	startPause    = 500 * time.Millisecond
)

// patiently tries again while the store is away, for a while.
func patiently(ctx context.Context, log *slog.Logger, do func(context.Context) error) error {
	late := time.Now().Add(startPatience)
	for n := 0; ; n++ {
		err := do(ctx)
		away := session.CodeOf(err) == session.CodeUnavailable || errors.Is(err, context.DeadlineExceeded)
		if err == nil || !away || time.Now().After(late) {
			return err
		}
		if n == 0 {
			log.WarnContext(ctx, "the store is away; it is tried again", "for", startPatience.String(), "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(startPause):
		}
	}
}
