-- What a file is; its bytes lie in objects, under the name in object. It belongs
-- to a chain. state is reserved (only an upload URL was given), ready (its bytes
-- are there) or used (a message names it).

-- +goose Up
CREATE TABLE files (
    id          uuid PRIMARY KEY,
    integration text NOT NULL,
    chain       uuid NOT NULL,
    client      uuid NOT NULL,
    name        text NOT NULL,
    type        text NOT NULL,
    size        bigint NOT NULL, -- of a reserved one, what was announced; 0 is not known
    sha256      bytea,
    object      text COLLATE "C" NOT NULL,
    state       text COLLATE "C" NOT NULL,
    created_ms  bigint NOT NULL
);
CREATE INDEX files_client ON files (client);
CREATE INDEX files_chain ON files (chain);
CREATE INDEX files_unused ON files (state, created_ms) WHERE state <> 'used';
CREATE UNIQUE INDEX files_object ON files (object) WHERE object <> '';

-- Bytes of files, in parts from 1 on; part 0 holds their number in eight bytes.
-- While they arrive they have a name of their own and no part 0.
CREATE TABLE objects (
    name  text COLLATE "C" NOT NULL,
    part  bigint NOT NULL,
    at_ms bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (name, part)
);
-- Files are seldom worth compressing, and a part is read as a whole.
ALTER TABLE objects ALTER COLUMN bytes SET STORAGE EXTERNAL;
