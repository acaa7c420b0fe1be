package desk

import (
	"context"
	"log/slog"
)

// record reports an answered request. Ids, tokens and texts appear in no log,
// so the route's pattern stands for the path.
func (f *Face) record(c *call, out *answer) {
	took := f.cfg.Now().Sub(c.at)
	f.cfg.Observe(c.route.label(), out.status, took)
	level := slog.LevelDebug
	if out.status >= 500 {
		level = slog.LevelError
	}
	if !f.cfg.Log.Enabled(context.Background(), level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("request_id", c.id.String()), slog.String("method", c.r.Method), slog.String("route", c.route.path),
		slog.Int("status", out.status), slog.Duration("took", took), slog.Int("bytes", len(out.body)),
		slog.String("remote", f.cfg.Trusted.ClientAddr(c.r).String()),
	}
	if c.caller != nil {
		attrs = append(attrs, slog.String("agent", c.caller.Agent.ID))
	}
	f.cfg.Log.LogAttrs(c.ctx, level, "request", attrs...)
}
