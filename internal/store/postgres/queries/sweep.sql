-- What retention deletes, a step at a time.

-- name: SweepRemembered
DELETE FROM remembered WHERE (integration, route, key) IN
    (SELECT integration, route, key FROM remembered WHERE expires_ms <= $1 ORDER BY expires_ms LIMIT $2);

-- name: SweepCommits
DELETE FROM commits WHERE id IN (SELECT id FROM commits
    WHERE at_ms <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $1 ORDER BY at_ms LIMIT $2);

-- name: RepeatsAfter
SELECT id FROM messages WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3;

-- name: ForgetRepeats
UPDATE messages SET repeatable = 0 WHERE id > $1 AND id <= $2 AND repeatable = 1;

-- name: GetMark
SELECT value FROM marks WHERE name = $1;

-- name: PutMark
INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: NextSwept
SELECT id FROM chains WHERE ended_ms > 0 AND swept = 0 AND ended_ms <= $1 ORDER BY ended_ms LIMIT 1;

-- name: SweepEvents
DELETE FROM events WHERE chain = $1 AND sequence IN (SELECT sequence FROM events WHERE chain = $1 ORDER BY sequence LIMIT $2);

-- name: MarkSwept
UPDATE chains SET swept = 1 WHERE id = $1;
