package session

import (
	"context"
	"errors"
	"sync"
)

// cacheSize is how many rows of a kind each of the two generations holds.
const cacheSize = 1024

// cacheableMessage is the longest message body that is kept, in bytes.
const cacheableMessage = 4 << 10

// cacheableDocument is the longest document that is kept, in bytes.
const cacheableDocument = 16 << 10

// cache keeps rows as the last commits left them, so that a busy session is
// not read again for every turn. Rows in it are never written to; a commit
// puts its own in before the next group starts, so what is here is what the
// database holds. A session at rest leaves it after two generations.
type cache struct {
	mu            sync.RWMutex
	clients       generations[ID, Client]
	clientKeys    generations[clientKey, ID]
	chains        generations[ID, Chain]
	sessions      generations[ID, Session]
	documents     generations[ID, Document]
	vars          generations[ID, Vars]
	conversations generations[ID, Conversation]
	newest        generations[ID, ID]
	messages      generations[ID, Message]
}

// generations holds rows in two maps; a full young one takes the place of the
// old one. A nil row stands for "not there".
type generations[K comparable, V any] struct {
	young, old map[K]*V
}

func (g *generations[K, V]) look(key K) (*V, bool) {
	if v, ok := g.young[key]; ok {
		return v, true
	}
	v, ok := g.old[key]
	return v, ok
}

func (g *generations[K, V]) put(key K, v *V) {
	if g.young == nil || len(g.young) >= cacheSize {
		g.turn()
	}
	g.young[key] = v
}

func (g *generations[K, V]) turn() { g.old, g.young = g.young, make(map[K]*V) }

func (g *generations[K, V]) absorb(rows map[K]*V) {
	for key, v := range rows {
		g.put(key, v)
	}
}

// absorb takes over what a committed group read and wrote.
func (c *cache) absorb(w *Work) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clients.absorb(w.clients.rows)
	c.clientKeys.absorb(w.clientKeys.rows)
	c.chains.absorb(w.chains.rows)
	c.sessions.absorb(w.sessions.rows)
	c.vars.absorb(w.vars.rows)
	c.conversations.absorb(w.conversations.rows)
	c.newest.absorb(w.newest.rows)
	for id, m := range w.messages.rows {
		if m != nil && len(m.Body) <= cacheableMessage && m.Number > 0 {
			c.messages.put(id, m)
		}
	}
	for id, doc := range w.documents.rows {
		if w.documentBytes[id] <= cacheableDocument {
			c.documents.put(id, doc)
		} else {
			delete(c.documents.young, id)
			delete(c.documents.old, id)
		}
	}
}

// age starts a new generation: what was not used for two of them goes.
func (c *cache) age() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, g := range []interface{ turn() }{
		&c.clients, &c.clientKeys, &c.chains, &c.sessions, &c.documents, &c.vars, &c.conversations, &c.newest, &c.messages,
	} {
		g.turn()
	}
}

// forget drops every row: some of them were erased.
func (c *cache) forget() {
	c.age()
	c.age()
}

// under lets the tables read through the cache.
func (t *tables) under(c *cache) {
	t.cache = c
	t.clients.back, t.clientKeys.back, t.chains.back, t.sessions.back = &c.clients, &c.clientKeys, &c.chains, &c.sessions
	t.documents.back, t.vars.back, t.conversations.back, t.newest.back, t.messages.back = &c.documents, &c.vars, &c.conversations, &c.newest, &c.messages
}

// missing are rows that answer nothing: with them a snapshot is read from the
// cache alone.
type missing struct{ Rows }

var errNotCached = &Error{Code: CodeInternal, Message: "not in the cache"}

func (missing) Client(ID) (*Client, error)                  { return nil, errNotCached }
func (missing) ClientByKey(string, string) (*Client, error) { return nil, errNotCached }
func (missing) Chain(ID) (*Chain, error)                    { return nil, errNotCached }
func (missing) Session(ID) (*Session, error)                { return nil, errNotCached }
func (missing) Document(ID) ([]byte, error)                 { return nil, errNotCached }
func (missing) Vars(ID) (*Vars, error)                      { return nil, errNotCached }
func (missing) Conversation(ID) (*Conversation, error)      { return nil, errNotCached }

// snapshot reads at one moment: from the cache where it holds all of it,
// otherwise from the store. Both see whole commits only.
func (c *cache) snapshot(ctx context.Context, store Store, read func(*Work) error) error {
	c.mu.RLock()
	w := NewWork(missing{})
	w.under(c)
	w.each(func(t layered) { t.browse() })
	err := read(w)
	c.mu.RUnlock()
	if !errors.Is(err, errNotCached) {
		return err
	}
	return store.View(ctx, func(rows Rows) error { return read(NewWork(rows)) })
}
