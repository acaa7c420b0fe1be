package postgres

import (
	"errors"

	"parley/internal/session"
)

// errBusy is what a rule meets that reads rows of a client that another transaction
// has, where this one does not wait for it.
var errBusy = errors.New("another transaction has the client")

// ground is what a transaction has read ahead. A row that is nil is known not to be.
type ground struct {
	looked    map[session.ID]bool // ids it was read for
	locked    map[session.ID]bool // clients whose rows this transaction may trust and write
	clients   map[session.ID]*session.Client
	keys      map[session.PersonKey]session.ID
	chains    map[session.ID]*session.Chain
	sessions  map[session.ID]*session.Session
	documents map[session.ID][]byte
	vars      map[session.ID]*session.Vars
	talks     map[session.ID]*session.Conversation // by session
	messages  map[session.ID]*session.Message
}

func newGround() ground {
	return ground{
		looked: map[session.ID]bool{}, locked: map[session.ID]bool{}, clients: map[session.ID]*session.Client{},
		keys: map[session.PersonKey]session.ID{}, chains: map[session.ID]*session.Chain{}, sessions: map[session.ID]*session.Session{},
		documents: map[session.ID][]byte{}, vars: map[session.ID]*session.Vars{}, talks: map[session.ID]*session.Conversation{},
		messages: map[session.ID]*session.Message{},
	}
}

// ground reads the ground of ids and persons in one round trip. In a transaction that
// writes, their clients are locked first; what is read after that is current.
func (r *rows) ground(ids []session.ID, persons []session.PersonKey) error {
	steps := append(r.clientSteps(ids, persons), &step{name: "GroundSessions", args: []any{ids}, read: r.known.seeSession})
	if r.mode != reading { // views read messages one by one, and few do
		steps = append(steps, &step{name: "GroundMessages", args: []any{ids}, read: func(w *row) { m := scanMessage(w); r.known.messages[m.ID] = m }})
	}
	if err := r.note(r.conn.run(steps...)); err != nil {
		return err
	}
	for _, id := range ids {
		r.known.looked[id] = true
	}
	if r.mode == alone && r.lockStrays(ids) {
		return r.ground(ids, persons)
	}
	return r.err
}

// lockStrays locks the clients of sessions that came to be between the statement
// that locks and the one that reads.
func (r *rows) lockStrays(ids []session.ID) (any bool) {
	for _, id := range ids {
		if s := r.known.sessions[id]; s != nil && !r.known.locked[s.Client] {
			_, err := r.lock(s.Client)
			any = err == nil
		}
	}
	return any
}

func (r *rows) clientSteps(ids []session.ID, persons []session.PersonKey) []*step {
	if r.mode == reading {
		return []*step{{name: "GroundClients", args: []any{ids}, read: r.seeClient}}
	}
	c := columnsOf(persons, func(c *columns, p session.PersonKey) { c.text(p.Integration); c.text(p.Key) })
	keys := []any{[]string{}, []string{}}
	if len(persons) > 0 {
		keys = c.args()
	}
	lock := &step{name: "LockClients", args: append([]any{r.kin.clients(ids)}, keys...), read: r.seeLocked}
	if r.mode == grouped {
		lock.name = "LockFreeClients"
	}
	if len(persons) == 0 {
		return []*step{lock}
	}
	return []*step{lock, {name: "GroundPersons", args: keys, read: func(w *row) {
		id := w.id()
		r.known.keys[session.PersonKey{Integration: w.text(), Key: w.text()}] = id
	}}}
}

// seeSession takes a session with what hangs on it. A row that is not there has no id.
// The chain is the last: it may end before its start values.
func (g *ground) seeSession(w *row) {
	s := scanSession(w)
	g.sessions[s.ID] = s
	if id, doc := w.id(), w.json(); !id.IsZero() {
		g.documents[id] = doc
	}
	if v := scanVars(w); !v.Session.IsZero() {
		g.vars[v.Session] = v
	}
	if t := scanConversation(w); !t.ID.IsZero() {
		g.talks[t.Session] = t
	}
	if c := scanChain(w); !c.ID.IsZero() {
		g.chains[c.ID] = c
	}
}

func (r *rows) seeClient(w *row) {
	c := scanClient(w)
	r.known.clients[c.ID] = c
}

func (r *rows) seeLocked(w *row) {
	c := scanClient(w)
	r.known.clients[c.ID] = c
	r.known.locked[c.ID] = true
}

// busy reports whether what a change acts on belongs to a client that the ground
// could not lock.
func (r *rows) busy(c *session.Change) bool {
	for _, id := range c.Subject {
		if !r.mayTrust(id) {
			return true
		}
	}
	client, exists := r.known.keys[c.Person]
	return exists && !r.known.locked[client]
}

// own refuses rows of a client that this transaction had to leave to another.
func (r *rows) own(client session.ID) error {
	if r.mode == grouped && !r.known.locked[client] {
		r.met = true
		return errBusy
	}
	return nil
}

func (r *rows) mayTrust(id session.ID) bool {
	if s := r.known.sessions[id]; s != nil {
		return r.known.locked[s.Client]
	}
	if m := r.known.messages[id]; m != nil {
		return r.known.locked[m.Client]
	}
	return r.known.locked[id]
}

// lock makes sure that the rows of a client are this transaction's. fresh is true
// where the lock is new: what was read of the client before has to be read again.
func (r *rows) lock(client session.ID) (fresh bool, err error) {
	if r.mode == reading || r.known.locked[client] {
		return false, nil
	}
	name := "LockClients"
	if r.mode == grouped {
		name = "LockFreeClients"
	}
	none := []string{}
	if err := r.note(r.conn.each(name, r.seeLocked, []session.ID{client}, none, none)); err != nil {
		return false, err
	}
	return true, r.own(client)
}
