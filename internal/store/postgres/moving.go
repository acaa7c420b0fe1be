package postgres

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/moving"
	"parley/internal/session"
)

// keptTables are no facts: what the engine and the nodes keep for themselves, the
// index of the desk, which is made anew of the facts, and what a copy takes as bytes
// beside the tables.
func keptTables() []string {
	return []string{
		"goose_db_version", "migration_lock", "commits", "marks",
		"nodes", "duties", "revisions", "presence",
		"threads", "thread_texts", "people",
		"objects", "shelves", "releases",
	}
}

// Moving is a moving.Target. Each use has a connection of its own, which may take
// its time.
type Moving struct{ store *Store }

// Moving returns the port of copies.
func (s *Store) Moving() *Moving { return &Moving{s} }

// movingIdle is how long a copy may be busy with its other side between two
// statements, in milliseconds.
const movingIdle = 10 * 60 * 1000

func (m *Moving) use(ctx context.Context, do func(*conn) error) error {
	config := m.store.readers.config.ConnConfig.Config.Copy()
	config.RuntimeParams["statement_timeout"] = "0"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.Itoa(movingIdle)
	raw, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return refusal(&unreachable{err})
	}
	err = do(&conn{ctx: ctx, raw: raw, prepared: map[string]bool{}})
	// What was asked for is done or not; a connection that cannot be closed is dropped.
	_ = raw.Close(context.WithoutCancel(ctx))
	return refusal(err)
}

// Snapshot is moving.Source's.
func (m *Moving) Snapshot(ctx context.Context, read func(moving.Tables) error) error {
	return m.use(ctx, func(c *conn) error {
		c.ahead = []*step{{name: "BeginSnapshot"}}
		t, err := c.tables()
		if err == nil {
			err = read(t)
		}
		return err
	})
}

// Insert is moving.Target's.
func (m *Moving) Insert(ctx context.Context, table moving.Table, rows []moving.Row) error {
	return m.use(ctx, func(c *conn) error {
		t, err := c.tables()
		if err != nil {
			return err
		}
		own, err := t.find(table.Name)
		if err != nil {
			return err
		}
		content, err := copyFormat(own, table, rows)
		if err == nil {
			_, err = c.raw.CopyFrom(c.ctx, content, sql(movingQuery(table.Name, "copy")))
		}
		return err
	})
}

// Last is moving.Target's.
func (m *Moving) Last(ctx context.Context, table moving.Table) (last []any, err error) {
	err = m.use(ctx, func(c *conn) error {
		t, err := c.tables()
		if err != nil {
			return err
		}
		own, err := t.find(table.Name)
		if err != nil {
			return err
		}
		return c.each(movingQuery(table.Name, "last"), func(r *row) {
			for _, name := range own.Key {
				last = append(last, own.value(r, name))
			}
		})
	})
	return last, err
}

// movingQuery is the name of a table's query in queries/moving.sql.
func movingQuery(table, what string) string { return "Moving " + table + " " + what }

// tables is a moving.Tables.
type tables struct {
	conn *conn
	list []described
}

// described is a table with the types of its columns.
type described struct {
	moving.Table
	types map[string]string
}

// tables reads what tables there are.
func (c *conn) tables() (*tables, error) {
	t := &tables{conn: c}
	at := map[string]int{}
	err := c.each("MovingColumns", func(r *row) {
		name, column, kind := r.text(), r.text(), r.text()
		if slices.Contains(keptTables(), name) {
			return
		}
		if _, known := at[name]; !known {
			at[name] = len(t.list)
			t.list = append(t.list, described{moving.Table{Name: name}, map[string]string{}})
		}
		one := &t.list[at[name]]
		one.Columns, one.types[column] = append(one.Columns, column), kind
	})
	if err != nil {
		return nil, err
	}
	return t, c.each("MovingKeys", func(r *row) {
		if i, known := at[r.text()]; known {
			t.list[i].Key = append(t.list[i].Key, r.text())
		}
	})
}

func (t *tables) find(name string) (described, error) {
	i := slices.IndexFunc(t.list, func(d described) bool { return d.Name == name })
	if i < 0 {
		return described{}, fmt.Errorf("there is no table %s", name)
	}
	return t.list[i], nil
}

func (t *tables) List() ([]moving.Table, error) {
	var list []moving.Table
	for _, d := range t.list {
		list = append(list, d.Table)
	}
	return list, nil
}

func (t *tables) Page(table moving.Table, after []any, limit int) ([]moving.Row, error) {
	own, err := t.find(table.Name)
	if err != nil {
		return nil, err
	}
	if after == nil {
		after = own.least()
	}
	var list []moving.Row
	err = t.conn.each(movingQuery(table.Name, "page"), func(r *row) {
		values := map[string]any{}
		for _, name := range own.Columns {
			values[name] = own.value(r, name)
		}
		out := make(moving.Row, len(table.Columns))
		for i, name := range table.Columns {
			out[i] = values[name]
		}
		list = append(list, out)
	}, append(slices.Clone(after), int64(limit))...)
	return list, err
}

// least is a key below every one that there is.
func (d *described) least() []any {
	var key []any
	for _, name := range d.Key {
		switch d.types[name] {
		case "bigint":
			key = append(key, int64(math.MinInt64))
		case "text":
			key = append(key, "")
		case "uuid":
			key = append(key, session.ID{})
		default:
			key = append(key, []byte{})
		}
	}
	return key
}

// value reads the next column.
func (d *described) value(r *row, column string) any {
	raw := r.values[r.at]
	switch {
	case raw == nil:
		r.at++
		return nil
	case d.types[column] == "bigint":
		return r.int()
	case d.types[column] == "text":
		return r.text()
	}
	return r.blob()
}

// copyFormat is rows in the binary format of COPY, in the order of the engine's
// columns. A column that a row does not have is an error, and so is one too many.
func copyFormat(own described, table moving.Table, rows []moving.Row) (*bytes.Buffer, error) {
	places := make([]int, len(own.Columns))
	for i, name := range own.Columns {
		if places[i] = slices.Index(table.Columns, name); places[i] < 0 {
			return nil, fmt.Errorf("the rows have no column %s: the schema of the source is another one", name)
		}
	}
	if len(table.Columns) > len(own.Columns) {
		return nil, errors.New("the rows have columns that the table has not: " + strings.Join(table.Columns, ", "))
	}
	out := []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	for _, r := range rows {
		out = binary.BigEndian.AppendUint16(out, uint16(len(places)))
		for _, at := range places {
			value := encode(r[at])
			if value == nil {
				out = binary.BigEndian.AppendUint32(out, math.MaxUint32)
				continue
			}
			out = append(binary.BigEndian.AppendUint32(out, uint32(len(value))), value...)
		}
	}
	return bytes.NewBuffer(append(out, 0xff, 0xff)), nil
}
