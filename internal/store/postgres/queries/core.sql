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

-- name: GroundSessions
SELECT id, integration, client, chain, predecessor, successor, status, reason, channel, external_id, channel_user_id, is_test,
    opt_out, result, started, user_messages, created_ms, ended_ms, last_user_ms, last_agent_ms, check_ms, warned_ms, armed, bot_release
FROM sessions WHERE id = ANY(ARRAY(
    SELECT unnest($1::uuid[])
    UNION SELECT h.head FROM sessions s JOIN chains h ON h.id = s.chain WHERE s.id = ANY($1::uuid[])));

-- name: GroundChains
SELECT id, client, head, sequence, version, epoch, ended_ms, delivered, read, seen, start_position, start_session, start_data, start_extra
FROM chains WHERE id = ANY(ARRAY(SELECT chain FROM sessions WHERE id = ANY($1::uuid[])));

-- name: GroundDocuments
SELECT session, doc FROM documents WHERE session = ANY(ARRAY(
    SELECT unnest($1::uuid[])
    UNION SELECT h.head FROM sessions s JOIN chains h ON h.id = s.chain WHERE s.id = ANY($1::uuid[])));

-- name: GroundVars
SELECT session, data, position, extra FROM vars WHERE session = ANY(ARRAY(
    SELECT unnest($1::uuid[])
    UNION SELECT h.head FROM sessions s JOIN chains h ON h.id = s.chain WHERE s.id = ANY($1::uuid[])));

-- At most one conversation of a session is open, and that one is the newest. Ids of
-- one millisecond are in no order, so they decide last.
-- name: GroundConversations
SELECT DISTINCT ON (session) id, session, owner, agent_id, agent_name, agent_avatar, opened_ms, closed_ms, integration, department, reason,
    queued_ms, waiting_ms, answered_ms, snoozed_ms, last_agent_id, last_agent_name, last_agent_avatar, rated_ms, rating, feedback
FROM conversations WHERE session = ANY(ARRAY(
    SELECT unnest($1::uuid[])
    UNION SELECT h.head FROM sessions s JOIN chains h ON h.id = s.chain WHERE s.id = ANY($1::uuid[])))
ORDER BY session, closed_ms = 0 DESC, opened_ms DESC, closed_ms DESC, id DESC;

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
