package session

import (
	"errors"
	"maps"
)

// Work is what a group of changes sees and decides inside one transaction:
// the rows as they are and the rows as they will be. A row is read at most
// once a group and written at most once, so many merges into one hot session
// cost one read and one write.
//
// Each change runs on top of what the changes before it kept. A change that
// fails leaves nothing behind for its neighbours (architecture, Turns).
type Work struct {
	tables
	logs logs // of the changes kept
	now  logs // of the running change
}

// tables are the rows of a group.
type tables struct {
	rows          Rows
	clients       table[ID, Client]
	clientKeys    table[clientKey, ID]
	chains        table[ID, Chain]
	sessions      table[ID, Session]
	documents     table[ID, Document] // by session
	vars          table[ID, Vars]     // by session
	conversations table[ID, Conversation]
	newest        table[ID, ID] // newest conversation by session
	messages      table[ID, Message]
	timers        table[timerKey, Timer]
	remembered    table[rememberKey, Remembered]
	talksRead     map[ID]*Conversation // as they were before this group; nil for new ones
	documentBytes map[ID]int           // of the documents read or written
	timersRead    map[ID]bool
	cache         *cache
	fresh         map[ID]bool // messages inserted by this group
	freshOf       map[ID][]ID // the same by client
}

type clientKey struct{ integration, key string }

type timerKey struct {
	session ID
	kind    TimerKind
}

type rememberKey struct{ integration, route, key string }

// logs are the rows that are only ever added.
type logs struct {
	events []*Event
	outbox []*Delivery
	dead   []ID // timers
	woken  []Wake

	erasures []*Erasure

	trace string // Change.Trace of the running change
}

// NewWork starts a group on the rows of one transaction.
func NewWork(rows Rows) *Work {
	return &Work{tables: tables{rows: rows, talksRead: map[ID]*Conversation{}, documentBytes: map[ID]int{}, timersRead: map[ID]bool{}, fresh: map[ID]bool{}, freshOf: map[ID][]ID{}}}
}

// Apply runs a change. On an error the work is as it was before.
func (w *Work) Apply(c *Change) error {
	if c.cache != nil && w.cache == nil {
		w.under(c.cache)
	}
	if w.cache != nil { // against age; a commit absorbs only after its changes
		w.cache.mu.RLock()
		defer w.cache.mu.RUnlock()
	}
	w.now.trace = c.Trace
	if err := c.do.apply(w); err != nil {
		w.each(func(t layered) { t.drop() })
		w.now = logs{}
		return err
	}
	w.each(func(t layered) { t.keep() })
	w.logs.events = append(w.logs.events, w.now.events...)
	w.logs.outbox = append(w.logs.outbox, w.now.outbox...)
	w.logs.dead = append(w.logs.dead, w.now.dead...)
	w.logs.woken = append(w.logs.woken, w.now.woken...)
	w.logs.erasures = append(w.logs.erasures, w.now.erasures...)
	w.now = logs{}
	return nil
}

func (w *tables) each(f func(layered)) {
	for _, t := range []layered{
		&w.clients, &w.clientKeys, &w.chains, &w.sessions, &w.documents, &w.vars,
		&w.conversations, &w.newest, &w.messages, &w.timers, &w.remembered,
	} {
		f(t)
	}
}

// Batch returns what the kept changes decided.
func (w *Work) Batch() *Batch {
	b := &Batch{
		Clients: w.clients.written(), Chains: w.chains.written(), Sessions: w.sessions.written(),
		Vars: w.vars.written(), Conversations: w.conversations.written(), Timers: w.timers.written(),
		Remembered: w.remembered.written(), work: w,
		Events: w.logs.events, Outbox: w.logs.outbox, DeadTimers: w.logs.dead, Woken: w.logs.woken, Erasures: w.logs.erasures,
	}
	for session := range w.documents.dirty {
		raw := w.documents.rows[session].JSON()
		w.documentBytes[session] = len(raw)
		b.Documents = append(b.Documents, DocumentRow{session, raw})
	}
	for _, m := range w.messages.written() {
		if w.fresh[m.ID] {
			b.NewMessages = append(b.NewMessages, m)
		} else {
			b.Messages = append(b.Messages, m)
		}
	}
	return b
}

// layered is a table as the end of a change sees it.
type layered interface {
	keep()
	drop()
	browse()
}

// table holds rows of one kind. rows are as the kept changes left them, with
// nil for "read, not there"; top are those of the running change.
type table[K comparable, V any] struct {
	rows  map[K]*V
	top   map[K]*V
	dirty map[K]bool
	back  *generations[K, V] // the cache behind; nil for none
	looks bool               // only reads, and from the cache alone: nothing is noted
}

// get returns the row for reading only, ErrNoRow where there is none.
func (t *table[K, V]) get(key K, load func() (*V, error)) (*V, error) {
	if v, ok := t.top[key]; ok {
		return there(v)
	}
	if v, ok := t.rows[key]; ok {
		return there(v)
	}
	if t.back != nil {
		if v, ok := t.back.look(key); ok {
			if !t.looks {
				t.seen(key, v)
			}
			return there(v)
		}
	}
	v, err := load()
	if err != nil && !errors.Is(err, ErrNoRow) {
		return nil, err
	}
	t.seen(key, v)
	return v, err
}

func there[V any](v *V) (*V, error) {
	if v == nil {
		return nil, ErrNoRow
	}
	return v, nil
}

// seen notes a row as the store has it.
func (t *table[K, V]) seen(key K, v *V) {
	if t.rows == nil {
		t.rows = map[K]*V{}
	}
	if _, ok := t.rows[key]; !ok {
		t.rows[key] = v
	}
}

// put writes a row; nil deletes it.
func (t *table[K, V]) put(key K, v *V) *V {
	if t.top == nil {
		t.top = map[K]*V{}
	}
	t.top[key] = v
	return v
}

// edit returns a copy of a row that was read before, for writing.
func (t *table[K, V]) edit(key K) *V {
	if v, ok := t.top[key]; ok {
		return v
	}
	c := *t.rows[key]
	return t.put(key, &c)
}

func (t *table[K, V]) keep() {
	if len(t.top) == 0 {
		return
	}
	if t.dirty == nil {
		t.dirty = map[K]bool{}
	}
	if t.rows == nil {
		t.rows = map[K]*V{}
	}
	maps.Copy(t.rows, t.top)
	for k := range t.top {
		t.dirty[k] = true
	}
	clear(t.top)
}

func (t *table[K, V]) drop() { clear(t.top) }

func (t *table[K, V]) browse() { t.looks = true }

func (t *table[K, V]) written() []*V {
	list := make([]*V, 0, len(t.dirty))
	for k := range t.dirty {
		if v := t.rows[k]; v != nil {
			list = append(list, v)
		}
	}
	return list
}
