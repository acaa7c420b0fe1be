package sqlite

import (
	"context"
	"encoding/json"
	"errors"

	"parley/internal/inbox"
	"parley/internal/session"
)

// Put is inbox.Index's.
func (x *Index) Put(ctx context.Context, entries []*inbox.Entry) error {
	rows := make([][]byte, len(entries))
	for i, e := range entries {
		var err error
		if rows[i], err = json.Marshal(e.Row); err != nil {
			return err
		}
	}
	return x.store.do(ctx, func(c *conn) error {
		for i, e := range entries {
			if err := putEntry(c, e, rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func putEntry(c *conn, e *inbox.Entry, body []byte) error {
	t := e.Row
	_, err := c.exec(`INSERT INTO threads (id, client, integration, status, active, owner, agent, department, latest, waiting, sequence, row, updated_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT (id) DO UPDATE SET
		status = excluded.status, active = excluded.active, owner = excluded.owner, agent = excluded.agent,
		department = excluded.department, latest = excluded.latest, waiting = excluded.waiting, sequence = excluded.sequence, row = excluded.row,
		updated_ms = excluded.updated_ms WHERE sequence <= excluded.sequence`,
		t.ID[:], t.Client[:], t.Integration, string(t.Status), t.Status.Active(), string(t.Owner.Kind), t.AgentID(), t.Department,
		t.Key(inbox.SortLatest), t.Key(inbox.SortWaiting), t.Sequence, text(body))
	if err != nil {
		return err
	}
	for i := range e.Texts {
		if err := putText(c, t.ID, &e.Texts[i]); err != nil {
			return err
		}
	}
	return putPerson(c, e.Person)
}

func putText(c *conn, thread session.ID, w *inbox.Text) error {
	pk, err := one(c, `INSERT INTO thread_texts (thread, message, sequence, at_ms, author, text) SELECT ?1, ?2, ?3, ?4, ?5, ?6
		WHERE NOT EXISTS (SELECT 1 FROM thread_texts WHERE thread = ?1 AND sequence = ?3) RETURNING pk`,
		scanInt, thread[:], w.Message[:], w.Sequence, w.AtMs, w.Author, w.Text)
	if errors.Is(err, session.ErrNoRow) {
		return nil
	}
	if err == nil {
		_, err = c.exec(`INSERT INTO thread_search (rowid, text) SELECT pk, text FROM thread_words WHERE pk = ?`, *pk)
	}
	return err
}

// putPerson leaves the search alone unless its words change, which they seldom
// do. Who was seen later stays as he is.
func putPerson(c *conn, p *inbox.Person) error {
	n, err := c.exec(`UPDATE people SET thread = iif(?1 >= last_ms, ?2, thread), name = iif(?1 >= last_ms, ?3, name),
		email = iif(?1 >= last_ms, ?4, email), last_ms = max(?1, last_ms)
		WHERE client = ?5 AND (shown = ?6 AND masked = ?7 OR last_ms > ?1)`, p.LastMs, p.Thread[:], p.Name, p.Email, p.Client[:], p.Shown, p.Masked)
	if err != nil || n > 0 {
		return err
	}
	if err := dropPerson(c, p.Client); err != nil {
		return err
	}
	pk, err := one(c, `INSERT INTO people (client, integration, thread, name, email, last_ms, shown, masked)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING pk`, scanInt,
		p.Client[:], p.Integration, p.Thread[:], p.Name, p.Email, p.LastMs, p.Shown, p.Masked)
	if err == nil {
		_, err = c.exec(`INSERT INTO people_search (rowid, shown, masked) VALUES (?, ?, ?)`, *pk, p.Shown, p.Masked)
	}
	return err
}

// The search forgets first: it reads what it knew from the row.
func dropPerson(c *conn, client session.ID) error {
	_, err := c.exec(`DELETE FROM people_search WHERE rowid IN (SELECT pk FROM people WHERE client = ?)`, client[:])
	if err == nil {
		_, err = c.exec(`DELETE FROM people WHERE client = ?`, client[:])
	}
	return err
}

// Erase is inbox.Index's.
func (x *Index) Erase(ctx context.Context, threads []session.ID) error {
	return x.store.do(ctx, func(c *conn) error {
		for _, t := range copiedTables() {
			for _, id := range threads {
				if _, err := c.exec(`DELETE FROM `+t.table+` WHERE `+t.where, id[:]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
