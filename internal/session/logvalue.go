package session

import "log/slog"

// What a log may show of the rows that hold secrets or what people wrote: ids
// and kinds, never content (contract c.5).

// LogValue is slog.LogValuer's.
func (s Settings) LogValue() slog.Value { return slog.StringValue(Stars) }

// LogValue is slog.LogValuer's.
func (in Integration) LogValue() slog.Value { return slog.StringValue(in.ID) }

// LogValue is slog.LogValuer's.
func (h AIWebhook) LogValue() slog.Value { return slog.StringValue(h.Name) }

// LogValue is slog.LogValuer's.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.ID.String()) }

// LogValue is slog.LogValuer's.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.ID.String()) }

// LogValue is slog.LogValuer's.
func (s Session) LogValue() slog.Value { return slog.StringValue(s.ID.String()) }

// LogValue is slog.LogValuer's.
func (d Document) LogValue() slog.Value { return slog.StringValue(Stars) }

// LogValue is slog.LogValuer's.
func (in Input) LogValue() slog.Value { return slog.StringValue(Stars) }

// LogValue is slog.LogValuer's.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", m.ID.String()), slog.String("author", string(m.Author)))
}

// LogValue is slog.LogValuer's.
func (v Vars) LogValue() slog.Value { return slog.StringValue(v.Session.String()) }

// LogValue is slog.LogValuer's.
func (e *Event) LogValue() slog.Value {
	return slog.GroupValue(slog.String("chain", e.Chain.String()), slog.Int64("sequence", e.Sequence), slog.String("kind", e.Kind))
}

// LogValue is slog.LogValuer's.
func (d Delivery) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", d.ID.String()), slog.String("kind", d.Kind))
}
