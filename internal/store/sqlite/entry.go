package sqlite

import (
	"context"
	"encoding/json"

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
	_, err := c.exec(`INSERT INTO threads (id, client, integration, status, active, owner, agent, department, latest, waiting, sequence, row)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
		status = excluded.status, active = excluded.active, owner = excluded.owner, agent = excluded.agent,
		department = excluded.department, latest = excluded.latest, waiting = excluded.waiting, sequence = excluded.sequence, row = excluded.row`,
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
	pk, err := one(c, `INSERT INTO thread_texts (thread, message, sequence, at_ms, author, text) VALUES (?, ?, ?, ?, ?, ?) RETURNING pk`,
		scanInt, thread[:], w.Message[:], w.Sequence, w.AtMs, w.Author, w.Text)
	if err == nil {
		_, err = c.exec(`INSERT INTO thread_search (rowid, text) SELECT pk, text FROM thread_words WHERE pk = ?`, *pk)
	}
	return err
}

// putPerson leaves the search alone unless its words change, which they seldom
// do.
func putPerson(c *conn, p *inbox.Person) error {
	n, err := c.exec(`UPDATE people SET thread = iif(?1 >= last_ms, ?2, thread), last_ms = max(?1, last_ms), name = ?3, email = ?4
		WHERE client = ?5 AND shown = ?6 AND masked = ?7`, p.LastMs, p.Thread[:], p.Name, p.Email, p.Client[:], p.Shown, p.Masked)
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
