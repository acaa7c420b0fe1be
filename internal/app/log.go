package app

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"parley/internal/config"
	"parley/internal/session"
)

var errDraining = errors.New("draining")

func newLog(cfg config.Config, w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		return nil, fmt.Errorf("log-level: %w", err)
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: redacted}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return slog.New(slog.NewTextHandler(w, options)), nil
}

// redacted lets texts, numbers, times, errors and lists of texts into the log.
// What else a record carries may hold a secret or what a person wrote: its type is
// named and nothing of it shown, unless the type says by LogValue what may be. Texts
// under a name of secrets are covered too.
func redacted(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		if secretName(a.Key) && a.Value.String() != "" {
			a.Value = slog.StringValue(session.Stars)
		}
	case slog.KindAny:
		a.Value = shownValue(a.Value.Any())
	}
	return a
}

func shownValue(v any) slog.Value {
	switch v := v.(type) {
	case nil, slog.Level, *slog.Source, []string:
		return slog.AnyValue(v)
	case error:
		return slog.StringValue(v.Error())
	case session.ID:
		return slog.StringValue(v.String())
	case []session.ID:
		return slog.StringValue(fmt.Sprint(v))
	}
	return slog.StringValue(fmt.Sprintf("(%T)", v))
}

// secretName tells whether an attribute is called as secrets are.
func secretName(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"password", "secret", "token", "authorization", "cookie", "api_key", "apikey"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}
