-- People of the desk. A write also bumps the revision by which other nodes learn
-- of it; canned replies and views are read when they are asked for.

-- name: ListAgents
SELECT id, email, name, avatar, role, capacity, departments, presence, auto_away, active, created_ms, locale, preferences
FROM agents ORDER BY created_ms, id;

-- name: SaveAgent
INSERT INTO agents (id, email, name, avatar, role, capacity, departments, presence, auto_away, active, created_ms, locale, preferences)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, avatar = excluded.avatar, role = excluded.role,
    capacity = excluded.capacity, departments = excluded.departments, presence = excluded.presence,
    auto_away = excluded.auto_away, active = excluded.active, created_ms = excluded.created_ms, locale = excluded.locale,
    preferences = excluded.preferences;

-- name: ListDepartments
SELECT id, name, strategy, sticky, hours, integrations, standard, created_ms, requeue_after
FROM departments ORDER BY created_ms, id;

-- name: SaveDepartment
INSERT INTO departments (id, name, strategy, sticky, hours, integrations, standard, created_ms, requeue_after)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, strategy = excluded.strategy, sticky = excluded.sticky,
    hours = excluded.hours, integrations = excluded.integrations, standard = excluded.standard,
    created_ms = excluded.created_ms, requeue_after = excluded.requeue_after;

-- name: DeleteDepartment
DELETE FROM departments WHERE id = $1;

-- name: ListCannedReplies
SELECT id, shortcut, text, department, owner FROM canned_replies ORDER BY shortcut, id;

-- name: SaveCannedReply
INSERT INTO canned_replies (id, shortcut, text, department, owner) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET shortcut = excluded.shortcut, text = excluded.text, department = excluded.department, owner = excluded.owner;

-- name: DeleteCannedReply
DELETE FROM canned_replies WHERE id = $1;

-- name: ListViews
SELECT id, name, filter, owner FROM views ORDER BY name, id;

-- name: SaveView
INSERT INTO views (id, name, filter, owner) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, filter = excluded.filter, owner = excluded.owner;

-- name: DeleteView
DELETE FROM views WHERE id = $1;

-- name: BumpRevision
-- Every writer of something that nodes keep in memory runs it last.
INSERT INTO revisions (name, n) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET n = revisions.n + 1;
