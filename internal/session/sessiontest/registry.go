package sessiontest

import (
	"context"
	"crypto/sha256"
	"time"

	"parley/internal/session"
)

func registryIntegrations(h *House) {
	reg := h.Engine.Registry()
	never := 0
	rich := Integration("rich", func(s *session.Settings) {
		s.AllowedIPs, s.Domains = []string{"10.0.0.0/8"}, []string{"https://a.example"}
		s.DialogTimeout, s.MaxSession = session.Duration(time.Minute), session.Duration(time.Hour)
		s.BotFailuresBeforeHandover, s.Desk, s.Bot = &never, true, "/bots/a"
		s.Web = map[string]any{"title": "Hello \x00 there", "deep": map[string]any{"a": []any{1.5, "x", nil}}}
	})
	plain := &session.Integration{ID: "plain", Kind: session.KindWeb, CreatedMs: rich.CreatedMs + 1}
	for _, in := range []*session.Integration{plain, rich} {
		if err := reg.SaveIntegration(context.Background(), in); err != nil {
			h.Fatal(err)
		}
	}
	changed := *rich
	changed.Name, changed.Active = "renamed", false
	if err := reg.SaveIntegration(context.Background(), &changed); err != nil {
		h.Fatal(err)
	}
	h.use(h.Engine.Reopen(h.T))
	got := must(h.Engine.Registry().Integrations(context.Background()))(h)
	if d := Diff([]*session.Integration{&changed, plain}, got); d != "" {
		h.Error("oldest first", d)
	}
}

func registryKeys(h *House) {
	reg := h.Engine.Registry()
	var want []*session.Key
	for _, secret := range []string{"one", "two"} {
		h.Clock.Advance(time.Millisecond)
		k := &session.Key{ID: session.NewID(h.Clock.Now()), Integration: "i", Hash: sha256.Sum256([]byte(secret)), CreatedMs: h.Clock.Ms()}
		if err := reg.SaveKey(context.Background(), k); err != nil {
			h.Fatal(err)
		}
		want = append(want, k)
	}
	want[0].RevokedMs = h.Clock.Ms()
	if err := reg.SaveKey(context.Background(), want[0]); err != nil {
		h.Fatal(err)
	}
	h.use(h.Engine.Reopen(h.T))
	if d := Diff(want, must(h.Engine.Registry().Keys(context.Background()))(h)); d != "" {
		h.Error(d)
	}
}
