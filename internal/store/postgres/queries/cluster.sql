-- name: BeatNode
INSERT INTO nodes (id, name, address, started_ms, until_ms)
VALUES ($1, $2, $3, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $4)
ON CONFLICT (id) DO UPDATE SET until_ms = excluded.until_ms

-- No lease reaches further than its length. One that seems to is of a time when the
-- clock was ahead, and must not keep the duty until the clock is there again.
-- name: BeatDuty
INSERT INTO duties (name, holder, until_ms)
VALUES ($1, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
WHERE duties.holder = excluded.holder OR duties.until_ms <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    OR duties.until_ms > (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 2 * $3

-- name: ForgetNodes
DELETE FROM nodes WHERE until_ms < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $1

-- name: ListNodes
SELECT id, name, address, started_ms, until_ms FROM nodes

-- name: GetDuty
SELECT holder, until_ms FROM duties WHERE name = $1

-- name: ListRevisions
SELECT name, n FROM revisions

-- name: ClockUs
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint

-- name: LeaveNode
DELETE FROM nodes WHERE id = $1

-- name: LeaveDuties
DELETE FROM duties WHERE holder = $1

-- name: LeavePresence
DELETE FROM presence WHERE node = $1

-- name: ForgetPresence
DELETE FROM presence WHERE node NOT IN (SELECT id FROM nodes)

-- name: AddPresence
INSERT INTO presence (node, agent, connections) SELECT $1, p.agent, p.connections FROM unnest($2::text[], $3::bigint[]) AS p (agent, connections)

-- name: RaisePresence
INSERT INTO revisions (name, n) VALUES ('presence', 1) ON CONFLICT (name) DO UPDATE SET n = revisions.n + 1

-- name: ListPresence
SELECT p.agent, sum(p.connections)::bigint FROM presence p JOIN nodes n ON n.id = p.node
WHERE n.id <> $1 AND n.until_ms > (extract(epoch FROM clock_timestamp()) * 1000)::bigint
GROUP BY p.agent
