package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"

	"parley/internal/session"
)

// Archive is a session.Archive.
type Archive struct{ store *Store }

// Archive returns the port of what is kept about people.
func (s *Store) Archive() *Archive { return &Archive{store: s} }

// Ended is session.Archive's.
func (a *Archive) Ended(ctx context.Context, integration string, endedMs int64, limit int) (found []session.ID, err error) {
	err = a.store.readers.view(ctx, func(r *rows) error {
		list, err := readAll(r, `SELECT c.id FROM chains c JOIN clients p ON p.id = c.client
			WHERE c.ended_ms > 0 AND c.ended_ms <= ? AND p.integration = ? ORDER BY c.ended_ms LIMIT ?`, scanID, endedMs, integration, bounded(limit))
		for _, id := range list {
			found = append(found, *id)
		}
		return err
	})
	return found, err
}

// Export is session.Archive's.
func (a *Archive) Export(ctx context.Context, client session.ID, write func(table string, row json.RawMessage) error) error {
	return a.store.readers.view(ctx, func(r *rows) error {
		p, err := wholePerson(r.conn, client)
		for _, t := range personalTables() {
			for _, id := range p.keys(t.by) {
				if err == nil {
					err = exportRows(r.conn, t, id, write)
				}
			}
		}
		return err
	})
}

func exportRows(c *conn, t personal, id any, write func(string, json.RawMessage) error) error {
	var broken error
	names, err := c.columns(t.table)
	if err != nil {
		return err
	}
	err = c.each(`SELECT * FROM `+t.table+` WHERE `+t.where+` ORDER BY 1, 2`, func(r *row) {
		out := map[string]any{}
		for _, name := range names {
			out[name] = exported(r.next())
		}
		raw, err := json.Marshal(out)
		if err == nil {
			err = write(t.table, raw)
		}
		if broken == nil {
			broken = err
		}
	}, id)
	if err == nil {
		err = broken
	}
	return err
}

// columns returns the names of a table's columns in order.
func (c *conn) columns(table string) ([]string, error) {
	var names []string
	err := c.each(`SELECT name FROM pragma_table_info(?)`, func(r *row) { names = append(names, r.text()) }, table)
	return names, err
}

// exported is a value as a reader of the export wants it: ids as UUIDs, JSON as
// JSON.
func exported(v driver.Value) any {
	switch v := v.(type) {
	case []byte:
		if len(v) == len(session.ID{}) {
			return session.ID(v).String()
		}
		if json.Valid(v) {
			return json.RawMessage(v)
		}
	case string:
		if len(v) > 1 && (v[0] == '{' || v[0] == '[') && json.Valid([]byte(v)) {
			return json.RawMessage(v)
		}
	}
	return v
}

// Erasures is session.Archive's.
func (a *Archive) Erasures(ctx context.Context, integration string, before session.ID, limit int) (list []*session.Erasure, err error) {
	where, args := `WHERE integration = ?`, []any{integration}
	if !before.IsZero() {
		where, args = where+` AND id < ?`, append(args, before[:])
	}
	args = append(args, bounded(limit))
	err = a.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, `SELECT id, integration, at_ms, by_whom, counts, backups_ms FROM erasures `+where+` ORDER BY id DESC LIMIT ?`, scanErasure, args...)
		return err
	})
	return list, err
}

func scanErasure(r *row) *session.Erasure {
	e := &session.Erasure{ID: r.id(), Integration: r.text(), AtMs: r.int(), By: r.text()}
	_ = json.Unmarshal(r.json(), &e.Rows) // written by erase
	e.BackupsMs = r.int()
	return e
}
