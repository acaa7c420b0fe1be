-- What agents sign in with.

-- name: ListCredentials
SELECT agent, password, issuer, subject, factor, factor_pending, factor_used FROM credentials ORDER BY agent;

-- name: GetCredentials
SELECT agent, password, issuer, subject, factor, factor_pending, factor_used FROM credentials WHERE agent = $1;

-- name: SetPassword
INSERT INTO credentials (agent, password) VALUES ($1, $2) ON CONFLICT (agent) DO UPDATE SET password = excluded.password;

-- name: Rehash
UPDATE credentials SET password = $3 WHERE agent = $1 AND password = $2;

-- name: SetSubject
INSERT INTO credentials (agent, issuer, subject) VALUES ($1, $2, $3)
ON CONFLICT (agent) DO UPDATE SET issuer = excluded.issuer, subject = excluded.subject;

-- name: SetFactor
UPDATE credentials SET factor = $2, factor_pending = $3, factor_used = greatest(factor_used, $4) WHERE agent = $1;

-- name: DropRecoveryCodes
DELETE FROM recovery_codes WHERE agent = $1;

-- name: AddRecoveryCodes
INSERT INTO recovery_codes (agent, hash) SELECT $1::text, unnest($2::bytea[]);

-- name: UseStep
UPDATE credentials SET factor_used = $2 WHERE agent = $1 AND factor_used < $2;

-- name: UseRecoveryCode
DELETE FROM recovery_codes WHERE agent = $1 AND hash = $2;

-- name: GetLogin
SELECT hash, agent, created_ms, seen_ms, address, browser FROM logins WHERE hash = $1;

-- name: AddLogin
INSERT INTO logins (hash, agent, created_ms, seen_ms, address, browser) VALUES ($1, $2, $3, $4, $5, $6);

-- name: DropLoginsBefore
DELETE FROM logins WHERE hash IN (SELECT hash FROM logins WHERE created_ms < $1 ORDER BY hash FOR UPDATE);

-- name: DropLoginsBeyond
-- An agent's logins but the newest ones, and never the one just made.
DELETE FROM logins WHERE hash IN (
    SELECT hash FROM logins WHERE agent = $1 AND hash <> $2 AND hash NOT IN (
        SELECT hash FROM logins WHERE agent = $1 ORDER BY created_ms DESC LIMIT $3)
    ORDER BY hash FOR UPDATE);

-- name: SeeLogin
UPDATE logins SET seen_ms = greatest(seen_ms, $2) WHERE hash = $1;

-- name: EndLogin
DELETE FROM logins WHERE hash = $1;

-- name: EndLogins
DELETE FROM logins WHERE hash IN (SELECT hash FROM logins WHERE agent = $1 AND hash <> $2 ORDER BY hash FOR UPDATE);

-- name: GetInvitation
SELECT hash, agent, created_ms, expires_ms FROM invitations WHERE hash = $1;

-- name: SaveInvitation
INSERT INTO invitations (hash, agent, created_ms, expires_ms) VALUES ($1, $2, $3, $4)
ON CONFLICT (agent) DO UPDATE SET hash = excluded.hash, created_ms = excluded.created_ms, expires_ms = excluded.expires_ms;

-- name: UseInvitation
DELETE FROM invitations WHERE hash = $1 AND expires_ms > $2;

-- name: DropInvitations
DELETE FROM invitations WHERE agent = $1;

-- name: AddEntry
-- Ids grow by one from the last. Writers wait for each other at the revision.
WITH next AS (
    INSERT INTO revisions (name, n) SELECT 'audit', coalesce(max(id), 0) + 1 FROM audit
    ON CONFLICT (name) DO UPDATE SET n = greatest(revisions.n + 1, excluded.n) RETURNING n)
INSERT INTO audit (id, at_ms, agent, action, subject, detail, address) SELECT next.n, $1::bigint, $2::text, $3::text, $4::text, $5::text, $6::text FROM next;

-- name: ListEntries
SELECT id, at_ms, agent, action, subject, detail, address FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2;
