-- What is kept about people.

-- name: EndedChains
SELECT c.id FROM chains c JOIN clients p ON p.id = c.client
WHERE c.ended_ms > 0 AND c.ended_ms <= $1 AND p.integration = $2 ORDER BY c.ended_ms LIMIT $3;

-- name: Erasures
SELECT id, integration, at_ms, by_whom, counts, backups_ms FROM erasures
WHERE integration = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3;

-- name: AddErasure
INSERT INTO erasures (id, integration, at_ms, by_whom, counts, backups_ms) VALUES ($1, $2, $3, $4, $5, $6);
