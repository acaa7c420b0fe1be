package inbox_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

// beside is the inbox of another node on the same index, which hears no commits.
func (h *house) beside() *inbox.Inbox {
	h.Helper()
	other := inbox.New(inbox.Config{
		Index: h.store.Index(), Store: h.store, Now: time.Now, Log: slog.New(slog.NewTextHandler(h.Output(), nil)),
		Integration:  func(id string) (*session.Integration, bool) { return h.in, id == h.in.ID },
		Integrations: func() []*session.Integration { return []*session.Integration{h.in} },
		Others:       &inbox.Others{Cluster: "c"},
	})
	if err := other.Start(context.Background()); err != nil {
		h.Fatal(err)
	}
	h.Cleanup(other.Stop)
	return other
}

// TestNeighbour_TellsWhatOthersWrote: without a bus a node tells within two seconds
// what another one wrote, and counts it; a cursor of one node serves at the other.
func TestNeighbour_TellsWhatOthersWrote(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		one, two := h.beside(), h.beside()
		sleep(time.Minute)
		page, err := one.List(t.Context(), inbox.Filter{})
		if err != nil || len(page.Rows) != 0 {
			t.Fatal(page, err)
		}
		if one.Feed().Boot() != two.Feed().Boot() {
			t.Fatal("nodes of a cluster have boot ids of their own")
		}
		id := h.begin("Ada")
		if err := h.say(id, "hello"); err != nil {
			t.Fatal(err)
		}
		h.rest()
		reader := two.Feed().Subscribe(page.Cursor)
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		updates, reset, err := reader.Next(ctx)
		if err != nil || reset || len(updates) != 1 || updates[0].Row == nil || updates[0].Row.Name != "Ada" {
			t.Fatalf("%v %v %v", updates, reset, err)
		}
		if c := two.Counts(""); c.All != 1 {
			t.Errorf("counts %+v", c)
		}
		_, _, sum, err := two.Verify(t.Context(), reader, inbox.TabAll, "")
		if err != nil || sum == nil || sum.Count != 1 {
			t.Errorf("sum %+v, %v", sum, err)
		}
		if _, reset, _ := two.Feed().Subscribe(page.Cursor - time.Hour.Microseconds()).Next(ctx); !reset {
			t.Error("a cursor from before the node began is not answered with reset")
		}
	})
}
