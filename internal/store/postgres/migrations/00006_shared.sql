-- What the nodes of a cluster have in common beside the facts: the releases of
-- bots, as archives of their folders.

-- +goose Up
CREATE TABLE shelves (
    source text COLLATE "C" PRIMARY KEY, -- the bot directory
    state  text NOT NULL                 -- JSON
);

CREATE TABLE releases (
    source  text COLLATE "C" NOT NULL,
    number  bigint NOT NULL,
    archive bytea NOT NULL,
    PRIMARY KEY (source, number)
);
