package postgres

import (
	"context"
	"encoding/json"

	"parley/internal/session"
)

// Archive is a session.Archive.
type Archive struct{ store *Store }

// Archive returns the port of what is kept about people.
func (s *Store) Archive() *Archive { return &Archive{store: s} }

// Ended is session.Archive's.
func (a *Archive) Ended(ctx context.Context, integration string, endedMs int64, limit int) ([]session.ID, error) {
	list, err := ask(ctx, a.store.readers, &step{name: "EndedChains", args: []any{endedMs, integration, bounded(limit)}}, scanID)
	return values(list), err
}

// Export is session.Archive's. The rows of a person are read before the first is
// written: no connection waits for whoever downloads them.
func (a *Archive) Export(ctx context.Context, client session.ID, write func(table string, row json.RawMessage) error) error {
	type line struct {
		table string
		row   map[string]any
	}
	var lines []line
	err := a.store.view(ctx, func(r *rows) error {
		p, err := wholePerson(r.conn, client)
		if err != nil {
			return r.note(err)
		}
		var steps []*step
		for _, t := range personalTables() {
			if ids := p.keys(t.by); len(ids) > 0 {
				steps = append(steps, &step{name: t.export, args: []any{ids}, read: func(w *row) {
					lines = append(lines, line{t.table, w.exported()})
				}})
			}
		}
		return r.note(r.conn.run(steps...))
	})
	for _, l := range lines {
		if err != nil {
			return err
		}
		var raw []byte
		if raw, err = json.Marshal(l.row); err == nil {
			err = write(l.table, raw)
		}
	}
	return err
}

// exported is the row as a reader of the export wants it: by the names of its
// columns, ids as UUIDs, JSON as JSON.
func (r *row) exported() map[string]any {
	out := make(map[string]any, len(r.fields))
	for i, f := range r.fields {
		switch {
		case r.values[i] == nil:
			r.next()
			out[f.Name] = nil
		case f.DataTypeOID == typeUUID:
			out[f.Name] = r.id().String()
		case f.DataTypeOID == typeBigint:
			out[f.Name] = r.int()
		case f.DataTypeOID == typeText:
			out[f.Name] = exportedText(r.text())
		default:
			out[f.Name] = exportedBytes(r.blob())
		}
	}
	return out
}

func exportedText(s string) any {
	if len(s) > 1 && (s[0] == '{' || s[0] == '[') && json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	return s
}

func exportedBytes(b []byte) any {
	if json.Valid(b) {
		return json.RawMessage(b)
	}
	return b
}

// Erasures is session.Archive's.
func (a *Archive) Erasures(ctx context.Context, integration string, before session.ID, limit int) ([]*session.Erasure, error) {
	return ask(ctx, a.store.readers, &step{name: "Erasures", planned: true, args: []any{integration, ref(before), bounded(limit)}}, scanErasure)
}

func scanErasure(r *row) *session.Erasure {
	e := &session.Erasure{ID: r.id(), Integration: r.text(), AtMs: r.int(), By: r.text()}
	_ = json.Unmarshal(r.json(), &e.Rows) // written by erase
	e.BackupsMs = r.int()
	return e
}
