package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/internal/moving"
)

// keptTables are no facts: what the engine keeps for itself, and the index of the
// desk, which is made anew of the facts.
func keptTables() []string {
	kept := []string{"marks", "goose_db_version", "sqlite_sequence"}
	for _, t := range copiedTables() {
		kept = append(kept, t.table)
	}
	for _, t := range impersonalTables() {
		if strings.Contains(t, "_search_") {
			kept = append(kept, t)
		}
	}
	return kept
}

// Moving is a moving.Target.
type Moving struct{ store *Store }

// Moving returns the port of copies.
func (s *Store) Moving() *Moving { return &Moving{s} }

// Snapshot is moving.Source's.
func (m *Moving) Snapshot(ctx context.Context, read func(moving.Tables) error) error {
	return m.store.readers.view(ctx, func(r *rows) error { return read(&tables{r.conn}) })
}

// tables is a moving.Tables.
type tables struct{ conn *conn }

func (t *tables) List() (list []moving.Table, err error) {
	var names []string
	err = t.conn.each(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`, func(r *row) { names = append(names, r.text()) })
	for _, name := range names {
		if err == nil && !slices.Contains(keptTables(), name) {
			var one moving.Table
			one, err = t.conn.described(name)
			list = append(list, one)
		}
	}
	return list, err
}

// described reads the columns of a table.
func (c *conn) described(name string) (moving.Table, error) {
	t := moving.Table{Name: name}
	key := map[int64]string{}
	err := c.each(`SELECT name, pk FROM pragma_table_info(?)`, func(r *row) {
		column := r.text()
		t.Columns = append(t.Columns, column)
		if at := r.int(); at > 0 {
			key[at] = column
		}
	}, name)
	for at := int64(1); at <= int64(len(key)); at++ {
		t.Key = append(t.Key, key[at])
	}
	return t, err
}

func (t *tables) Page(table moving.Table, after []any, limit int) ([]moving.Row, error) {
	key := strings.Join(table.Key, ", ")
	where, args := "", slices.Clone(after)
	if after != nil {
		where = fmt.Sprintf(" WHERE (%s) > (%s)", key, marks(len(after)))
	}
	var list []moving.Row
	err := t.conn.each(fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT ?", strings.Join(table.Columns, ", "), table.Name, where, key),
		func(r *row) { list = append(list, moved(r)) }, append(args, int64(limit))...)
	return list, err
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// moved copies a row out of the driver.
func moved(r *row) moving.Row {
	out := make(moving.Row, len(r.values))
	for i, v := range r.values {
		out[i] = any(v)
		if b, ok := v.([]byte); ok {
			out[i] = slices.Clone(b)
		}
	}
	return out
}

// Insert is moving.Target's.
func (m *Moving) Insert(ctx context.Context, table moving.Table, rows []moving.Row) error {
	text := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table.Name, strings.Join(table.Columns, ", "), marks(len(table.Columns)))
	return m.store.do(ctx, func(c *conn) error {
		for _, r := range rows {
			if _, err := c.exec(text, r...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Last is moving.Target's.
func (m *Moving) Last(ctx context.Context, table moving.Table) (last []any, err error) {
	text := fmt.Sprintf("SELECT %s FROM %s ORDER BY %s DESC LIMIT 1", strings.Join(table.Key, ", "), table.Name, strings.Join(table.Key, " DESC, "))
	err = m.store.readers.view(ctx, func(r *rows) error {
		return r.conn.each(text, func(r *row) { last = moved(r) })
	})
	return last, err
}
