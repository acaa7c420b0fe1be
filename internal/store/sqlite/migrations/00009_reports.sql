-- What the reports count: each moment comes once in a conversation's life.

-- +goose Up
CREATE INDEX conversations_closed ON conversations (closed_ms) WHERE closed_ms > 0;
CREATE INDEX conversations_answered ON conversations (answered_ms) WHERE answered_ms > 0;
CREATE INDEX conversations_rated ON conversations (rated_ms) WHERE rated_ms > 0;
