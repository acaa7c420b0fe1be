-- What a file is; its bytes lie where the port of package blob keeps them,
-- under the name in object. It belongs to a chain. state is reserved (only an
-- upload URL was given), ready (its bytes are there) or used (a message names
-- it).

-- +goose Up
CREATE TABLE files (
    id          BLOB NOT NULL PRIMARY KEY,
    integration TEXT NOT NULL,
    chain       BLOB NOT NULL,
    client      BLOB NOT NULL,
    name        TEXT NOT NULL,
    type        TEXT NOT NULL,
    size        INTEGER NOT NULL, -- of a reserved one, what was announced; 0 is not known
    sha256      BLOB,
    object      TEXT NOT NULL,
    state       TEXT NOT NULL,
    created_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX files_client ON files (client);
CREATE INDEX files_unused ON files (state, created_ms) WHERE state <> 'used';
CREATE UNIQUE INDEX files_object ON files (object) WHERE object <> '';

-- Receipts of a chain, as sequences of the last message they hold for.
ALTER TABLE chains ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chains ADD COLUMN read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chains ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;

-- Ratings: of a message 1 or -1, of a conversation 1 to 5; 0 is none.
ALTER TABLE messages ADD COLUMN thumb INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN feedback TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN rated_ms INTEGER NOT NULL DEFAULT 0;
