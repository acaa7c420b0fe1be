package sessiontest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"testing"

	"parley/internal/session"
)

// Facts are the rows as the committed batches left them, kept in memory in the
// plainest way there is. A store is right when it says the same.
type Facts struct {
	mu            sync.Mutex
	more          sync.Cond // another batch
	clients       map[session.ID]*session.Client
	chains        map[session.ID]*session.Chain
	sessions      map[session.ID]*session.Session
	documents     map[session.ID][]byte
	vars          map[session.ID]*session.Vars
	conversations map[session.ID]*session.Conversation
	messages      map[session.ID]*session.Message
	events        map[session.ID][]*session.Event // by chain
	timers        map[timerKey]*session.Timer
	outbox        map[session.ID][]*session.Delivery // by chain
	remembered    map[rememberKey]*session.Remembered
}

type timerKey struct {
	session session.ID
	kind    session.TimerKind
}

type rememberKey struct{ integration, route, key string }

func newFacts() *Facts {
	f := &Facts{
		clients: map[session.ID]*session.Client{}, chains: map[session.ID]*session.Chain{},
		sessions: map[session.ID]*session.Session{}, documents: map[session.ID][]byte{},
		vars: map[session.ID]*session.Vars{}, conversations: map[session.ID]*session.Conversation{},
		messages: map[session.ID]*session.Message{}, events: map[session.ID][]*session.Event{},
		timers: map[timerKey]*session.Timer{}, outbox: map[session.ID][]*session.Delivery{},
		remembered: map[rememberKey]*session.Remembered{},
	}
	f.more.L = &f.mu
	return f
}

// awaitEmptyInboxes returns when no client has a pending message.
func (f *Facts) awaitEmptyInboxes() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.pending() > 0 {
		f.more.Wait()
	}
}

func (f *Facts) pending() (n int) {
	for _, c := range f.clients {
		n += c.Pending
	}
	return n
}

func (f *Facts) add(b *session.Batch) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.more.Broadcast()
	for _, d := range b.Documents {
		f.documents[d.Session] = d.JSON
	}
	put(f.clients, b.Clients, func(v *session.Client) session.ID { return v.ID })
	put(f.chains, b.Chains, func(v *session.Chain) session.ID { return v.ID })
	put(f.sessions, b.Sessions, func(v *session.Session) session.ID { return v.ID })
	put(f.vars, b.Vars, func(v *session.Vars) session.ID { return v.Session })
	put(f.conversations, b.Conversations, func(v *session.Conversation) session.ID { return v.ID })
	put(f.messages, b.NewMessages, func(v *session.Message) session.ID { return v.ID })
	put(f.messages, b.Messages, func(v *session.Message) session.ID { return v.ID })
	put(f.remembered, b.Remembered, func(v *session.Remembered) rememberKey { return rememberKey{v.Integration, v.Route, v.Key} })
	for _, ev := range b.Events {
		f.events[ev.Chain] = append(f.events[ev.Chain], ev)
	}
	for _, d := range b.Outbox {
		f.outbox[d.Chain] = append(f.outbox[d.Chain], d)
	}
	maps.DeleteFunc(f.timers, func(_ timerKey, t *session.Timer) bool { return slices.Contains(b.DeadTimers, t.ID) })
	put(f.timers, b.Timers, func(v *session.Timer) timerKey { return timerKey{v.Session, v.Kind} })
}

func put[K comparable, V any](rows map[K]*V, list []*V, key func(*V) K) {
	for _, v := range list {
		c := *v
		rows[key(v)] = &c
	}
}

// Check compares every row with the store's, field for field, and the events
// of every chain.
func (f *Facts) Check(t *testing.T, store session.Store) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	err := store.View(context.Background(), func(rows session.Rows) error {
		compare(t, "client", f.clients, rows.Client)
		compare(t, "chain", f.chains, rows.Chain)
		compare(t, "session", f.sessions, rows.Session)
		compare(t, "vars", f.vars, rows.Vars)
		compare(t, "message", f.messages, rows.Message)
		compare(t, "remembered", f.remembered, func(k rememberKey) (*session.Remembered, error) {
			return rows.Remembered(k.integration, k.route, k.key)
		})
		f.checkByOther(t, rows)
		f.checkLists(t, rows)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	f.checkEvents(t, store)
}

func compare[K comparable, V any](t *testing.T, noun string, rows map[K]*V, get func(K) (*V, error)) {
	t.Helper()
	for key, want := range rows {
		same(t, noun, want, func() (*V, error) { return get(key) })
	}
}

func same[V any](t *testing.T, noun string, want V, get func() (V, error)) {
	t.Helper()
	got, err := get()
	if err != nil {
		t.Errorf("%s: %v", noun, err)
	} else if d := Diff(want, got); d != "" {
		t.Errorf("%s%s", noun, d)
	}
}

// checkByOther reads rows by their second keys.
func (f *Facts) checkByOther(t *testing.T, rows session.Rows) {
	t.Helper()
	for _, c := range f.clients {
		same(t, "client by key", c, func() (*session.Client, error) { return rows.ClientByKey(c.Integration, c.Key) })
	}
	for _, m := range f.messages {
		if m.ClientMessageID != "" {
			same(t, "message by client's id", m, func() (*session.Message, error) { return rows.MessageByClientID(m.Client, m.ClientMessageID) })
		}
	}
	for id, doc := range f.documents {
		same(t, "document", doc, func() ([]byte, error) { return rows.Document(id) })
	}
	for id := range f.sessions {
		if want := f.newestConversation(id); want != nil {
			same(t, "conversation", want, func() (*session.Conversation, error) { return rows.Conversation(id) })
		}
	}
}

func (f *Facts) newestConversation(id session.ID) (newest *session.Conversation) {
	for _, c := range f.conversations {
		if c.Session == id && (newest == nil || c.Open() || c.OpenedMs > newest.OpenedMs && !newest.Open()) {
			newest = c
		}
	}
	return newest
}

// checkLists reads the inbox of every client and the timers of every session.
func (f *Facts) checkLists(t *testing.T, rows session.Rows) {
	t.Helper()
	for id := range f.clients {
		var want []*session.Message
		for _, m := range f.messages {
			if m.Client == id && m.Number > 0 && !m.Placed() {
				want = append(want, m)
			}
		}
		slices.SortFunc(want, func(a, b *session.Message) int { return cmp.Compare(a.Number, b.Number) })
		same(t, "inbox", want, func() ([]*session.Message, error) { return rows.Pending(id) })
	}
	byKind := func(a, b *session.Timer) int { return cmp.Compare(a.Kind, b.Kind) }
	for id := range f.sessions {
		var want []*session.Timer
		for _, timer := range f.timers {
			if timer.Session == id {
				want = append(want, timer)
			}
		}
		slices.SortFunc(want, byKind)
		same(t, "timers", want, func() ([]*session.Timer, error) {
			got, err := rows.Timers(id)
			slices.SortFunc(got, byKind)
			return got, err
		})
	}
}

func (f *Facts) checkEvents(t *testing.T, store session.Store) {
	t.Helper()
	for chain, list := range f.events {
		want := make([]*session.Event, len(list))
		for i, ev := range list {
			want[i] = &session.Event{ // document and version are not stored with it
				Chain: ev.Chain, Sequence: ev.Sequence, Session: ev.Session, AtMs: ev.AtMs, Kind: ev.Kind, Body: ev.Body,
			}
			if ev.Message != nil {
				want[i].Message = f.messages[ev.Message.ID]
			}
		}
		same(t, "events", want, func() ([]*session.Event, error) { return store.Events(context.Background(), chain, 0, 0) })
	}
}
