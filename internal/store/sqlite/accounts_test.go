package sqlite

import (
	"strings"
	"testing"

	"parley/internal/account"
	"parley/internal/sqlitetest"
)

// TestAudit_IsAppendOnly: not even the program itself can change the log.
func TestAudit_IsAppendOnly(t *testing.T) {
	store := openStore(t, sqlitetest.Dir(t, Open))
	if err := store.Accounts().AddEntry(t.Context(), &account.Entry{AtMs: 1, Agent: "a", Action: "signed_in"}); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`UPDATE audit SET agent = 'b'`, `DELETE FROM audit`, `DELETE FROM audit WHERE id = 1`} {
		err := store.do(t.Context(), func(c *conn) error {
			_, err := c.exec(statement)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "append only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	entries, err := store.Accounts().Entries(t.Context(), 1<<62, 10)
	if err != nil || len(entries) != 1 || entries[0].Agent != "a" {
		t.Errorf("%v, %v", entries, err)
	}
}
