package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/internal/session"
)

// Registry is a session.Registry.
type Registry struct{ store *Store }

// Registry returns the port of integrations and keys.
func (s *Store) Registry() *Registry { return &Registry{store: s} }

// Integrations is session.Registry's.
func (g *Registry) Integrations(ctx context.Context) ([]*session.Integration, error) {
	var broken error
	list, err := ask(ctx, g.store.readers, &step{name: "Integrations"}, func(r *row) *session.Integration {
		in := &session.Integration{ID: r.text(), Name: r.text(), Kind: session.Kind(r.text()), Active: r.flag(), CreatedMs: r.int()}
		if err := json.Unmarshal(r.json(), &in.Settings); err != nil {
			broken = fmt.Errorf("settings of integration %s: %w", in.ID, err)
		}
		return in
	})
	if err == nil {
		err = broken
	}
	return list, err
}

// SaveIntegration is session.Registry's: an upsert by id.
func (g *Registry) SaveIntegration(ctx context.Context, in *session.Integration) error {
	settings, err := json.Marshal(&in.Settings)
	if err != nil {
		return fmt.Errorf("settings of integration %s: %w", in.ID, err)
	}
	return g.save(ctx, &step{name: "PutIntegration", args: []any{in.ID, in.Name, string(in.Kind), in.Active, in.CreatedMs, text(settings)}})
}

func scanKey(r *row) *session.Key {
	k := &session.Key{ID: r.id(), Integration: r.text()}
	copy(k.Hash[:], r.blob())
	k.CreatedMs, k.RevokedMs = r.int(), r.int()
	return k
}

// Keys is session.Registry's.
func (g *Registry) Keys(ctx context.Context) ([]*session.Key, error) {
	return ask(ctx, g.store.readers, &step{name: "Keys"}, scanKey)
}

// SaveKey is session.Registry's: an upsert by id.
func (g *Registry) SaveKey(ctx context.Context, key *session.Key) error {
	return g.save(ctx, &step{name: "PutKey", args: []any{key.ID, key.Integration, key.Hash[:], key.CreatedMs, key.RevokedMs}})
}

// save writes, and tells the other nodes that there is something new to read.
func (g *Registry) save(ctx context.Context, s *step) error {
	return g.store.within(ctx, func(c *conn) error { return c.run(s, bump("registry")) })
}
