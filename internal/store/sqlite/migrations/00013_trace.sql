-- The traceparent of what a message or a webhook is part of; empty where nobody
-- asks for traces. Dead letters keep none: they are sent again by hand.

-- +goose Up
ALTER TABLE messages ADD COLUMN trace TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN trace TEXT NOT NULL DEFAULT '';
