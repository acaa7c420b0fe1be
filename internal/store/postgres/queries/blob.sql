-- Files and their bytes.

-- name: LockFilesOfClient
-- Of several nodes one at a time counts and adds the files of a client.
SELECT id FROM clients WHERE id = $1 ORDER BY id FOR UPDATE;

-- name: AddFile
INSERT INTO files (id, integration, chain, client, name, type, size, sha256, object, state, created_ms)
SELECT $1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, $6::text, $7::bigint, $8::bytea, $9::text, $10::text, $11::bigint
WHERE (SELECT count(*) FROM files WHERE client = $4 AND state <> 'used') < $12::bigint
ON CONFLICT (id) DO NOTHING;

-- name: GetFile
SELECT id, integration, chain, client, name, type, size, sha256, object, state, created_ms FROM files WHERE id = $1;

-- name: FinishFile
UPDATE files SET size = $2, sha256 = $3, object = $4, state = 'ready' WHERE id = $1 AND state = 'reserved';

-- name: UseFiles
UPDATE files SET state = 'used'
WHERE id IN (SELECT id FROM files WHERE id = ANY ($1::uuid[]) AND state = 'ready' ORDER BY id FOR UPDATE);

-- name: DropFiles
DELETE FROM files WHERE id IN (
    SELECT id FROM files WHERE state = $1 AND state <> 'used' AND created_ms < $2 ORDER BY created_ms, id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING object;

-- name: ListFilesOfClient
SELECT id, integration, chain, client, name, type, size, sha256, object, state, created_ms FROM files WHERE client = $1 ORDER BY id;

-- name: OwnedObjects
SELECT object FROM files WHERE object = ANY ($1::text[]) AND object <> '';

-- name: PutPart
INSERT INTO objects (name, part, at_ms, bytes) VALUES ($1, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, $3);

-- name: NameObject
UPDATE objects SET name = $2 WHERE name = $1;

-- name: GetPart
SELECT bytes FROM objects WHERE name = $1 AND part = $2;

-- name: DeleteObject
DELETE FROM objects WHERE name = $1;

-- name: ListObjectsOlder
-- Every object has a part 1, a half-written one too.
SELECT name FROM objects WHERE part = 1 AND at_ms < $1 AND name > $2 ORDER BY name LIMIT $3;
