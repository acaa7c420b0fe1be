-- The queries of copies, one of each kind for a table. Written by
-- go test ./internal/store/postgres -run TestMoving_Queries -update

-- name: MovingColumns
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position;

-- name: MovingKeys
SELECT k.table_name, k.column_name FROM information_schema.table_constraints c
JOIN information_schema.key_column_usage k ON k.constraint_name = c.constraint_name AND k.table_schema = c.table_schema AND k.table_name = c.table_name
WHERE c.table_schema = current_schema() AND c.constraint_type = 'PRIMARY KEY' ORDER BY k.table_name, k.ordinal_position;

-- name: Moving agents page
SELECT id, email, name, avatar, role, capacity, departments, presence, auto_away, active, created_ms, locale, preferences FROM agents WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving agents last
SELECT id FROM agents ORDER BY id DESC LIMIT 1;

-- name: Moving agents copy
COPY agents (id, email, name, avatar, role, capacity, departments, presence, auto_away, active, created_ms, locale, preferences) FROM STDIN (FORMAT binary);

-- name: Moving api_keys page
SELECT id, integration, hash, created_ms, revoked_ms FROM api_keys WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving api_keys last
SELECT id FROM api_keys ORDER BY id DESC LIMIT 1;

-- name: Moving api_keys copy
COPY api_keys (id, integration, hash, created_ms, revoked_ms) FROM STDIN (FORMAT binary);

-- name: Moving audit page
SELECT id, at_ms, agent, action, subject, detail, address FROM audit WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving audit last
SELECT id FROM audit ORDER BY id DESC LIMIT 1;

-- name: Moving audit copy
COPY audit (id, at_ms, agent, action, subject, detail, address) FROM STDIN (FORMAT binary);

-- name: Moving canned_replies page
SELECT id, shortcut, text, department, owner FROM canned_replies WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving canned_replies last
SELECT id FROM canned_replies ORDER BY id DESC LIMIT 1;

-- name: Moving canned_replies copy
COPY canned_replies (id, shortcut, text, department, owner) FROM STDIN (FORMAT binary);

-- name: Moving chains page
SELECT id, client, head, sequence, version, epoch, start_session, start_data, start_position, start_extra, ended_ms, swept, delivered, read, seen FROM chains WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving chains last
SELECT id FROM chains ORDER BY id DESC LIMIT 1;

-- name: Moving chains copy
COPY chains (id, client, head, sequence, version, epoch, start_session, start_data, start_position, start_extra, ended_ms, swept, delivered, read, seen) FROM STDIN (FORMAT binary);

-- name: Moving clients page
SELECT id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence FROM clients WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving clients last
SELECT id FROM clients ORDER BY id DESC LIMIT 1;

-- name: Moving clients copy
COPY clients (id, integration, key, user_id, data, inbox_number, pending, failures, newest, pushes, holder, fence) FROM STDIN (FORMAT binary);

-- name: Moving conversations page
SELECT id, session, owner, agent_id, agent_name, agent_avatar, opened_ms, closed_ms, integration, department, reason, queued_ms, waiting_ms, answered_ms, snoozed_ms, last_agent_id, last_agent_name, last_agent_avatar, rating, feedback, rated_ms FROM conversations WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving conversations last
SELECT id FROM conversations ORDER BY id DESC LIMIT 1;

-- name: Moving conversations copy
COPY conversations (id, session, owner, agent_id, agent_name, agent_avatar, opened_ms, closed_ms, integration, department, reason, queued_ms, waiting_ms, answered_ms, snoozed_ms, last_agent_id, last_agent_name, last_agent_avatar, rating, feedback, rated_ms) FROM STDIN (FORMAT binary);

-- name: Moving credentials page
SELECT agent, password, issuer, subject, factor, factor_pending, factor_used FROM credentials WHERE (agent) > ($1) ORDER BY agent LIMIT $2;

-- name: Moving credentials last
SELECT agent FROM credentials ORDER BY agent DESC LIMIT 1;

-- name: Moving credentials copy
COPY credentials (agent, password, issuer, subject, factor, factor_pending, factor_used) FROM STDIN (FORMAT binary);

-- name: Moving departments page
SELECT id, name, strategy, sticky, hours, integrations, standard, created_ms, requeue_after FROM departments WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving departments last
SELECT id FROM departments ORDER BY id DESC LIMIT 1;

-- name: Moving departments copy
COPY departments (id, name, strategy, sticky, hours, integrations, standard, created_ms, requeue_after) FROM STDIN (FORMAT binary);

-- name: Moving documents page
SELECT session, doc FROM documents WHERE (session) > ($1) ORDER BY session LIMIT $2;

-- name: Moving documents last
SELECT session FROM documents ORDER BY session DESC LIMIT 1;

-- name: Moving documents copy
COPY documents (session, doc) FROM STDIN (FORMAT binary);

-- name: Moving erasures page
SELECT id, integration, at_ms, by_whom, counts, backups_ms FROM erasures WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving erasures last
SELECT id FROM erasures ORDER BY id DESC LIMIT 1;

-- name: Moving erasures copy
COPY erasures (id, integration, at_ms, by_whom, counts, backups_ms) FROM STDIN (FORMAT binary);

-- name: Moving events page
SELECT chain, sequence, session, at_ms, kind, body, message FROM events WHERE (chain, sequence) > ($1, $2) ORDER BY chain, sequence LIMIT $3;

-- name: Moving events last
SELECT chain, sequence FROM events ORDER BY chain DESC, sequence DESC LIMIT 1;

