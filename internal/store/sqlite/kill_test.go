//go:build linux

package sqlite

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"parley/internal/session"
)

// TestKill kills a working server again and again. Whatever it had confirmed
// is there, in full, and what it had not is there whole or not at all.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	told := newTold()
	dice := rand.New(rand.NewPCG(7, 7))
	for round := range 20 {
		cmd := command(t, "worker", dir, strconv.Itoa(round))
		acknowledgements(t, cmd, 1+dice.IntN(250), told.note)
		store := openStore(t, dir)
		told.check(t, store)
		if round == 19 {
			told.drain(t, store, 20)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			t.Fatalf("after round %d", round)
		}
	}
	if len(told.keys) < 100 || len(told.messages) < 30 || len(told.delivered) < 30 || len(told.ended) == 0 {
		t.Errorf("too little was confirmed to tell: %d keys, %d messages, %d deliveries, %d ends",
			len(told.keys), len(told.messages), len(told.delivered), len(told.ended))
	}
}

// told is what a client was told.
type told struct {
	sessions  []session.ID
	ended     map[session.ID]bool
	keys      map[string]session.ID
	messages  map[session.ID]string
	delivered map[session.ID]int64 // the last sequence of a chain
	unheard   int64                // deliveries that were settled while the answer was lost
	broken    []string
}

// step notes the next delivery of a chain. One may be missing for each kill,
// whose settling was committed and never confirmed.
func (w *told) step(chain session.ID, n int64) {
	last := w.delivered[chain]
	if n <= last {
		w.broken = append(w.broken, fmt.Sprintf("delivery %d of chain %s came after %d", n, chain, last))
	}
	w.unheard += n - last - 1
	w.delivered[chain] = n
}

func newTold() *told {
	return &told{
		ended: map[session.ID]bool{}, keys: map[string]session.ID{}, messages: map[session.ID]string{},
		delivered: map[session.ID]int64{},
	}
}

func (w *told) note(line string) {
	f := strings.Fields(line)
	id, err := session.ParseID(f[1])
	if err != nil {
		w.broken = append(w.broken, line)
		return
	}
	switch f[0] {
	case "session":
		w.sessions = append(w.sessions, id)
	case "closed":
		w.ended[id] = true
	case "key":
		w.keys[f[2]] = id
	case "message":
		message, _ := session.ParseID(f[3])
		w.messages[message] = f[2]
	case "delivered":
		var n int64
		_, _ = fmt.Sscan(f[2], &n)
		w.step(id, n)
	}
}

func (w *told) check(t *testing.T, store *Store) {
	t.Helper()
	for _, line := range w.broken {
		t.Error(line)
	}
	err := store.View(t.Context(), func(rows session.Rows) error {
		for key, id := range w.keys {
			doc, err := rows.Document(id)
			if err != nil || !strings.Contains(string(doc), `"`+key+`"`) {
				t.Errorf("confirmed key %s is not in %s (%v)", key, doc, err)
			}
		}
		for id, key := range w.messages {
			m, err := rows.Message(id)
			if err != nil || m.ClientMessageID != key || m.InputOf().Text != key {
				t.Errorf("confirmed message %s: %+v, %v", key, m, err)
			}
		}
		for _, id := range w.sessions {
			s, err := rows.Session(id)
			if err != nil || w.ended[id] && s.Open() {
				t.Errorf("confirmed session or end %s: %+v, %v", id, s, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	wholeness(t, store)
}

// wholeness checks every session, confirmed or not: its change is there whole.
func wholeness(t *testing.T, store *Store) {
	t.Helper()
	filter := session.SessionFilter{Limit: pageLimit}
	for {
		page, err := store.Sessions(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page {
			whole(t, store, s)
		}
		if len(page) == 0 {
			return
		}
		filter.Before = page[len(page)-1].ID
	}
}

// whole: events 1..n without gap, as many updates of the context as it has
// versions, one event for every message, and a closing event for every end.
func whole(t *testing.T, store *Store, s *session.Session) {
	t.Helper()
	events, err := store.Events(t.Context(), s.Chain, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds, placed := map[string]int{}, map[session.ID]int{}
	for i, ev := range events {
		if ev.Sequence != int64(i+1) {
			t.Errorf("event %d of chain %s at place %d", ev.Sequence, s.Chain, i+1)
		}
		kinds[ev.Kind]++
		if ev.Message != nil {
			placed[ev.Message.ID]++
		}
	}
	transcript, err := store.Messages(t.Context(), session.MessageFilter{Session: s.ID})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range transcript {
		if placed[m.ID] != 1 {
			t.Errorf("message %s has %d events", m.ID, placed[m.ID])
		}
	}
	err = store.View(t.Context(), func(rows session.Rows) error {
		ch, err := rows.Chain(s.Chain)
		if err != nil {
			return err
		}
		if ch.Sequence != int64(len(events)) || ch.Version != int64(kinds[session.EventContextUpdated])+1 {
			t.Errorf("chain %+v with events %v", ch, kinds)
		}
		if _, err := rows.Document(s.ID); err != nil {
			return err
		}
		client, err := rows.Client(s.Client)
		if err != nil {
			return err
		}
		pending, err := rows.Pending(s.Client)
		if client.Pending != len(pending) {
			t.Errorf("%d pending messages are counted, %d are there", client.Pending, len(pending))
		}
		return err
	})
	if err != nil {
		t.Errorf("session %s: %v", s.ID, err)
	}
	if ends := kinds[session.EventSessionClosed]; s.Open() != (ends == 0) || ends > 1 || len(placed) != len(transcript) {
		t.Errorf("session %s is %s with %d closing events, %d messages and %d of their events", s.ID, s.Status, ends, len(transcript), len(placed))
	}
}

// drain delivers what is left and checks that of every chain every event was
// delivered, once and in order.
func (w *told) drain(t *testing.T, store *Store, kills int64) {
	t.Helper()
	box := store.Outbox()
	for now := int64(1) << 50; ; now++ {
		list, err := box.Claim(t.Context(), now, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		var done []session.Settlement
		for _, d := range list {
			w.step(d.Chain, d.Sequence)
			done = append(done, session.Settlement{ID: d.ID, Token: d.Token, Delivered: true})
		}
		if err := box.Settle(t.Context(), done); err != nil {
			t.Fatal(err)
		}
	}
	err := store.View(t.Context(), func(rows session.Rows) error {
		for _, id := range w.sessions {
			ch, err := rows.Chain(id)
			if err != nil {
				return err
			}
			w.step(id, ch.Sequence+1) // as if one more came: nothing may be missing before it
		}
		return nil
	})
	if err != nil || w.unheard > kills || len(w.broken) > 0 {
		t.Errorf("%d deliveries were never heard of in %d kills; %v; %v", w.unheard, kills, w.broken, err)
	}
}
