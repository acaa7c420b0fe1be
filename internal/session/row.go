package session

import (
	"cmp"
	"errors"
	"slices"
)

// The rows of a group, one reader to a noun. What a reader returns is for
// reading; writers take a copy from the table's edit.

func (w *tables) session(id ID) (*Session, error) {
	return w.sessions.get(id, func() (*Session, error) { return w.rows.Session(id) })
}

func (w *tables) chain(id ID) (*Chain, error) {
	return w.chains.get(id, func() (*Chain, error) { return w.rows.Chain(id) })
}

func (w *tables) client(id ID) (*Client, error) {
	return w.clients.get(id, func() (*Client, error) { return w.rows.Client(id) })
}

func (w *tables) clientByKey(integration, key string) (*Client, error) {
	k := clientKey{integration, key}
	id, err := w.clientKeys.get(k, func() (*ID, error) {
		c, err := w.rows.ClientByKey(integration, key)
		if err != nil {
			return nil, err
		}
		w.clients.seen(c.ID, c)
		return &c.ID, nil
	})
	if err != nil {
		return nil, err
	}
	return w.client(*id)
}

func (w *tables) addClient(c *Client) {
	w.clients.put(c.ID, c)
	w.clientKeys.put(clientKey{c.Integration, c.Key}, &c.ID)
}

func (w *tables) document(session ID) (Document, error) {
	d, err := w.documents.get(session, func() (*Document, error) {
		raw, err := w.rows.Document(session)
		if err != nil {
			return nil, err
		}
		w.documentBytes[session] = len(raw)
		doc, err := loadDocument(raw)
		return &doc, err
	})
	if err != nil {
		return nil, err
	}
	return *d, nil
}

// varsOf returns the script variables of a session; a session that has not
// run a script has empty ones.
func (w *tables) varsOf(session ID) (*Vars, error) {
	v, err := w.vars.get(session, func() (*Vars, error) { return w.rows.Vars(session) })
	if errors.Is(err, ErrNoRow) {
		return &Vars{Session: session}, nil
	}
	return v, err
}

// conversation returns the newest conversation of a session, nil when there
// is none.
func (w *tables) conversation(session ID) (*Conversation, error) {
	id, err := w.newest.get(session, func() (*ID, error) {
		c, err := w.rows.Conversation(session)
		if err != nil {
			return nil, err
		}
		w.conversations.seen(c.ID, c)
		return &c.ID, nil
	})
	if errors.Is(err, ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := w.conversations.get(*id, func() (*Conversation, error) { return nil, ErrNoRow })
	if _, known := w.talksRead[*id]; !known && err == nil {
		w.talksRead[*id] = c
	}
	return c, err
}

// lastAgent returns who of the people had a chain's conversation last: before a
// session's newest one, which may be nil.
func (w *tables) lastAgent(newest *Conversation, s *Session) (Agent, error) {
	if newest == nil && !s.Predecessor.IsZero() {
		var err error
		if newest, err = w.conversation(s.Predecessor); err != nil {
			return Agent{}, err
		}
	}
	if newest == nil {
		return Agent{}, nil
	}
	return newest.LastAgent, nil
}

func (w *tables) message(id ID) (*Message, error) {
	return w.messages.get(id, func() (*Message, error) { return w.rows.Message(id) })
}

func (w *tables) addMessage(m *Message) {
	w.messages.put(m.ID, m)
	w.fresh[m.ID] = true
	w.freshOf[m.Client] = append(w.freshOf[m.Client], m.ID)
}

// inbox returns the pending messages of a client, lowest number first, as
// this transaction sees them.
func (w *tables) inbox(client ID) ([]*Message, error) {
	stored, err := w.rows.Pending(client)
	if err != nil {
		return nil, err
	}
	var list []*Message
	for _, m := range stored {
		w.messages.seen(m.ID, m)
		if m, err := w.message(m.ID); err == nil && !m.Placed() {
			list = append(list, m)
		}
	}
	return w.addFresh(list, client), nil
}

// addFresh adds what this group accepted and has not placed.
func (w *tables) addFresh(list []*Message, client ID) []*Message {
	for _, id := range w.freshOf[client] {
		m, err := w.message(id)
		if err == nil && m.Number > 0 && !m.Placed() {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *Message) int { return cmp.Compare(a.Number, b.Number) })
	return list
}

// repeated returns the message a client sent before under the same id, nil
// when there is none.
func (w *tables) repeated(client ID, clientMessageID string) (*Message, error) {
	if clientMessageID == "" {
		return nil, nil
	}
	for _, id := range w.freshOf[client] {
		if m, err := w.message(id); err == nil && m.ClientMessageID == clientMessageID {
			return m, nil
		}
	}
	m, err := w.rows.MessageByClientID(client, clientMessageID)
	if errors.Is(err, ErrNoRow) {
		return nil, nil
	}
	return m, err
}

// timer returns the armed timer of a kind, nil when there is none.
func (w *tables) timer(session ID, kind TimerKind) (*Timer, error) {
	if !w.timersRead[session] {
		stored, err := w.rows.Timers(session)
		if err != nil {
			return nil, err
		}
		for _, t := range stored {
			w.timers.seen(timerKey{session, t.Kind}, t)
		}
		w.timersRead[session] = true
	}
	t, err := w.timers.get(timerKey{session, kind}, func() (*Timer, error) { return nil, ErrNoRow })
	if errors.Is(err, ErrNoRow) {
		return nil, nil
	}
	return t, err
}

func (w *tables) remember(r *Remembered) {
	w.remembered.put(rememberKey{r.Integration, r.Route, r.Key}, r)
}

func (w *tables) recall(integration, route, key string) (*Remembered, error) {
	r, err := w.remembered.get(rememberKey{integration, route, key}, func() (*Remembered, error) {
		return w.rows.Remembered(integration, route, key)
	})
	if errors.Is(err, ErrNoRow) {
		return nil, nil
	}
	return r, err
}
