package rest

import (
	"context"
	"log/slog"
)

// note reports an answered request. Session ids, keys and contexts appear in
// no log (contract c.5), so the route's pattern stands for the path.
func (f *Face) note(c *call, out *answer) {
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
	if c.in != nil {
		attrs = append(attrs, slog.String("integration", c.in.ID))
	}
	if given := c.r.Header.Get("X-Request-Id"); given != "" {
		const keep = 128
		attrs = append(attrs, slog.String("caller_request_id", given[:min(len(given), keep)]))
	}
	if out.request != "" {
		attrs = append(attrs, slog.String("repeats", out.request))
	}
	f.cfg.Log.LogAttrs(c.ctx, level, "request", attrs...)
}

// label names the route in metrics.
func (rt *route) label() string {
	if rt.method == "" {
		return rt.path
	}
	return rt.method + " " + rt.path
}
