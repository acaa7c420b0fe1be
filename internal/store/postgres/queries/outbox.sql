-- Webhooks. The row of a chain that has the lowest sequence is its head. Who inserts
-- one or finishes one has the lock of the chain's client, so a chain with rows has a
-- head.

-- name: ClaimDeliveries
WITH free AS (
    SELECT id, due_ms FROM outbox WHERE head = 1 AND due_ms <= $1 AND integration <> ALL($5::text[]) ORDER BY due_ms LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET token = $3, lease_ms = $4, due_ms = $4 FROM free WHERE outbox.id = free.id
RETURNING outbox.id, integration, chain, session, sequence, kind, body, created_ms, free.due_ms, attempts, token, lease_ms, last_error, trace;

-- name: LockSettled
SELECT id FROM clients WHERE id = ANY(ARRAY(
    SELECT h.client FROM outbox o JOIN chains h ON h.id = o.chain WHERE o.id = ANY($1::uuid[])))
ORDER BY id FOR UPDATE;

-- name: PostponeDeliveries
UPDATE outbox SET attempts = attempts + 1, due_ms = n.due_ms, last_error = n.last_error, token = NULL, lease_ms = 0
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[]) AS n (id, token, due_ms, last_error)
WHERE outbox.id = n.id AND outbox.token = n.token;

-- name: BuryDeliveries
INSERT INTO outbox_dead (id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, died_ms)
SELECT o.id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts + 1, NULL, 0, n.last_error, n.died_ms
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) AS n (id, token, last_error, died_ms)
JOIN outbox o ON o.id = n.id AND o.token = n.token;

-- name: FinishDeliveries
DELETE FROM outbox USING unnest($1::uuid[], $2::uuid[]) AS n (id, token)
WHERE outbox.id = n.id AND outbox.token = n.token
RETURNING outbox.integration, outbox.chain;

-- name: PromoteHeads
UPDATE outbox SET head = 1 WHERE id = ANY(ARRAY(
    SELECT (SELECT o.id FROM outbox o WHERE o.integration = n.integration AND o.chain = n.chain ORDER BY o.sequence LIMIT 1)
    FROM unnest($1::text[], $2::uuid[]) AS n (integration, chain)));

-- name: NextDue
SELECT due_ms FROM outbox WHERE head = 1 ORDER BY due_ms LIMIT 1;

-- Ids grow with time, so the smallest is the oldest.
-- name: Backlog
SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM outbox_dead), (SELECT created_ms FROM outbox ORDER BY id LIMIT 1);

-- name: DeadLetters
SELECT id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, died_ms
FROM outbox_dead WHERE ($1::text = '' OR integration = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3;

-- name: DeadLetter
SELECT id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, died_ms
FROM outbox_dead WHERE id = $1;

-- name: DropDeadLetter
DELETE FROM outbox_dead WHERE id = $1;

-- name: KeepDeadLetter
UPDATE outbox_dead SET attempts = attempts + 1, last_error = $2 WHERE id = $1;
