package postgres

import (
	"encoding/json"
	"testing"

	"parley/internal/session"
	"parley/internal/session/sessiontest"
)

// TestErase_LeavesNothing: an export names every row of a person, an erasure deletes
// as many, and an export after it is empty. Others keep theirs.
func TestErase_LeavesNothing(t *testing.T) {
	e := openEngine(t, fresh(t))
	h := sessiontest.NewHouse(t, e)
	person := h.Open(func(c *session.Create) { c.ChannelUserID = "ada\x00\xff" })
	other := h.Open(func(c *session.Create) { c.ChannelUserID = "bob" })
	h.Handover(person.ID)
	h.Say(person.ID, "placed")
	h.Say(other.ID, "bob's")
	before := export(t, e.store, person.Client)
	for _, table := range []string{"clients", "chains", "sessions", "documents", "conversations", "messages", "events", "outbox"} {
		if len(before[table]) == 0 {
			t.Errorf("the export has no %s", table)
		}
	}
	if got := before["sessions"][0]["channel_user_id"]; got != "ada\x00\ufffd" { // as JSON has it
		t.Errorf("the export names the person %q", got)
	}
	erased, err := session.People{Core: h.Core}.Erase(t.Context(), h.In, person.Client, session.EraseOptions{By: "api"})
	if err != nil {
		t.Fatal(err)
	}
	for table, n := range erased.Rows {
		if table != "events" && table != "outbox" && int(n) != len(before[table]) { // its end adds some
			t.Errorf("%d rows of %s were erased, the export had %d", n, table, len(before[table]))
		}
	}
	if after := export(t, e.store, person.Client); len(after["clients"])+len(after["sessions"])+len(after["messages"])+len(after["events"]) > 0 {
		t.Errorf("left behind: %v", after)
	}
	if left := export(t, e.store, other.Client); len(left["messages"]) != 1 || len(left["clients"]) != 1 {
		t.Errorf("another person lost data: %v", left)
	}
	proofs, err := e.store.Archive().Erasures(t.Context(), h.In.ID, session.ID{}, 10)
	if err != nil || len(proofs) != 1 || proofs[0].ID != erased.ID || proofs[0].Rows["messages"] != 1 {
		t.Errorf("proofs %v, %v", proofs, err)
	}
}

func export(t *testing.T, s *Store, client session.ID) map[string][]map[string]any {
	t.Helper()
	tables := map[string][]map[string]any{}
	err := s.Archive().Export(t.Context(), client, func(table string, raw json.RawMessage) error {
		var row map[string]any
		tables[table] = append(tables[table], row)
		return json.Unmarshal(raw, &tables[table][len(tables[table])-1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return tables
}
