package inbox_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

// late is an index whose first write is held up by what before does.
type late struct {
	inbox.Index
	once   sync.Once
	before func()
}

func (l *late) Put(ctx context.Context, entries []*inbox.Entry) error {
	l.once.Do(l.before)
	return l.Index.Put(ctx, entries)
}

// TestInbox_RowsAfterAnErasure: a node that is slow writes a row of a person whom
// another node has erased meanwhile. It does not stay.
func TestInbox_RowsAfterAnErasure(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		h.inbox.Stop() // the node that erases has done all it does
		id := h.begin("ada")
		if err := h.handover(id); err != nil {
			t.Fatal(err)
		}
		var chain, client session.ID
		if err := h.store.View(t.Context(), func(r session.Rows) error {
			s, err := r.Session(id)
			chain, client = s.Chain, s.Client
			return err
		}); err != nil {
			t.Fatal(err)
		}
		index := &late{Index: h.store.Index(), before: func() {
			if _, err := (session.People{Core: h.core}).Erase(t.Context(), h.in, client, session.EraseOptions{By: "api"}); err != nil {
				t.Error(err)
			}
		}}
		slow := inbox.New(inbox.Config{
			Index: index, Store: h.store, Now: time.Now, Log: slog.New(slog.DiscardHandler), Others: &inbox.Others{Cluster: "c"},
			Integration:  func(string) (*session.Integration, bool) { return h.in, true },
			Integrations: func() []*session.Integration { return nil }, // nothing to catch up with
		})
		if err := slow.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer slow.Stop()
		slow.Mark(&session.Batch{Events: []*session.Event{{Chain: chain}}})
		h.rest()
		rows, err := index.Rows(t.Context(), []session.ID{chain})
		if err != nil || len(rows) > 0 {
			t.Errorf("left of the person: %v, %v", rows, err)
		}
		people, err := index.People(t.Context(), inbox.Query{"ada"}, false, 10)
		if err != nil || len(people) > 0 {
			t.Errorf("found: %v, %v", people, err)
		}
	})
}
