-- What a group of changes decided, each kind of row in one statement. The client of
-- every row is locked. Rows come as arrays, one for each column.

-- name: PutClients
INSERT INTO clients (id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::uuid[],
    $10::bigint[], $11::uuid[], $12::bigint[])
ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, data = excluded.data, inbox_number = excluded.inbox_number, pending = excluded.pending,
    failures = excluded.failures, newest = excluded.newest, pushes = excluded.pushes, holder = excluded.holder,
    fence = excluded.fence;

-- Rows that the transaction has read are there: changing them costs less.
-- name: SetClients
UPDATE clients SET user_id = n.user_id, data = n.data, inbox_number = n.inbox_number, pending = n.pending, failures = n.failures,
    newest = n.newest, pushes = n.pushes, holder = n.holder, fence = n.fence
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::uuid[], $8::bigint[], $9::uuid[], $10::bigint[])
    AS n (id, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence)
WHERE clients.id = n.id;

-- name: PutChains
INSERT INTO chains (id, client, head, sequence, version, epoch, start_session, start_data, start_position, start_extra, ended_ms,
    delivered, read, seen)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::uuid[], $8::text[], $9::text[],
    $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
ON CONFLICT (id) DO UPDATE SET head = excluded.head, sequence = excluded.sequence, version = excluded.version, epoch = excluded.epoch,
    start_session = excluded.start_session, start_data = excluded.start_data, start_position =
    excluded.start_position, start_extra = excluded.start_extra, ended_ms = excluded.ended_ms, delivered =
    excluded.delivered, read = excluded.read, seen = excluded.seen, swept = 0;

-- name: SetChains
UPDATE chains SET head = n.head, sequence = n.sequence, version = n.version, epoch = n.epoch, start_session = n.start_session,
    start_data = n.start_data, start_position = n.start_position, start_extra = n.start_extra, ended_ms = n.ended_ms,
    delivered = n.delivered, read = n.read, seen = n.seen, swept = 0
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[], $7::text[], $8::text[], $9::text[],
    $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
    AS n (id, head, sequence, version, epoch, start_session, start_data, start_position, start_extra, ended_ms, delivered, read, seen)
WHERE chains.id = n.id;

-- name: PutSessions
INSERT INTO sessions (id, integration, client, chain, predecessor, channel, external_id, channel_user_id, is_test, opt_out, created_ms,
    successor, status, reason, result, started, user_messages, ended_ms, last_user_ms, last_agent_ms, check_ms, warned_ms, armed,
    bot_release)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::bigint[],
    $10::bigint[], $11::bigint[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::bigint[], $17::bigint[], $18::bigint[],
    $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[])
ON CONFLICT (id) DO UPDATE SET successor = excluded.successor, status = excluded.status, reason = excluded.reason, result = excluded.result,
    started = excluded.started, user_messages = excluded.user_messages, ended_ms = excluded.ended_ms, last_user_ms =
    excluded.last_user_ms, last_agent_ms = excluded.last_agent_ms, check_ms = excluded.check_ms, warned_ms =
    excluded.warned_ms, armed = excluded.armed, bot_release = excluded.bot_release;

-- name: SetSessions
UPDATE sessions SET successor = n.successor, status = n.status, reason = n.reason, result = n.result, started = n.started,
    user_messages = n.user_messages, ended_ms = n.ended_ms, last_user_ms = n.last_user_ms, last_agent_ms = n.last_agent_ms,
    check_ms = n.check_ms, warned_ms = n.warned_ms, armed = n.armed, bot_release = n.bot_release
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
    AS n (id, successor, status, reason, result, started, user_messages, ended_ms, last_user_ms, last_agent_ms, check_ms, warned_ms,
        armed, bot_release)
WHERE sessions.id = n.id;

-- name: PutDocuments
INSERT INTO documents (session, doc)
SELECT * FROM unnest($1::uuid[], $2::text[])
ON CONFLICT (session) DO UPDATE SET doc = excluded.doc;

-- name: PutVars
INSERT INTO vars (session, data, position, extra)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (session) DO UPDATE SET data = excluded.data, position = excluded.position, extra = excluded.extra;

-- name: PutConversations
INSERT INTO conversations (id, session, owner, agent_id, agent_name, agent_avatar, opened_ms, closed_ms, integration, department, reason,
    queued_ms, waiting_ms, answered_ms, snoozed_ms, last_agent_id, last_agent_name, last_agent_avatar, rated_ms,
    rating, feedback)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[],
    $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[], $17::text[],
    $18::text[], $19::bigint[], $20::bigint[], $21::text[])
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, agent_id = excluded.agent_id, agent_name = excluded.agent_name, agent_avatar =
    excluded.agent_avatar, opened_ms = excluded.opened_ms, closed_ms = excluded.closed_ms, integration =
    excluded.integration, department = excluded.department, reason = excluded.reason, queued_ms =
    excluded.queued_ms, waiting_ms = excluded.waiting_ms, answered_ms = excluded.answered_ms, snoozed_ms =
    excluded.snoozed_ms, last_agent_id = excluded.last_agent_id, last_agent_name = excluded.last_agent_name,
    last_agent_avatar = excluded.last_agent_avatar, rated_ms = excluded.rated_ms, rating = excluded.rating, feedback
    = excluded.feedback;

-- name: PutTimers
INSERT INTO timers (session, kind, id, client, due_ms, target_state, handle, event, data)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::uuid[], $8::text[], $9::text[])
ON CONFLICT (session, kind) DO UPDATE SET id = excluded.id, client = excluded.client, due_ms = excluded.due_ms, target_state = excluded.target_state, handle =
    excluded.handle, event = excluded.event, data = excluded.data;

-- name: AddMessages
INSERT INTO messages (id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id,
    repeatable, input_hash, attempts, outcome, why, thumb, trace)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::uuid[], $8::bigint[], $9::bigint[],
    $10::uuid[], $11::uuid[], $12::text[], $13::bigint[], $14::bytea[], $15::bigint[], $16::text[], $17::text[],
    $18::bigint[], $19::text[]);

-- name: AddEvents
INSERT INTO events (chain, sequence, session, at_ms, kind, body, message)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::uuid[]);

-- name: AddRemembered
INSERT INTO remembered (integration, route, key, hash, answer, expires_ms)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::bigint[]);

-- name: SetMessages
UPDATE messages SET at_ms = n.at_ms, chain = n.chain, session = n.session, sequence = n.sequence, number = n.number,
    attempts = n.attempts, outcome = n.outcome, why = n.why, thumb = n.thumb
FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::bigint[])
    AS n (id, at_ms, chain, session, sequence, number, attempts, outcome, why, thumb)
WHERE messages.id = n.id;

-- An id that is dead may have been replaced by a timer of the same session and kind,
-- so this goes before PutTimers.
-- name: DropTimers
DELETE FROM timers WHERE id = ANY($1::uuid[]);

-- Only the first of a chain can be its head: first says whether a row is that within
-- this statement.
-- name: AddDeliveries
INSERT INTO outbox (id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms,
    last_error, trace, head)
SELECT n.id, n.integration, n.chain, n.session, n.sequence, n.kind, n.body, n.created_ms, n.due_ms, n.attempts, n.token, n.lease_ms,
    n.last_error, n.trace,
    CASE WHEN n.first = 1 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.integration = n.integration AND o.chain = n.chain) THEN 1 ELSE 0 END
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::uuid[], $12::bigint[], $13::text[], $14::text[], $15::bigint[])
    AS n (id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, trace, first);
