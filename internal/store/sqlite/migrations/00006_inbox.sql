-- What stands behind the desk's list. All of it follows from other tables and
-- is made again where it is missing.

-- +goose Up

-- row is the thread as JSON; the columns before it are what a list selects and
-- sorts by. latest and waiting are its sort keys, ascending.
CREATE TABLE threads (
    id          BLOB NOT NULL PRIMARY KEY,
    client      BLOB NOT NULL,
    integration TEXT NOT NULL,
    status      TEXT NOT NULL,
    active      INTEGER NOT NULL, -- status is bot, queued or open
    owner       TEXT NOT NULL,
    agent       TEXT NOT NULL,
    department  TEXT NOT NULL,
    latest      INTEGER NOT NULL,
    waiting     INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    row         TEXT NOT NULL
) STRICT;
CREATE INDEX threads_latest ON threads (latest, id, status, sequence) WHERE active = 1; -- covers a checksum
CREATE INDEX threads_waiting ON threads (waiting, id) WHERE active = 1;
CREATE INDEX threads_status_latest ON threads (status, latest, id);
CREATE INDEX threads_status_waiting ON threads (status, waiting, id);
CREATE INDEX threads_agent ON threads (agent, status, latest, id) WHERE agent <> '';
CREATE INDEX threads_client ON threads (client, latest, id);

CREATE TABLE thread_texts (
    pk       INTEGER PRIMARY KEY,
    thread   BLOB NOT NULL,
    message  BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    author   TEXT NOT NULL,
    text     TEXT NOT NULL
) STRICT;
CREATE INDEX thread_texts_thread ON thread_texts (thread);

-- The tokenizer folds case and accents, but ё is a letter of its own to it.
CREATE VIEW thread_words AS
    SELECT pk, replace(replace(text, 'ё', 'е'), 'Ё', 'Е') AS text FROM thread_texts;

CREATE VIRTUAL TABLE thread_search USING fts5 (
    text, content = 'thread_words', content_rowid = 'pk',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- shown and masked are the words a person is found by; masked ones only by
-- roles that see them.
CREATE TABLE people (
    pk          INTEGER PRIMARY KEY,
    client      BLOB NOT NULL UNIQUE,
    integration TEXT NOT NULL,
    thread      BLOB NOT NULL,
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    last_ms     INTEGER NOT NULL,
    shown       TEXT NOT NULL,
    masked      TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE people_search USING fts5 (
    shown, masked, content = 'people', content_rowid = 'pk',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- What is deleted leaves no words behind in the index: an erased person.
INSERT INTO thread_search (thread_search, rank) VALUES ('secure-delete', 1);
INSERT INTO people_search (people_search, rank) VALUES ('secure-delete', 1);
