-- The lines in which conversations wait: those of the index conversations_line.

-- name: QueueLines
-- It jumps from line to line, however long each is.
WITH RECURSIVE lines AS (
    (SELECT integration, department FROM conversations
        WHERE owner = 'queue' AND closed_ms = 0 AND snoozed_ms = 0 ORDER BY integration, department LIMIT 1)
    UNION ALL
    SELECT n.integration, n.department FROM lines l CROSS JOIN LATERAL (
        SELECT c.integration, c.department FROM conversations c
        WHERE c.owner = 'queue' AND c.closed_ms = 0 AND c.snoozed_ms = 0
            AND (c.integration, c.department) > (l.integration, l.department)
        ORDER BY c.integration, c.department LIMIT 1) n)
SELECT integration, department FROM lines;

-- name: QueueWaiting
-- Who had the client last is looked for in his last sessions only: a client may
-- stand for a crowd.
SELECT c.id, c.waiting_ms, c.session, c.reason, c.last_agent_id, coalesce((
    SELECT h.last_agent_id FROM (
        SELECT s.id FROM sessions s WHERE s.client = (SELECT o.client FROM sessions o WHERE o.id = c.session) ORDER BY s.id DESC LIMIT 20
    ) s JOIN conversations h ON h.session = s.id WHERE h.last_agent_id <> '' ORDER BY s.id DESC, h.opened_ms DESC LIMIT 1), '')
FROM conversations c
WHERE c.owner = 'queue' AND c.closed_ms = 0 AND c.snoozed_ms = 0
    AND c.integration = $1 AND c.department = $2 AND (c.waiting_ms, c.id) > ($3, $4)
ORDER BY c.waiting_ms, c.id LIMIT $5;

-- name: QueueHeld
SELECT integration, department, session, agent_id, waiting_ms FROM conversations
WHERE owner = 'agent' AND closed_ms = 0 AND snoozed_ms = 0 AND waiting_ms > 0 ORDER BY waiting_ms, id;

-- name: QueueLoad
SELECT agent_id, count(*) FROM conversations
WHERE owner = 'agent' AND closed_ms = 0 AND snoozed_ms = 0 GROUP BY agent_id;

-- name: QueueAhead
SELECT count(*) FROM conversations
WHERE owner = 'queue' AND closed_ms = 0 AND snoozed_ms = 0
    AND integration = $1 AND department = $2 AND (waiting_ms, id) < ($3, $4);
