-- The desk's list and search.

-- name: GetThreads
SELECT row FROM threads WHERE id = ANY ($1::uuid[]);

-- name: ListStaleThreads
SELECT c.id, coalesce(t.sequence, 0) < c.sequence
    AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = c.head AND s.integration = ANY ($1::text[]))
FROM chains c LEFT JOIN threads t ON t.id = c.id WHERE c.id > $2 ORDER BY c.id LIMIT $3;

-- name: ListOrphanThreads
SELECT t.id FROM threads t WHERE NOT EXISTS (SELECT 1 FROM chains c WHERE c.id = t.id)
    AND ($1::uuid[] IS NULL OR t.id = ANY ($1)) LIMIT $2;

-- name: ListChangedThreads
SELECT id, sequence, status FROM threads WHERE updated_ms >= $1 ORDER BY updated_ms, id;

-- name: PutThreads
-- Several nodes write: a row never gives way to an older one. Rows come in the
-- order of their ids, so that no two writers wait for each other.
INSERT INTO threads (id, client, integration, status, active, owner, agent, department, latest, waiting, sequence, row, updated_ms)
SELECT v.*, (extract(epoch FROM clock_timestamp()) * 1000)::bigint
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[],
    $11::bigint[], $12::text[]) AS v
ON CONFLICT (id) DO UPDATE SET status = excluded.status, active = excluded.active, owner = excluded.owner, agent = excluded.agent,
    department = excluded.department, latest = excluded.latest, waiting = excluded.waiting, sequence = excluded.sequence,
    row = excluded.row, updated_ms = excluded.updated_ms
WHERE threads.sequence <= excluded.sequence;

-- name: PutTexts
-- $7 has the words of a text with a blank between them.
INSERT INTO thread_texts (thread, sequence, message, at_ms, author, text, words)
SELECT v.thread, v.sequence, v.message, v.at_ms, v.author, v.text, array_to_tsvector(string_to_array(v.words, ' '))
FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[])
    AS v (thread, sequence, message, at_ms, author, text, words)
ON CONFLICT (thread, sequence) DO NOTHING;

-- name: PutPeople
INSERT INTO people (client, integration, thread, name, email, last_ms, shown_words, words)
SELECT v.client, v.integration, v.thread, v.name, v.email, v.last_ms,
    array_to_tsvector(string_to_array(v.shown, ' ')), array_to_tsvector(string_to_array(v.words, ' '))
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[])
    AS v (client, integration, thread, name, email, last_ms, shown, words)
ON CONFLICT (client) DO UPDATE SET thread = excluded.thread, name = excluded.name, email = excluded.email,
    last_ms = excluded.last_ms, shown_words = excluded.shown_words, words = excluded.words
WHERE people.last_ms <= excluded.last_ms;

-- name: ListThreads
-- Terms whose value is empty select all. The statement is planned with its values
-- (see Index.list), so that only the terms that are set are left of it.
SELECT row FROM threads
WHERE ($1::text = '' OR agent = $1) AND ($2::text = '' OR agent = $2) AND ($3::text = '' OR status = $3)
    AND ($4::bigint = 0 OR active = 1) AND ($5::text = '' OR owner = $5) AND ($6::text = '' OR department = $6)
    AND ($7::text = '' OR integration = $7) AND ($8::uuid IS NULL OR client = $8)
    AND ($9::text IS NULL OR id = ANY (ARRAY(
        (SELECT w.thread FROM thread_texts w WHERE w.words @@ $9::text::tsquery ORDER BY w.at_ms DESC LIMIT $11::bigint)
        UNION (SELECT t.id FROM (SELECT client FROM people
            WHERE CASE WHEN $10::bigint = 1 THEN shown_words ELSE words END @@ $9::text::tsquery ORDER BY last_ms DESC LIMIT $11::bigint) p
            JOIN threads t ON t.client = p.client))))
    AND ($12::uuid IS NULL OR (CASE WHEN $14::bigint = 1 THEN waiting ELSE latest END, id) > ($13::bigint, $12))
ORDER BY CASE WHEN $14::bigint = 1 THEN waiting ELSE latest END, id LIMIT $15;

-- name: ListLines
-- As ListThreads.
SELECT id, sequence, status FROM threads
WHERE ($1::text = '' OR agent = $1) AND ($2::text = '' OR agent = $2) AND ($3::text = '' OR status = $3)
    AND ($4::bigint = 0 OR active = 1) AND ($5::text = '' OR owner = $5) AND ($6::text = '' OR department = $6)
    AND ($7::text = '' OR integration = $7) AND ($8::uuid IS NULL OR client = $8)
    AND ($9::text IS NULL OR id = ANY (ARRAY(
        (SELECT w.thread FROM thread_texts w WHERE w.words @@ $9::text::tsquery ORDER BY w.at_ms DESC LIMIT $11::bigint)
        UNION (SELECT t.id FROM (SELECT client FROM people
            WHERE CASE WHEN $10::bigint = 1 THEN shown_words ELSE words END @@ $9::text::tsquery ORDER BY last_ms DESC LIMIT $11::bigint) p
            JOIN threads t ON t.client = p.client))));

-- name: CountThreads
SELECT status, agent, count(*) FROM threads
WHERE status IN ('bot', 'queued', 'open', 'snoozed') AND ($1::text = '' OR integration = $1)
GROUP BY status, agent ORDER BY status, agent;

-- name: FindMessages
SELECT w.thread, w.sequence, w.at_ms, w.author, w.text, t.row
FROM (SELECT thread, sequence, at_ms, author, text FROM thread_texts WHERE words @@ $1::text::tsquery ORDER BY at_ms DESC, thread, sequence DESC LIMIT $2) w
JOIN threads t ON t.id = w.thread ORDER BY w.at_ms DESC, w.thread, w.sequence DESC;

-- name: FindPeople
SELECT client, integration, thread, name, email, last_ms FROM people
WHERE CASE WHEN $2::bigint = 1 THEN shown_words ELSE words END @@ $1::text::tsquery ORDER BY last_ms DESC, client LIMIT $3;

-- name: ListFacts
-- Ids grow with time, so they serve as the index of the opening.
SELECT opened_ms, queued_ms, answered_ms, closed_ms, owner = 'agent' OR answered_ms > 0, rated_ms, rating
FROM conversations WHERE ($1::text = '' OR integration = $1) AND id IN (
    SELECT id FROM conversations WHERE id >= $2 AND id < $3
    UNION SELECT id FROM conversations WHERE closed_ms >= $4 AND closed_ms < $5 AND closed_ms > 0
    UNION SELECT id FROM conversations WHERE answered_ms >= $4 AND answered_ms < $5 AND answered_ms > 0
    UNION SELECT id FROM conversations WHERE rated_ms >= $4 AND rated_ms < $5 AND rated_ms > 0);
