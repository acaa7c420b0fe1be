-- Pages. A term whose parameter is empty selects all; such statements are planned
-- with their values.

-- name: Sessions
SELECT id, integration, client, chain, predecessor, successor, status, reason, channel, external_id, channel_user_id, is_test,
    opt_out, result, started, user_messages, created_ms, ended_ms, last_user_ms, last_agent_ms, check_ms, warned_ms, armed, bot_release
FROM sessions
WHERE ($1::text = '' OR integration = $1) AND ($2::uuid IS NULL OR client = $2) AND ($3::text = '' OR status = $3)
    AND ($4::text = '' OR external_id = $4 AND external_id <> '') AND ($5::uuid IS NULL OR id < $5)
ORDER BY id DESC LIMIT $6;

-- Open sessions that nothing will end.
-- name: EndlessSessions
SELECT id, integration, client, chain, predecessor, successor, status, reason, channel, external_id, channel_user_id, is_test,
    opt_out, result, started, user_messages, created_ms, ended_ms, last_user_ms, last_agent_ms, check_ms, warned_ms, armed, bot_release
FROM sessions
WHERE ($1::text = '' OR integration = $1) AND ($2::uuid IS NULL OR client = $2) AND ($3::text = '' OR status = $3)
    AND ($4::text = '' OR external_id = $4 AND external_id <> '') AND ($5::uuid IS NULL OR id < $5)
    AND status = 'active' AND created_ms < $7
    AND (check_ms < $7 OR check_ms > $8 OR integration NOT IN (SELECT id FROM integrations))
ORDER BY id DESC LIMIT $6;

-- name: FailedMessages
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, input_hash, attempts,
    outcome, why, thumb, trace
FROM messages WHERE outcome = 'failed' ORDER BY id DESC LIMIT $1;

-- name: MessagesByOutcome
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, input_hash, attempts,
    outcome, why, thumb, trace
FROM messages WHERE outcome = $1 AND author = 'user' ORDER BY id DESC LIMIT $2;

-- name: Transcript
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, input_hash, attempts,
    outcome, why, thumb, trace
FROM messages
WHERE session = $1 AND sequence > 0 AND sequence > $2 AND ($3::bigint = 1 OR author <> 'note') AND ($4::text = '' OR outcome = $4)
ORDER BY sequence LIMIT $5;

-- name: TranscriptEnd
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, input_hash, attempts,
    outcome, why, thumb, trace
FROM messages
WHERE session = $1 AND sequence > 0 AND sequence > $2 AND ($3::bigint = 1 OR author <> 'note') AND ($4::text = '' OR outcome = $4)
ORDER BY sequence DESC LIMIT $5;

-- name: Events
SELECT e.chain, e.sequence, e.session, e.at_ms, e.kind, e.body,
    m.id, m.client, m.author, m.at_ms, m.body, m.chain, m.session, m.sequence, m.number, m.handle, m.accepted_in, m.client_message_id,
    m.input_hash, m.attempts, m.outcome, m.why, m.thumb, m.trace
FROM events e LEFT JOIN messages m ON m.id = e.message
WHERE e.chain = $1 AND e.sequence > $2 ORDER BY e.sequence LIMIT $3;

-- name: ReleaseCounts
SELECT integration, bot_release, count(*) FROM sessions WHERE status = 'active'
GROUP BY integration, bot_release ORDER BY integration, bot_release;

-- name: Waiting
SELECT m.client, c.holder FROM messages m JOIN clients c ON c.id = m.client
WHERE m.sequence = 0 AND m.number > 0 AND (c.holder IS NULL OR c.holder <> ALL($1::uuid[]))
GROUP BY m.client, c.holder ORDER BY min(m.at_ms), m.client LIMIT $2;

-- name: Heads
SELECT id, sequence FROM chains WHERE id = ANY($1::uuid[]);

-- name: DueTimers
SELECT id, session, client, kind, due_ms, target_state, handle, event, data FROM timers WHERE due_ms <= $1 ORDER BY due_ms LIMIT $2;

-- name: DueSessions
SELECT id FROM sessions WHERE status = 'active' AND check_ms <= $1 ORDER BY check_ms LIMIT $2;
