package postgres

import (
	"slices"
	"strings"
	"testing"
)

// asked runs a query of a test and returns its first column.
func asked(t testing.TB, s *Store, query string) (list []string) {
	t.Helper()
	err := s.direct.with(t.Context(), func(c *conn) error {
		results, err := c.raw.Exec(c.ctx, query).ReadAll()
		for _, r := range results {
			for _, values := range r.Rows {
				list = append(list, string(values[0]))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestEveryTableHasItsPlace: a table that nobody thought of would keep what an
// erasure promises to delete.
func TestEveryTableHasItsPlace(t *testing.T) {
	store := openStore(t, fresh(t))
	tables := asked(t, store, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`)
	known := impersonalTables()
	for _, p := range append(copiedTables(), personalTables()...) {
		known = append(known, p.table)
	}
	for _, table := range tables {
		if !slices.Contains(known, table) {
			t.Errorf("table %s is neither among personalTables nor copiedTables nor among impersonalTables", table)
		}
	}
	for _, table := range known {
		if !slices.Contains(tables, table) {
			t.Errorf("there is no table %s", table)
		}
	}
}

// TestExport_HasEveryColumn: an export hides nothing, in the order of the table.
func TestExport_HasEveryColumn(t *testing.T) {
	store := openStore(t, fresh(t))
	for _, p := range personalTables() {
		columns := asked(t, store, `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '`+p.table+`' ORDER BY ordinal_position`)
		head, _, _ := strings.Cut(sql(p.export), "\nFROM ")
		named := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(head, "SELECT "), ",", " "))
		if !slices.Equal(named, columns) {
			t.Errorf("%s: it exports %v of %v", p.export, named, columns)
		}
		if !strings.HasPrefix(sql(p.erase), "DELETE FROM "+p.table+" WHERE ") {
			t.Errorf("%s does not delete from %s", p.erase, p.table)
		}
	}
}
