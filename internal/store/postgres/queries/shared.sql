-- Marks are small facts of the database as a whole; their rows are locks, too.

-- name: ReadMark
SELECT value FROM marks WHERE name = $1;

-- name: MakeMark
INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING;

-- name: SwapMark
UPDATE marks SET value = $3 WHERE name = $1 AND value = $2;

-- name: LockMark
SELECT name FROM marks WHERE name = $1 ORDER BY name FOR UPDATE;

-- name: ListShelves
SELECT source, state FROM shelves;

-- name: SaveShelf
INSERT INTO shelves (source, state) VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET state = excluded.state;

-- name: ListReleases
SELECT number FROM releases WHERE source = $1;

-- name: GetRelease
SELECT archive FROM releases WHERE source = $1 AND number = $2;

-- name: AddRelease
INSERT INTO releases (source, number, archive) VALUES ($1, $2, $3) ON CONFLICT (source, number) DO NOTHING;

-- name: DropRelease
DELETE FROM releases WHERE source = $1 AND number = $2;
