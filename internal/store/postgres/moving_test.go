package postgres

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/internal/moving"
	"parley/internal/store/sqlite"
)

var update = flag.Bool("update", false, "write queries/moving.sql anew")

const movingHead = `-- The queries of copies, one of each kind for a table. Written by
-- go test ./internal/store/postgres -run TestMoving_Queries -update

-- name: MovingColumns
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position;

-- name: MovingKeys
SELECT k.table_name, k.column_name FROM information_schema.table_constraints c
JOIN information_schema.key_column_usage k ON k.constraint_name = c.constraint_name AND k.table_schema = c.table_schema AND k.table_name = c.table_name
WHERE c.table_schema = current_schema() AND c.constraint_type = 'PRIMARY KEY' ORDER BY k.table_name, k.ordinal_position;
`

// The list of queries is the one of the schema.
func TestMoving_Queries(t *testing.T) {
	store := openStore(t, fresh(t))
	var out bytes.Buffer
	out.WriteString(movingHead)
	err := store.Moving().Snapshot(t.Context(), func(tables moving.Tables) error {
		list, err := tables.List()
		for _, table := range list {
			columns, key := strings.Join(table.Columns, ", "), strings.Join(table.Key, ", ")
			places := make([]string, len(table.Key))
			for i := range places {
				places[i] = fmt.Sprint("$", i+1)
			}
			fmt.Fprintf(&out, "\n-- name: %s\nSELECT %s FROM %s WHERE (%s) > (%s) ORDER BY %s LIMIT $%d;\n", movingQuery(table.Name, "page"),
				columns, table.Name, key, strings.Join(places, ", "), key, len(table.Key)+1)
			fmt.Fprintf(&out, "\n-- name: %s\nSELECT %s FROM %s ORDER BY %s DESC LIMIT 1;\n", movingQuery(table.Name, "last"),
				key, table.Name, strings.Join(table.Key, " DESC, "))
			fmt.Fprintf(&out, "\n-- name: %s\nCOPY %s (%s) FROM STDIN (FORMAT binary);\n", movingQuery(table.Name, "copy"), table.Name, columns)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const path = "queries/moving.sql"
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(have, out.Bytes()) {
		t.Errorf("%s is not what the schema asks for (%v): run this test with -update", path, err)
	}
}

// Both engines have the same tables of facts with the same columns and keys, so that
// every row of one has its place in the other.
func TestMoving_EnginesHaveTheSameTables(t *testing.T) {
	other, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	want, got := tablesOf(t, other.Moving()), tablesOf(t, openStore(t, fresh(t)).Moving())
	for name, columns := range want {
		if got[name] != columns {
			t.Errorf("table %s: %s, want %s", name, got[name], columns)
		}
	}
	for name := range got {
		if want[name] == "" {
			t.Errorf("table %s is only here", name)
		}
	}
}

func tablesOf(t *testing.T, from moving.Source) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := from.Snapshot(t.Context(), func(tables moving.Tables) error {
		list, err := tables.List()
		for _, table := range list {
			all[table.Name] = fmt.Sprint(table.Key, slices.Sorted(slices.Values(table.Columns)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
