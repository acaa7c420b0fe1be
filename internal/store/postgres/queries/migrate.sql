-- The row of migration_lock is held while a node brings the schema up to date.

-- name: MakeMigrationLock
CREATE TABLE IF NOT EXISTS migration_lock (one bigint PRIMARY KEY);

-- name: FillMigrationLock
INSERT INTO migration_lock (one) VALUES (1) ON CONFLICT (one) DO NOTHING;

-- name: TakeMigrationLock
SELECT one FROM migration_lock WHERE one = 1 ORDER BY one FOR UPDATE;

-- name: ServerVersion
SELECT current_setting('server_version_num');
