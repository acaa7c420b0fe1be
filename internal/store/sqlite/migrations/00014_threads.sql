-- When a row of the list was written, and a text of each sequence once.

-- +goose Up
ALTER TABLE threads ADD COLUMN updated_ms INTEGER NOT NULL DEFAULT 0;
DROP INDEX thread_texts_thread;
CREATE INDEX thread_texts_thread ON thread_texts (thread, sequence);
