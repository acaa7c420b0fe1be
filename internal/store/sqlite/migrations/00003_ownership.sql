-- People: who has a conversation, for whom it waits, and since when. Times are
-- milliseconds since 1970; snoozed_ms -1 sleeps until its user writes.

-- +goose Up
ALTER TABLE conversations ADD COLUMN integration TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN queued_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN waiting_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN answered_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN snoozed_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN last_agent_id TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN last_agent_name TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN last_agent_avatar TEXT NOT NULL DEFAULT '';

UPDATE conversations SET
    integration = coalesce((SELECT s.integration FROM sessions s WHERE s.id = conversations.session), ''),
    waiting_ms = CASE WHEN owner = 'queue' AND closed_ms = 0 THEN opened_ms ELSE 0 END,
    queued_ms = CASE WHEN owner = 'queue' THEN opened_ms ELSE 0 END,
    last_agent_id = agent_id, last_agent_name = agent_name, last_agent_avatar = agent_avatar;

-- The lines in which conversations wait, and what agents have.
CREATE INDEX conversations_line ON conversations (integration, department, waiting_ms, id)
    WHERE owner = 'queue' AND closed_ms = 0 AND snoozed_ms = 0;
CREATE INDEX conversations_held ON conversations (agent_id, snoozed_ms) WHERE owner = 'agent' AND closed_ms = 0;
