-- What stands behind the desk's list. All of it follows from other tables and
-- is made again where it is missing.

-- +goose Up

-- row is the thread as JSON; the columns before it are what a list selects and
-- sorts by. latest and waiting are its sort keys, ascending. updated_ms is when it
-- was written, by the database's clock.
CREATE TABLE threads (
    id          uuid PRIMARY KEY,
    client      uuid NOT NULL,
    integration text COLLATE "C" NOT NULL,
    status      text COLLATE "C" NOT NULL,
    active      bigint NOT NULL, -- status is bot, queued or open
    owner       text COLLATE "C" NOT NULL,
    agent       text COLLATE "C" NOT NULL,
    department  text COLLATE "C" NOT NULL,
    latest      bigint NOT NULL,
    waiting     bigint NOT NULL,
    sequence    bigint NOT NULL,
    row         text NOT NULL,
    updated_ms  bigint NOT NULL
) WITH (fillfactor = 75);
CREATE INDEX threads_latest ON threads (latest, id) WHERE active = 1;
CREATE INDEX threads_waiting ON threads (waiting, id) WHERE active = 1;
CREATE INDEX threads_status_latest ON threads (status, latest, id);
CREATE INDEX threads_status_waiting ON threads (status, waiting, id);
CREATE INDEX threads_agent ON threads (agent, status, latest, id) WHERE agent <> '';
CREATE INDEX threads_client ON threads (client, latest, id);
CREATE INDEX threads_updated ON threads (updated_ms);

-- words are those of the text as the search compares them. A search for rare
-- words goes by them, one for common words backwards through time.
CREATE TABLE thread_texts (
    thread   uuid NOT NULL,
    sequence bigint NOT NULL,
    message  uuid NOT NULL,
    at_ms    bigint NOT NULL,
    author   text NOT NULL,
    text     text NOT NULL,
    words    tsvector NOT NULL,
    PRIMARY KEY (thread, sequence)
);
CREATE INDEX thread_texts_words ON thread_texts USING gin (words);
CREATE INDEX thread_texts_time ON thread_texts (at_ms DESC, thread, sequence DESC);

-- shown_words and words (the masked ones, too) are what a person is found by.
CREATE TABLE people (
    client      uuid PRIMARY KEY,
    integration text NOT NULL,
    thread      uuid NOT NULL,
    name        text NOT NULL,
    email       text NOT NULL,
    last_ms     bigint NOT NULL,
    shown_words tsvector NOT NULL,
    words       tsvector NOT NULL
);
CREATE INDEX people_thread ON people (thread);
CREATE INDEX people_shown_words ON people USING gin (shown_words);
CREATE INDEX people_words ON people USING gin (words);
CREATE INDEX people_last ON people (last_ms DESC, client);
