-- A message waits for the events of its client that were due before it came.

-- +goose Up
CREATE INDEX timers_push ON timers (client, due_ms) WHERE kind = 'push';
