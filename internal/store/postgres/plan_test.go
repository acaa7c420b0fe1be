package postgres

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"parley/internal/inbox"
	"parley/internal/session"
)

// planOf is how the server runs a query with these values.
func planOf(t *testing.T, s *Store, name string, args ...any) string {
	t.Helper()
	var plan strings.Builder
	err := s.readers.with(t.Context(), func(c *conn) error {
		r := c.raw.ExecParams(c.ctx, "EXPLAIN "+sql(name), encodeAll(args), nil, binaryFormat, binaryFormat).Read()
		for _, row := range r.Rows {
			plan.WriteString(string(row[0]) + "\n")
		}
		return r.Err
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

// TestLists_AreServedByTheirIndex: of optional terms only those that are set are
// left, so the server sees which index has them.
func TestLists_AreServedByTheirIndex(t *testing.T) {
	s := openStore(t, fresh(t))
	insist(t, s, `INSERT INTO threads SELECT gen_random_uuid(), gen_random_uuid(), 'in-1',
		(ARRAY['bot', 'queued', 'open', 'snoozed', 'resolved', 'ended', 'ended', 'ended'])[1 + i % 8], CASE WHEN i % 8 < 3 THEN 1 ELSE 0 END,
		(ARRAY['bot', 'queue', 'agent', 'agent', 'agent', 'agent'])[1 + i % 6], CASE WHEN i % 6 >= 2 THEN 'agent-' || i % 50 ELSE '' END,
		'dep-' || i % 10, -i, i, 7, '{}', i FROM generate_series(1, 20000) i`)
	insist(t, s, `INSERT INTO thread_texts SELECT id, 1, id, -latest, 'user', repeat('x', 700), array_to_tsvector(ARRAY['common', 'rare' || -latest]) FROM threads`)
	insist(t, s, `ANALYZE`)
	for _, c := range []struct {
		filter inbox.Filter
		index  string
	}{
		{inbox.Filter{}, "threads_latest"},
		{inbox.Filter{Sort: inbox.SortWaiting}, "threads_waiting"},
		{inbox.Filter{Tab: inbox.TabMine, Viewer: "agent-3"}, "threads_agent"},
		{inbox.Filter{Tab: inbox.TabUnassigned, Sort: inbox.SortWaiting}, "threads_status_waiting"},
		{inbox.Filter{Status: inbox.StatusEnded, Department: "dep-3"}, "threads_status_latest"},
		{inbox.Filter{Client: session.ID{1}, Status: inbox.StatusAny}, "threads_client"},
	} {
		plan := planOf(t, s, "ListThreads", append(terms(&c.filter), session.ID{9}, int64(-9000), c.filter.Sort == inbox.SortWaiting, 50)...)
		if !strings.Contains(plan, c.index) || strings.Contains(plan, "Filter: (active") {
			t.Errorf("%+v is not served by %s:\n%s", c.filter, c.index, plan)
		}
	}
	if plan := planOf(t, s, "FindMessages", match(inbox.Query{"rare777"}), inbox.QueryDepth); !strings.Contains(plan, "thread_texts_words") {
		t.Errorf("a rare word is not looked up:\n%s", plan)
	}
	if plan := planOf(t, s, "FindMessages", match(inbox.Query{"comm"}), 20); !strings.Contains(plan, "thread_texts_time") {
		t.Errorf("all texts with a common word are read:\n%s", plan)
	}
}

// TestChanges_FindRowsByKey: the plans of what changes ask for are made once, often
// while the tables are empty, and have to fit when they are full.
func TestChanges_FindRowsByKey(t *testing.T) {
	s := openStore(t, fresh(t))
	files := fstest.MapFS{}
	for _, path := range []string{"queries/core.sql", "queries/batch.sql"} {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = &fstest.MapFile{Data: raw}
	}
	all, err := readQueries(files)
	if err != nil || len(all) < 25 {
		t.Fatalf("%d queries, %v", len(all), err)
	}
	for _, name := range append(slices.Collect(maps.Keys(all)), "Events", "Heads") {
		if plan := genericPlan(t, s, name); strings.Contains(plan, "Seq Scan on") {
			t.Errorf("%s reads a whole table:\n%s", name, plan)
		}
	}
}

// genericPlan is how the server runs a query whatever its values are.
func genericPlan(t *testing.T, s *Store, name string) string {
	t.Helper()
	text, values := sql(name), []string{}
	for strings.Contains(text, fmt.Sprintf("$%d", len(values)+1)) {
		values = append(values, "NULL")
	}
	var plan strings.Builder
	err := s.groups.with(t.Context(), func(c *conn) error {
		results, err := c.raw.Exec(c.ctx, fmt.Sprintf("PREPARE probe AS %s; EXPLAIN EXECUTE probe(%s); DEALLOCATE probe", text, strings.Join(values, ", "))).ReadAll()
		for _, result := range results {
			for _, row := range result.Rows {
				plan.WriteString(string(row[0]) + "\n")
			}
		}
		return err
	})
	if err != nil || plan.Len() == 0 {
		t.Fatalf("%s: %v", name, err)
	}
	return plan.String()
}
