-- What is exported and erased of people: for each table of personalTables a pair
-- of statements that find its rows by the ids of sessions, chains or clients.

-- name: ExportClient
SELECT id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence
FROM clients WHERE id = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseClient
DELETE FROM clients WHERE id = ANY ($1::uuid[]);

-- name: ExportPendingMessages
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, repeatable,
    input_hash, attempts, outcome, why, thumb, trace
FROM messages WHERE client = ANY ($1::uuid[]) AND sequence = 0 AND number > 0 ORDER BY 1, 2;

-- name: ErasePendingMessages
DELETE FROM messages WHERE client = ANY ($1::uuid[]) AND sequence = 0 AND number > 0;

-- name: ExportTimersOfClient
SELECT session, kind, id, client, due_ms, target_state, handle, event, data
FROM timers WHERE client = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseTimersOfClient
DELETE FROM timers WHERE client = ANY ($1::uuid[]);

-- name: ExportFilesOfClient
SELECT id, integration, chain, client, name, type, size, sha256, object, state, created_ms
FROM files WHERE client = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseFilesOfClient
DELETE FROM files WHERE client = ANY ($1::uuid[]);

-- name: ExportFilesOfChain
SELECT id, integration, chain, client, name, type, size, sha256, object, state, created_ms
FROM files WHERE chain = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseFilesOfChain
DELETE FROM files WHERE chain = ANY ($1::uuid[]);

-- name: ExportChain
SELECT id, client, head, sequence, version, epoch, start_session, start_data, start_position, start_extra, ended_ms, swept, delivered,
    read, seen
FROM chains WHERE id = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseChain
DELETE FROM chains WHERE id = ANY ($1::uuid[]);

-- name: ExportEvents
SELECT chain, sequence, session, at_ms, kind, body, message
FROM events WHERE chain = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseEvents
DELETE FROM events WHERE chain = ANY ($1::uuid[]);

-- name: ExportOutbox
SELECT id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, head, trace
FROM outbox WHERE chain = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseOutbox
DELETE FROM outbox WHERE chain = ANY ($1::uuid[]);

-- name: ExportDeadLetters
SELECT id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, died_ms
FROM outbox_dead WHERE chain = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseDeadLetters
DELETE FROM outbox_dead WHERE chain = ANY ($1::uuid[]);

-- name: ExportSession
SELECT id, integration, client, chain, predecessor, successor, status, reason, channel, external_id, channel_user_id, is_test,
    opt_out, result, started, user_messages, created_ms, ended_ms, last_user_ms, last_agent_ms, check_ms, warned_ms, armed,
    bot_release
FROM sessions WHERE id = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseSession
DELETE FROM sessions WHERE id = ANY ($1::uuid[]);

-- name: ExportDocument
SELECT session, doc
FROM documents WHERE session = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseDocument
DELETE FROM documents WHERE session = ANY ($1::uuid[]);

-- name: ExportVars
SELECT session, data, position, extra
FROM vars WHERE session = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseVars
DELETE FROM vars WHERE session = ANY ($1::uuid[]);

-- name: ExportConversations
SELECT id, session, owner, agent_id, agent_name, agent_avatar, opened_ms, closed_ms, integration, department, reason, queued_ms,
    waiting_ms, answered_ms, snoozed_ms, last_agent_id, last_agent_name, last_agent_avatar, rating, feedback, rated_ms
FROM conversations WHERE session = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseConversations
DELETE FROM conversations WHERE session = ANY ($1::uuid[]);

-- name: ExportMessages
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, repeatable,
    input_hash, attempts, outcome, why, thumb, trace
FROM messages WHERE session = ANY ($1::uuid[]) AND sequence > 0 ORDER BY 1, 2;

-- name: EraseMessages
DELETE FROM messages WHERE session = ANY ($1::uuid[]) AND sequence > 0;

-- name: ExportTimers
SELECT session, kind, id, client, due_ms, target_state, handle, event, data
FROM timers WHERE session = ANY ($1::uuid[]) ORDER BY 1, 2;

-- name: EraseTimers
DELETE FROM timers WHERE session = ANY ($1::uuid[]);

-- name: ExportRemembered
SELECT integration, route, key, hash, answer, expires_ms
FROM remembered WHERE EXISTS (SELECT 1 FROM unnest($1::uuid[]) AS v (id) WHERE position(convert_to(v.id::text, 'UTF8') IN answer) > 0) ORDER BY 1, 2;

-- name: EraseRemembered
DELETE FROM remembered WHERE EXISTS (SELECT 1 FROM unnest($1::uuid[]) AS v (id) WHERE position(convert_to(v.id::text, 'UTF8') IN answer) > 0);

-- name: EraseThread
DELETE FROM threads WHERE id = ANY ($1::uuid[]);

-- name: EraseTexts
DELETE FROM thread_texts WHERE thread = ANY ($1::uuid[]);

-- name: ErasePerson
DELETE FROM people WHERE thread = ANY ($1::uuid[]);

-- name: ListSessionsOfClient
SELECT id, chain FROM sessions WHERE client = $1 ORDER BY id;
