package app

import (
	"context"
	"errors"
	"time"

	"parley/internal/session"
)

// A database that does not answer for a moment keeps no node from starting.
const (
	startPatience = 30 * time.Second
	startPause    = 500 * time.Millisecond
)

// patiently tries again while the store is away, for a while.
func patiently(ctx context.Context, do func(context.Context) error) error {
	for late := time.Now().Add(startPatience); ; {
		err := do(ctx)
		away := session.CodeOf(err) == session.CodeUnavailable || errors.Is(err, context.DeadlineExceeded)
		if err == nil || !away || time.Now().After(late) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(startPause):
		}
	}
}
