-- Rows of sessions. The statements of the ground take what a transaction will act on:
-- ids of clients, sessions and messages ($1), in any mixture. What it reads then are
-- the sessions named, the newest of their chains, and what hangs on both.

-- name: LockClients
SELECT id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence
FROM clients WHERE id = ANY(ARRAY(
    SELECT unnest($1::uuid[])
    UNION SELECT client FROM sessions WHERE id = ANY($1::uuid[])
    UNION SELECT client FROM messages WHERE id = ANY($1::uuid[])
    UNION SELECT c.id FROM unnest($2::text[], $3::text[]) AS p (integration, key)
        JOIN clients c ON c.integration = p.integration AND c.key = p.key))
ORDER BY id FOR UPDATE;

-- Those that another transaction has are left out.
-- name: LockFreeClients
SELECT id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence
FROM clients WHERE id = ANY(ARRAY(
    SELECT unnest($1::uuid[])
    UNION SELECT client FROM sessions WHERE id = ANY($1::uuid[])
    UNION SELECT client FROM messages WHERE id = ANY($1::uuid[])
    UNION SELECT c.id FROM unnest($2::text[], $3::text[]) AS p (integration, key)
        JOIN clients c ON c.integration = p.integration AND c.key = p.key))
ORDER BY id FOR UPDATE SKIP LOCKED;

-- name: GroundClients
SELECT id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence
FROM clients WHERE id = ANY(ARRAY(SELECT unnest($1::uuid[]) UNION SELECT client FROM sessions WHERE id = ANY($1::uuid[])));

-- Whom a group wanted to lock, by what it knew: an id and its client.
-- name: GroundPersons
SELECT c.id, c.integration, c.key FROM unnest($1::text[], $2::text[]) AS p (integration, key)
    JOIN clients c ON c.integration = p.integration AND c.key = p.key;

-- A session, its chain, document, variables and newest conversation. At most one
-- conversation of a session is open, and that one is the newest. Ids of one
-- millisecond are in no order, so they decide last.
-- name: GroundSessions
SELECT s.id, s.integration, s.client, s.chain, s.predecessor, s.successor, s.status, s.reason, s.channel, s.external_id,
    s.channel_user_id, s.is_test, s.opt_out, s.result, s.started, s.user_messages, s.created_ms, s.ended_ms, s.last_user_ms,
    s.last_agent_ms, s.check_ms, s.warned_ms, s.armed, s.bot_release,
    d.session, d.doc, v.session, v.data, v.position, v.extra,
    t.id, t.session, t.owner, t.agent_id, t.agent_name, t.agent_avatar, t.opened_ms, t.closed_ms, t.integration, t.department,
    t.reason, t.queued_ms, t.waiting_ms, t.answered_ms, t.snoozed_ms, t.last_agent_id, t.last_agent_name, t.last_agent_avatar,
    t.rated_ms, t.rating, t.feedback,
    h.id, h.client, h.head, h.sequence, h.version, h.epoch, h.ended_ms, h.delivered, h.read, h.seen, h.start_position,
    h.start_session, h.start_data, h.start_extra
FROM sessions s
    LEFT JOIN chains h ON h.id = s.chain
    LEFT JOIN documents d ON d.session = s.id
    LEFT JOIN vars v ON v.session = s.id
    LEFT JOIN LATERAL (
        SELECT c.id, c.session, c.owner, c.agent_id, c.agent_name, c.agent_avatar, c.opened_ms, c.closed_ms, c.integration,
            c.department, c.reason, c.queued_ms, c.waiting_ms, c.answered_ms, c.snoozed_ms, c.last_agent_id, c.last_agent_name,
            c.last_agent_avatar, c.rated_ms, c.rating, c.feedback
        FROM conversations c WHERE c.session = s.id
        ORDER BY c.closed_ms = 0 DESC, c.opened_ms DESC, c.closed_ms DESC, c.id DESC LIMIT 1) t ON true
WHERE s.id = ANY(ARRAY(
    SELECT unnest($1::uuid[])
    UNION SELECT n.head FROM sessions o JOIN chains n ON n.id = o.chain WHERE o.id = ANY($1::uuid[])));

-- name: GroundMessages
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, input_hash, attempts,
    outcome, why, thumb, trace
FROM messages WHERE id = ANY($1::uuid[]);

-- name: GetClient
SELECT id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence
FROM clients WHERE id = $1;

-- name: ClientByKey
SELECT id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence
FROM clients WHERE integration = $1 AND key = $2;

-- name: GetChain
SELECT id, client, head, sequence, version, epoch, ended_ms, delivered, read, seen, start_position, start_session, start_data, start_extra
FROM chains WHERE id = $1;

-- name: MessageByClientID
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, input_hash, attempts,
    outcome, why, thumb, trace
FROM messages WHERE client = $1 AND client_message_id = $2 AND repeatable = 1;

-- name: Pending
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, input_hash, attempts,
    outcome, why, thumb, trace
FROM messages WHERE client = $1 AND sequence = 0 AND number > 0 ORDER BY number;

-- name: Timers
SELECT id, session, client, kind, due_ms, target_state, handle, event, data FROM timers WHERE session = $1;

-- name: NextPush
SELECT id, session, client, kind, due_ms, target_state, handle, event, data
FROM timers WHERE client = $1 AND kind = 'push' AND due_ms <= $2 ORDER BY due_ms, id LIMIT 1;

-- name: Remembered
SELECT integration, route, key, hash, answer, expires_ms FROM remembered WHERE integration = $1 AND route = $2 AND key = $3;