-- name: Moving events copy
COPY events (chain, sequence, session, at_ms, kind, body, message) FROM STDIN (FORMAT binary);

-- name: Moving files page
SELECT id, integration, chain, client, name, type, size, sha256, object, state, created_ms FROM files WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving files last
SELECT id FROM files ORDER BY id DESC LIMIT 1;

-- name: Moving files copy
COPY files (id, integration, chain, client, name, type, size, sha256, object, state, created_ms) FROM STDIN (FORMAT binary);

-- name: Moving integrations page
SELECT id, name, kind, active, created_ms, settings FROM integrations WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving integrations last
SELECT id FROM integrations ORDER BY id DESC LIMIT 1;

-- name: Moving integrations copy
COPY integrations (id, name, kind, active, created_ms, settings) FROM STDIN (FORMAT binary);

-- name: Moving invitations page
SELECT hash, agent, created_ms, expires_ms FROM invitations WHERE (hash) > ($1) ORDER BY hash LIMIT $2;

-- name: Moving invitations last
SELECT hash FROM invitations ORDER BY hash DESC LIMIT 1;

-- name: Moving invitations copy
COPY invitations (hash, agent, created_ms, expires_ms) FROM STDIN (FORMAT binary);

-- name: Moving logins page
SELECT hash, agent, created_ms, seen_ms, address, browser FROM logins WHERE (hash) > ($1) ORDER BY hash LIMIT $2;

-- name: Moving logins last
SELECT hash FROM logins ORDER BY hash DESC LIMIT 1;

-- name: Moving logins copy
COPY logins (hash, agent, created_ms, seen_ms, address, browser) FROM STDIN (FORMAT binary);

-- name: Moving messages page
SELECT id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, repeatable, input_hash, attempts, outcome, why, thumb, trace FROM messages WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving messages last
SELECT id FROM messages ORDER BY id DESC LIMIT 1;

-- name: Moving messages copy
COPY messages (id, client, author, at_ms, body, chain, session, sequence, number, handle, accepted_in, client_message_id, repeatable, input_hash, attempts, outcome, why, thumb, trace) FROM STDIN (FORMAT binary);

-- name: Moving outbox page
SELECT id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, head, trace FROM outbox WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving outbox last
SELECT id FROM outbox ORDER BY id DESC LIMIT 1;

-- name: Moving outbox copy
COPY outbox (id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, head, trace) FROM STDIN (FORMAT binary);

-- name: Moving outbox_dead page
SELECT id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, died_ms FROM outbox_dead WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving outbox_dead last
SELECT id FROM outbox_dead ORDER BY id DESC LIMIT 1;

-- name: Moving outbox_dead copy
COPY outbox_dead (id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, died_ms) FROM STDIN (FORMAT binary);

-- name: Moving recovery_codes page
SELECT agent, hash FROM recovery_codes WHERE (agent, hash) > ($1, $2) ORDER BY agent, hash LIMIT $3;

-- name: Moving recovery_codes last
SELECT agent, hash FROM recovery_codes ORDER BY agent DESC, hash DESC LIMIT 1;

-- name: Moving recovery_codes copy
COPY recovery_codes (agent, hash) FROM STDIN (FORMAT binary);

-- name: Moving remembered page
SELECT integration, route, key, hash, answer, expires_ms FROM remembered WHERE (integration, route, key) > ($1, $2, $3) ORDER BY integration, route, key LIMIT $4;

-- name: Moving remembered last
SELECT integration, route, key FROM remembered ORDER BY integration DESC, route DESC, key DESC LIMIT 1;

-- name: Moving remembered copy
COPY remembered (integration, route, key, hash, answer, expires_ms) FROM STDIN (FORMAT binary);

-- name: Moving sessions page
SELECT id, integration, client, chain, predecessor, successor, status, reason, channel, external_id, channel_user_id, is_test, opt_out, result, started, user_messages, created_ms, ended_ms, last_user_ms, last_agent_ms, check_ms, warned_ms, armed, bot_release FROM sessions WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving sessions last
SELECT id FROM sessions ORDER BY id DESC LIMIT 1;

-- name: Moving sessions copy
COPY sessions (id, integration, client, chain, predecessor, successor, status, reason, channel, external_id, channel_user_id, is_test, opt_out, result, started, user_messages, created_ms, ended_ms, last_user_ms, last_agent_ms, check_ms, warned_ms, armed, bot_release) FROM STDIN (FORMAT binary);

-- name: Moving timers page
SELECT session, kind, id, client, due_ms, target_state, handle, event, data FROM timers WHERE (session, kind) > ($1, $2) ORDER BY session, kind LIMIT $3;

-- name: Moving timers last
SELECT session, kind FROM timers ORDER BY session DESC, kind DESC LIMIT 1;

-- name: Moving timers copy
COPY timers (session, kind, id, client, due_ms, target_state, handle, event, data) FROM STDIN (FORMAT binary);

-- name: Moving vars page
SELECT session, data, position, extra FROM vars WHERE (session) > ($1) ORDER BY session LIMIT $2;

-- name: Moving vars last
SELECT session FROM vars ORDER BY session DESC LIMIT 1;

-- name: Moving vars copy
COPY vars (session, data, position, extra) FROM STDIN (FORMAT binary);

-- name: Moving views page
SELECT id, name, filter, owner FROM views WHERE (id) > ($1) ORDER BY id LIMIT $2;

-- name: Moving views last
SELECT id FROM views ORDER BY id DESC LIMIT 1;

-- name: Moving views copy
COPY views (id, name, filter, owner) FROM STDIN (FORMAT binary);
