-- name: Integrations
SELECT id, name, kind, active, created_ms, settings FROM integrations ORDER BY created_ms, id;

-- name: PutIntegration
INSERT INTO integrations (id, name, kind, active, created_ms, settings) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, active = excluded.active,
    created_ms = excluded.created_ms, settings = excluded.settings;

-- name: Keys
SELECT id, integration, hash, created_ms, revoked_ms FROM api_keys ORDER BY id;

-- name: PutKey
INSERT INTO api_keys (id, integration, hash, created_ms, revoked_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET integration = excluded.integration, hash = excluded.hash,
    created_ms = excluded.created_ms, revoked_ms = excluded.revoked_ms;
