-- name: Begin
BEGIN ISOLATION LEVEL READ COMMITTED;

-- name: BeginSnapshot
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: Commit
COMMIT;

-- name: Rollback
ROLLBACK;

-- name: StayIdle
SET LOCAL idle_in_transaction_session_timeout = 0;

-- name: WaitForLocks
SET LOCAL lock_timeout = 0;

-- name: WaitForStatements
SET LOCAL statement_timeout = 0;

-- Its age is by this database's clock: a sweep at a node whose own clock is wrong
-- must not forget what another node still asks for.
-- name: NoteCommit
INSERT INTO commits (id, at_ms, void) VALUES ($1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0);

-- name: VoidCommit
INSERT INTO commits (id, at_ms, void) VALUES ($1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 1) ON CONFLICT (id) DO NOTHING;

-- name: CommitVoid
SELECT void FROM commits WHERE id = $1;

-- name: Ping
SELECT 1::bigint;
