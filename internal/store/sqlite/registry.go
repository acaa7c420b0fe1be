package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/internal/session"
)

// Registry is a session.Registry.
type Registry struct{ store *Store }

// Integrations is session.Registry's.
func (g *Registry) Integrations(ctx context.Context) (list []*session.Integration, err error) {
	var broken error
	scan := func(r *row) *session.Integration {
		in := &session.Integration{ID: r.text(), Name: r.text(), Kind: session.Kind(r.text()), Active: r.flag(), CreatedMs: r.int()}
		if err := json.Unmarshal(r.json(), &in.Settings); err != nil {
			broken = fmt.Errorf("settings of integration %s: %w", in.ID, err)
		}
		return in
	}
	err = g.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, `SELECT id, name, kind, active, created_ms, settings FROM integrations ORDER BY created_ms, id`, scan)
		return err
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
	return g.store.do(ctx, func(c *conn) error {
		_, err := c.exec(`INSERT INTO integrations (id, name, kind, active, created_ms, settings) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, active = excluded.active,
			created_ms = excluded.created_ms, settings = excluded.settings`,
			in.ID, in.Name, string(in.Kind), in.Active, in.CreatedMs, text(settings))
		return err
	})
}

func scanKey(r *row) *session.Key {
	k := &session.Key{ID: r.id(), Integration: r.text()}
	copy(k.Hash[:], r.blob())
	k.CreatedMs, k.RevokedMs = r.int(), r.int()
	return k
}

// Keys is session.Registry's.
func (g *Registry) Keys(ctx context.Context) (list []*session.Key, err error) {
	err = g.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, `SELECT id, integration, hash, created_ms, revoked_ms FROM api_keys ORDER BY id`, scanKey)
		return err
	})
	return list, err
}

// SaveKey is session.Registry's: an upsert by id.
func (g *Registry) SaveKey(ctx context.Context, key *session.Key) error {
	return g.store.do(ctx, func(c *conn) error {
		_, err := c.exec(`INSERT INTO api_keys (id, integration, hash, created_ms, revoked_ms) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET integration = excluded.integration, hash = excluded.hash,
			created_ms = excluded.created_ms, revoked_ms = excluded.revoked_ms`,
			key.ID[:], key.Integration, key.Hash[:], key.CreatedMs, key.RevokedMs)
		return err
	})
}
