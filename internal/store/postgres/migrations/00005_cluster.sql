-- Who is there, who has the duty, and what changed of what nodes hold in memory. All
-- times are this database's clock's.

-- +goose Up
CREATE TABLE nodes (
    id         uuid PRIMARY KEY, -- new at every start of a process
    name       text NOT NULL,
    address    text NOT NULL,
    started_ms bigint NOT NULL,
    until_ms   bigint NOT NULL -- it is there until then
) WITH (fillfactor = 50);

CREATE TABLE duties (
    name     text COLLATE "C" PRIMARY KEY,
    holder   uuid NOT NULL,
    until_ms bigint NOT NULL
) WITH (fillfactor = 50);

-- Raised by every change of what the name stands for.
CREATE TABLE IF NOT EXISTS revisions (
    name text COLLATE "C" PRIMARY KEY,
    n    bigint NOT NULL
);

-- Connections of agents; they are there as long as their node is.
CREATE TABLE presence (
    node        uuid NOT NULL,
    agent       text COLLATE "C" NOT NULL,
    connections bigint NOT NULL,
    PRIMARY KEY (node, agent)
);
