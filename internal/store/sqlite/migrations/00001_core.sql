-- Keys are UUIDv7 given by the core, so they grow and need no surrogate. Rows
-- that stay small stand in their key's tree (WITHOUT ROWID); rows that carry a
-- document do not, because a tree of keys spills long rows. Times are
-- milliseconds since 1970, JSON is text, an absent id is NULL.

-- +goose Up
CREATE TABLE integrations (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    active     INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    settings   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    id          BLOB PRIMARY KEY,
    integration TEXT NOT NULL,
    hash        BLOB NOT NULL UNIQUE,
    created_ms  INTEGER NOT NULL,
    revoked_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE clients (
    id           BLOB NOT NULL PRIMARY KEY,
    integration  TEXT NOT NULL,
    key          TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    data         TEXT NOT NULL,
    inbox_number INTEGER NOT NULL,
    pending      INTEGER NOT NULL,
    failures     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX clients_key ON clients (integration, key);

CREATE TABLE chains (
    id             BLOB PRIMARY KEY,
    client         BLOB NOT NULL,
    head           BLOB NOT NULL,
    sequence       INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    epoch          INTEGER NOT NULL,
    start_session  BLOB,
    start_data     TEXT,
    start_position TEXT, -- NULL: no start values
    start_extra    TEXT,
    ended_ms       INTEGER NOT NULL,
    swept          INTEGER NOT NULL DEFAULT 0 -- its events are gone
) STRICT, WITHOUT ROWID;
CREATE INDEX chains_ended ON chains (ended_ms) WHERE ended_ms > 0 AND swept = 0;

CREATE TABLE sessions (
    id              BLOB PRIMARY KEY,
    integration     TEXT NOT NULL,
    client          BLOB NOT NULL,
    chain           BLOB NOT NULL,
    predecessor     BLOB,
    successor       BLOB,
    status          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    channel         TEXT NOT NULL,
    external_id     TEXT NOT NULL,
    channel_user_id TEXT NOT NULL,
    is_test         INTEGER NOT NULL,
    opt_out         INTEGER NOT NULL,
    result          TEXT NOT NULL,
    started         INTEGER NOT NULL,
    user_messages   INTEGER NOT NULL,
    created_ms      INTEGER NOT NULL,
    ended_ms        INTEGER NOT NULL,
    last_user_ms    INTEGER NOT NULL,
    last_agent_ms   INTEGER NOT NULL,
    check_ms        INTEGER NOT NULL,
    warned_ms       INTEGER NOT NULL,
    armed           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_inbox ON sessions (integration, status, id);
CREATE INDEX sessions_client ON sessions (client, id);
CREATE INDEX sessions_external ON sessions (external_id, id) WHERE external_id <> '';
CREATE INDEX sessions_check ON sessions (check_ms) WHERE status = 'active';

CREATE TABLE documents (
    session BLOB NOT NULL PRIMARY KEY,
    doc     TEXT NOT NULL
) STRICT;

CREATE TABLE vars (
    session  BLOB NOT NULL PRIMARY KEY,
    data     TEXT NOT NULL,
    position TEXT NOT NULL,
    extra    TEXT NOT NULL
) STRICT;

CREATE TABLE conversations (
    id           BLOB PRIMARY KEY,
    session      BLOB NOT NULL,
    owner        TEXT NOT NULL,
    agent_id     TEXT NOT NULL,
    agent_name   TEXT NOT NULL,
    agent_avatar TEXT NOT NULL,
    opened_ms    INTEGER NOT NULL,
    closed_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_session ON conversations (session);

-- The inbox of a client is what it sent (number > 0) and no turn has placed
-- (sequence = 0).
CREATE TABLE messages (
    id                BLOB NOT NULL PRIMARY KEY,
    client            BLOB NOT NULL,
    author            TEXT NOT NULL,
    at_ms             INTEGER NOT NULL,
    body              TEXT NOT NULL,
    chain             BLOB,
    session           BLOB,
    sequence          INTEGER NOT NULL,
    number            INTEGER NOT NULL,
    handle            BLOB,
    accepted_in       BLOB,
    client_message_id TEXT NOT NULL,
    repeatable        INTEGER NOT NULL, -- client_message_id is still remembered
    input_hash        BLOB,
    attempts          INTEGER NOT NULL,
    outcome           TEXT NOT NULL,
    why               TEXT NOT NULL
) STRICT;
CREATE INDEX messages_inbox ON messages (client, number) WHERE sequence = 0 AND number > 0;
CREATE UNIQUE INDEX messages_repeat ON messages (client, client_message_id) WHERE repeatable = 1;
CREATE INDEX messages_transcript ON messages (session, sequence) WHERE sequence > 0;
CREATE INDEX messages_failed ON messages (id) WHERE outcome = 'failed';

-- A message's text stands only in messages.
CREATE TABLE events (
    chain    BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    session  BLOB NOT NULL,
    at_ms    INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    body     TEXT NOT NULL,
    message  BLOB,
    PRIMARY KEY (chain, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
    session      BLOB NOT NULL,
    kind         TEXT NOT NULL,
    id           BLOB NOT NULL UNIQUE,
    client       BLOB NOT NULL,
    due_ms       INTEGER NOT NULL,
    target_state TEXT NOT NULL,
    PRIMARY KEY (session, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due_ms);

CREATE TABLE remembered (
    integration TEXT NOT NULL,
    route       TEXT NOT NULL,
    key         TEXT NOT NULL,
    hash        BLOB,
    answer      BLOB,
    expires_ms  INTEGER NOT NULL,
    PRIMARY KEY (integration, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX remembered_expires ON remembered (expires_ms);

-- head marks the row with the lowest sequence of its chain: the only one that
-- may be claimed, so a long backlog behind a failing one costs nothing. A
-- claimed row is due again when its lease ends.
CREATE TABLE outbox (
    id          BLOB NOT NULL PRIMARY KEY,
    integration TEXT NOT NULL,
    chain       BLOB NOT NULL,
    session     BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    due_ms      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    token       BLOB,
    lease_ms    INTEGER NOT NULL,
    last_error  TEXT NOT NULL,
    head        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_order ON outbox (integration, chain, sequence);
CREATE INDEX outbox_due ON outbox (due_ms) WHERE head = 1;

CREATE TABLE outbox_dead (
    id          BLOB NOT NULL PRIMARY KEY,
    integration TEXT NOT NULL,
    chain       BLOB NOT NULL,
    session     BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    due_ms      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    token       BLOB,
    lease_ms    INTEGER NOT NULL,
    last_error  TEXT NOT NULL,
    died_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_dead_integration ON outbox_dead (integration, id);

-- How far a sweep has come, and the row that a probe of the disk writes.
CREATE TABLE marks (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB
) STRICT;
