-- Keys are UUIDv7 given by the core. Times are milliseconds since 1970, JSON is
-- text, whose bytes stay as they are; flags are 0 and 1, an absent id is NULL. Text
-- that is a key or sorted is ordered by its bytes, as by the embedded store.
-- Tables and columns have the names of the embedded store's.

-- +goose Up
CREATE TABLE integrations (
    id         text COLLATE "C" PRIMARY KEY,
    name       text NOT NULL,
    kind       text NOT NULL,
    active     bigint NOT NULL,
    created_ms bigint NOT NULL,
    settings   text NOT NULL
);

CREATE TABLE api_keys (
    id          uuid PRIMARY KEY,
    integration text COLLATE "C" NOT NULL,
    hash        bytea NOT NULL UNIQUE,
    created_ms  bigint NOT NULL,
    revoked_ms  bigint NOT NULL
);

-- A client's row is the lock of all its rows. Pages of rows that change with every
-- message keep room for the next version.
CREATE TABLE clients (
    id           uuid PRIMARY KEY,
    integration  text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    user_id      text NOT NULL,
    data         text NOT NULL,
    inbox_number bigint NOT NULL,
    pending      bigint NOT NULL,
    failures     bigint NOT NULL,
    newest       uuid,
    pushes       bigint NOT NULL,
    holder       uuid,
    fence        bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 75);
CREATE UNIQUE INDEX clients_key ON clients (integration, key);

CREATE TABLE chains (
    id             uuid PRIMARY KEY,
    client         uuid NOT NULL,
    head           uuid NOT NULL,
    sequence       bigint NOT NULL,
    version        bigint NOT NULL,
    epoch          bigint NOT NULL,
    start_session  uuid,
    start_data     text,
    start_position text, -- NULL: no start values
    start_extra    text,
    ended_ms       bigint NOT NULL,
    swept          bigint NOT NULL DEFAULT 0, -- its events are gone
    delivered      bigint NOT NULL,
    read           bigint NOT NULL,
    seen           bigint NOT NULL
) WITH (fillfactor = 75);
CREATE INDEX chains_ended ON chains (ended_ms) WHERE ended_ms > 0 AND swept = 0;
CREATE INDEX chains_past ON chains (ended_ms) WHERE ended_ms > 0;

CREATE TABLE sessions (
    id              uuid PRIMARY KEY,
    integration     text COLLATE "C" NOT NULL,
    client          uuid NOT NULL,
    chain           uuid NOT NULL,
    predecessor     uuid,
    successor       uuid,
    status          text COLLATE "C" NOT NULL,
    reason          text NOT NULL,
    channel         text NOT NULL,
    external_id     text COLLATE "C" NOT NULL,
    channel_user_id text NOT NULL,
    is_test         bigint NOT NULL,
    opt_out         bigint NOT NULL,
    result          text NOT NULL,
    started         bigint NOT NULL,
    user_messages   bigint NOT NULL,
    created_ms      bigint NOT NULL,
    ended_ms        bigint NOT NULL,
    last_user_ms    bigint NOT NULL,
    last_agent_ms   bigint NOT NULL,
    check_ms        bigint NOT NULL,
    warned_ms       bigint NOT NULL,
    armed           bigint NOT NULL,
    bot_release     bigint NOT NULL
) WITH (fillfactor = 75);
CREATE INDEX sessions_inbox ON sessions (integration, status, id);
CREATE INDEX sessions_client ON sessions (client, id);
CREATE INDEX sessions_external ON sessions (external_id, id) WHERE external_id <> '';
CREATE INDEX sessions_check ON sessions (check_ms) WHERE status = 'active';

CREATE TABLE documents (
    session uuid PRIMARY KEY,
    doc     text NOT NULL
);

CREATE TABLE vars (
    session  uuid PRIMARY KEY,
    data     text NOT NULL,
    position text NOT NULL,
    extra    text NOT NULL
);

CREATE TABLE conversations (
    id                uuid PRIMARY KEY,
    session           uuid NOT NULL,
    owner             text NOT NULL,
    agent_id          text COLLATE "C" NOT NULL,
    agent_name        text NOT NULL,
    agent_avatar      text NOT NULL,
    opened_ms         bigint NOT NULL,
    closed_ms         bigint NOT NULL,
    integration       text COLLATE "C" NOT NULL,
    department        text COLLATE "C" NOT NULL,
    reason            text NOT NULL,
    queued_ms         bigint NOT NULL,
    waiting_ms        bigint NOT NULL,
    answered_ms       bigint NOT NULL,
    snoozed_ms        bigint NOT NULL,
    last_agent_id     text NOT NULL,
    last_agent_name   text NOT NULL,
    last_agent_avatar text NOT NULL,
    rating            bigint NOT NULL,
    feedback          text NOT NULL,
    rated_ms          bigint NOT NULL
);
CREATE INDEX conversations_session ON conversations (session);
CREATE INDEX conversations_line ON conversations (integration, department, waiting_ms, id)
    WHERE owner = 'queue' AND closed_ms = 0 AND snoozed_ms = 0;
CREATE INDEX conversations_held ON conversations (agent_id, snoozed_ms) WHERE owner = 'agent' AND closed_ms = 0;
CREATE INDEX conversations_closed ON conversations (closed_ms) WHERE closed_ms > 0;
CREATE INDEX conversations_answered ON conversations (answered_ms) WHERE answered_ms > 0;
CREATE INDEX conversations_rated ON conversations (rated_ms) WHERE rated_ms > 0;

