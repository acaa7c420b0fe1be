package history_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/e2e/history"
	"parley/e2e/history/load"
)

// harm is a change to a copied store that makes it another one.
type harm struct {
	name  string
	lines []int  // of the invariants of which one is broken
	sql   string // statements
}

// victims are rows that make a harm one: of an open session, so that nothing else
// hides it.
const victims = `CREATE TEMP TABLE reply AS SELECT m.* FROM messages m JOIN chains c ON m.chain = c.id AND m.sequence = c.sequence
	JOIN sessions s ON s.id = m.session AND s.status = 'active' WHERE m.author = 'bot' AND m.body LIKE '%s=%' LIMIT 1;
CREATE TEMP TABLE heard AS SELECT * FROM messages WHERE author = 'user' AND sequence > 0 ORDER BY at_ms LIMIT 1;
CREATE TEMP TABLE owned AS SELECT c.* FROM conversations c JOIN sessions s ON s.id = c.session AND s.status = 'active' WHERE c.closed_ms = 0 LIMIT 1;
CREATE TEMP TABLE written AS SELECT * FROM documents WHERE doc LIKE '%"h_%"t0%' LIMIT 1;
`

func harms() []harm {
	return []harm{
		{"an acknowledged message is dropped", []int{1}, `DELETE FROM messages WHERE id IN (SELECT id FROM heard)`},
		{"a message is dropped with its place", []int{9}, `DELETE FROM messages WHERE id IN (SELECT id FROM heard);
			DELETE FROM events WHERE message IN (SELECT id FROM heard)`},
		{"a reply is doubled", []int{2, 6}, `INSERT INTO events (chain, sequence, session, at_ms, kind, body, message)
				SELECT chain, sequence + 1, session, at_ms, kind, body, x'00112233445566778899aabbccddeeff' FROM events WHERE message IN (SELECT id FROM reply);
			UPDATE chains SET sequence = sequence + 1 WHERE id IN (SELECT chain FROM reply);
			UPDATE reply SET id = x'00112233445566778899aabbccddeeff', sequence = sequence + 1;
			INSERT INTO messages SELECT * FROM reply`},
		{"a context value is another", []int{7}, `UPDATE documents SET doc = replace(doc, '"t0', '"u0') WHERE session IN (SELECT session FROM written)`},
		{"a context value was never written", []int{7, 17}, `UPDATE events SET body = replace(body, '"t0', '"u0') WHERE kind = 'session:context:updated'`},
		{"a version is lost", []int{8}, `UPDATE chains SET version = version - 1 WHERE version > 1`},
		{"the webhooks that were given up are lost", []int{15}, `DELETE FROM outbox_dead`},
		{"a text is another", []int{1, 17}, `UPDATE messages SET body = replace(body, ' t0', ' u0') WHERE id IN (SELECT id FROM heard)`},
		{"$client is a turn behind", []int{6}, `UPDATE clients SET data = '{"n":0}' WHERE id IN (SELECT client FROM reply)`},
		{"an owner is another", []int{19}, `UPDATE conversations SET owner = CASE owner WHEN 'queue' THEN 'bot' ELSE 'queue' END WHERE id IN (SELECT id FROM owned)`},
		{"an ended session is open", []int{10}, `UPDATE sessions SET status = 'active' WHERE reason = 'script'`},
		{"a client counts a message that is not there", []int{16}, `UPDATE clients SET inbox_number = inbox_number + 1 WHERE inbox_number > 0`},
	}
}

// damage harms the restored store in one way after the other: the checker sees it
// in what the run was, without comparing the store with the one it came from.
func (s *stage) damage(t *testing.T, a load.Archive, run *history.History) {
	whole := s.next("", t.TempDir())
	must(t, whole.program.Restore(t.Context(), a))
	store, err := os.ReadFile(whole.source)
	must(t, err)
	for _, h := range harms() {
		file := filepath.Join(t.TempDir(), "copy.db")
		must(t, os.WriteFile(file, store, 0o600))
		db, err := sql.Open("sqlite", file)
		must(t, err)
		db.SetMaxOpenConns(1) // temporary tables are one connection's
		for statement := range strings.SplitSeq(victims+h.sql, ";") {
			result, err := db.ExecContext(t.Context(), statement)
			if err != nil {
				t.Fatalf("%s: %v", h.name, err)
			}
			if n, _ := result.RowsAffected(); n == 0 && !strings.Contains(statement, "TEMP") {
				t.Fatalf("%s: nothing to harm", h.name)
			}
		}
		must(t, db.Close())
		found := history.CheckCut(a.Of(run, facts(t, file)))
		if !slices.ContainsFunc(found, func(f history.Finding) bool { return slices.Contains(h.lines, f.Line) }) {
			t.Errorf("%s: want a finding of %v, got %v", h.name, h.lines, found)
		}
	}
}
