-- Back to the queue from agents who are away.

-- +goose Up
ALTER TABLE departments ADD COLUMN requeue_after INTEGER NOT NULL DEFAULT 300; -- seconds, 0 = never