-- The inbox of a client is what it sent (number > 0) and no turn has placed
-- (sequence = 0).
CREATE TABLE messages (
    id                uuid PRIMARY KEY,
    client            uuid NOT NULL,
    author            text NOT NULL,
    at_ms             bigint NOT NULL,
    body              text NOT NULL,
    chain             uuid,
    session           uuid,
    sequence          bigint NOT NULL,
    number            bigint NOT NULL,
    handle            uuid,
    accepted_in       uuid,
    client_message_id text COLLATE "C" NOT NULL,
    repeatable        bigint NOT NULL, -- client_message_id is still remembered
    input_hash        bytea,
    attempts          bigint NOT NULL,
    outcome           text NOT NULL,
    why               text NOT NULL,
    thumb             bigint NOT NULL,
    trace             text NOT NULL DEFAULT ''
);
CREATE INDEX messages_inbox ON messages (client, number) WHERE sequence = 0 AND number > 0;
CREATE UNIQUE INDEX messages_repeat ON messages (client, client_message_id) WHERE repeatable = 1;
CREATE INDEX messages_transcript ON messages (session, sequence) WHERE sequence > 0;
CREATE INDEX messages_failed ON messages (id) WHERE outcome = 'failed';

-- A message's text stands only in messages.
CREATE TABLE events (
    chain    uuid NOT NULL,
    sequence bigint NOT NULL,
    session  uuid NOT NULL,
    at_ms    bigint NOT NULL,
    kind     text NOT NULL,
    body     text NOT NULL,
    message  uuid,
    PRIMARY KEY (chain, sequence)
);

-- A timer of kind push is an event that a script sent to its client: its session
-- column holds its own id, handle a session of the chain it goes to.
CREATE TABLE timers (
    session      uuid NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    id           uuid NOT NULL UNIQUE,
    client       uuid NOT NULL,
    due_ms       bigint NOT NULL,
    target_state text NOT NULL,
    handle       uuid,
    event        text NOT NULL,
    data         text NOT NULL,
    PRIMARY KEY (session, kind)
);
CREATE INDEX timers_due ON timers (due_ms);
CREATE INDEX timers_push ON timers (client, due_ms) WHERE kind = 'push';

CREATE TABLE remembered (
    integration text COLLATE "C" NOT NULL,
    route       text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    hash        bytea,
    answer      bytea,
    expires_ms  bigint NOT NULL,
    PRIMARY KEY (integration, route, key)
);
CREATE INDEX remembered_expires ON remembered (expires_ms);

-- head marks the row with the lowest sequence of its chain: the only one that
-- may be claimed, so a long backlog behind a failing one costs nothing. A
-- claimed row is due again when its lease ends.
CREATE TABLE outbox (
    id          uuid PRIMARY KEY,
    integration text COLLATE "C" NOT NULL,
    chain       uuid NOT NULL,
    session     uuid NOT NULL,
    sequence    bigint NOT NULL,
    kind        text NOT NULL,
    body        text NOT NULL,
    created_ms  bigint NOT NULL,
    due_ms      bigint NOT NULL,
    attempts    bigint NOT NULL,
    token       uuid,
    lease_ms    bigint NOT NULL,
    last_error  text NOT NULL,
    head        bigint NOT NULL,
    trace       text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX outbox_order ON outbox (integration, chain, sequence);
CREATE INDEX outbox_due ON outbox (due_ms) WHERE head = 1;

CREATE TABLE outbox_dead (
    id          uuid PRIMARY KEY,
    integration text COLLATE "C" NOT NULL,
    chain       uuid NOT NULL,
    session     uuid NOT NULL,
    sequence    bigint NOT NULL,
    kind        text NOT NULL,
    body        text NOT NULL,
    created_ms  bigint NOT NULL,
    due_ms      bigint NOT NULL,
    attempts    bigint NOT NULL,
    token       uuid,
    lease_ms    bigint NOT NULL,
    last_error  text NOT NULL,
    died_ms     bigint NOT NULL
);
CREATE INDEX outbox_dead_integration ON outbox_dead (integration, id);
CREATE INDEX outbox_dead_chain ON outbox_dead (chain);

-- How far a sweep has come, and what is known of the database as a whole.
CREATE TABLE marks (
    name  text COLLATE "C" PRIMARY KEY,
    value bytea
);

-- Proofs of erasure. Nothing in them leads to a person.
CREATE TABLE erasures (
    id          uuid PRIMARY KEY,
    integration text COLLATE "C" NOT NULL,
    at_ms       bigint NOT NULL,
    by_whom     text NOT NULL,
    counts      text NOT NULL, -- JSON: deleted rows by table
    backups_ms  bigint NOT NULL
);
CREATE INDEX erasures_integration ON erasures (integration, id);

-- A row of each transaction of the last hour: who lost the connection between
-- COMMIT and its answer learns here what became of it. Who asks inserts the row
-- itself where it is not, with void = 1; then the transaction cannot come after all.
CREATE TABLE commits (
    id    uuid PRIMARY KEY,
    at_ms bigint NOT NULL,
    void  bigint NOT NULL
);
CREATE INDEX commits_at ON commits (at_ms);
