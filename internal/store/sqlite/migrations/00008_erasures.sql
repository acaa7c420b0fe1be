-- Proofs of erasure. Nothing in them leads to a person.

-- +goose Up
CREATE TABLE erasures (
    id          BLOB PRIMARY KEY,
    integration TEXT NOT NULL,
    at_ms       INTEGER NOT NULL,
    by_whom     TEXT NOT NULL,
    counts      TEXT NOT NULL, -- JSON: deleted rows by table
    backups_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_integration ON erasures (integration, id);
CREATE INDEX chains_past ON chains (ended_ms) WHERE ended_ms > 0;
