package sqlite

import (
	"slices"
	"testing"

	"parley/internal/sqlitetest"
)

// TestEveryTableHasItsPlace: a table that nobody thought of would keep what an
// erasure promises to delete.
func TestEveryTableHasItsPlace(t *testing.T) {
	store := openStore(t, sqlitetest.Dir(t, Open))
	var found []string
	err := store.do(t.Context(), func(c *conn) error {
		found = nil
		return c.each(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`, func(r *row) {
			found = append(found, r.text())
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	known := impersonalTables()
	for _, p := range append(copiedTables(), personalTables()...) {
		known = append(known, p.table)
	}
	for _, table := range found {
		if !slices.Contains(known, table) {
			t.Errorf("table %s is neither among personalTables nor copiedTables nor among impersonalTables", table)
		}
	}
	for _, table := range known {
		if !slices.Contains(found, table) {
			t.Errorf("there is no table %s", table)
		}
	}
}
