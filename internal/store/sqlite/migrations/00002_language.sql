-- A timer of kind push is an event that a script sent to its client: its session
-- column holds its own id, handle a session of the chain it goes to.

-- +goose Up
ALTER TABLE timers ADD COLUMN handle BLOB;
ALTER TABLE timers ADD COLUMN event TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN data TEXT NOT NULL DEFAULT '';

-- bot_release is the release of the bot whose turns a session runs, 0 for a bot
-- without releases.
ALTER TABLE sessions ADD COLUMN bot_release INTEGER NOT NULL DEFAULT 0;

-- newest is the session that was created last for a client, and with it the
-- chain of its successors.
ALTER TABLE clients ADD COLUMN newest BLOB;

-- pushes counts the timers of kind push of a client.
ALTER TABLE clients ADD COLUMN pushes INTEGER NOT NULL DEFAULT 0;
