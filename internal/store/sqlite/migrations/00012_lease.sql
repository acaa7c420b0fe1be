-- Who may run a client's lane. On one node nobody holds anything; the columns come
-- along when the data moves to many nodes and back.

-- +goose Up
ALTER TABLE clients ADD COLUMN holder BLOB;
ALTER TABLE clients ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
