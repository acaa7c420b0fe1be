package live

import (
	"slices"

	"parley/internal/session"
)

// reconnect serves session:reconnect with any id of a chain: contract c.6 and
// architecture, Session life 4.
func (c *call) reconnect(r request) (any, error) {
	v, after, given, err := c.rejoin(r)
	if err != nil {
		return nil, err
	}
	if given {
		ok, err := c.replay(v, after)
		if err != nil {
			return nil, err
		}
		if !v.Session.Handle() {
			return nil, errForeign // the client has seen the end now
		}
		return c.reconnected(v, &ok)
	}
	if !v.Session.Handle() {
		return nil, errForeign
	}
	return c.reconnected(v, nil)
}

// rejoin finds the chain and checks that the client may have it.
func (c *call) rejoin(r request) (v *session.View, after int64, given bool, err error) {
	if err := r.checkTimestamp(); err != nil {
		return nil, 0, false, err
	}
	named, err := r.text("session_id")
	if err != nil {
		return nil, 0, false, err
	}
	id, err := session.ParseID(named)
	if err != nil {
		return nil, 0, false, errForeign
	}
	if after, given, err = r.number("last_sequence"); err != nil {
		return nil, 0, false, err
	}
	who, err := c.identity(r)
	if err != nil {
		return nil, 0, false, err
	}
	if v, err = c.face.cfg.Core.Look(c.face.ctx, c.in, id); err != nil {
		return nil, 0, false, err
	}
	if c.in.Settings.IdentityRequired && v.Client.Key != session.UserKey(who.Subject) {
		return nil, 0, false, &session.Error{Code: session.CodeInvalidIdentity, Field: "identity_token", Message: "the session belongs to another person"}
	}
	return v, after, given, c.room(v.Chain.ID)
}

// replay sends every event after a sequence up to the view's, each once and in
// order. ok is false when the log does not reach back that far.
func (c *call) replay(v *session.View, after int64) (ok bool, err error) {
	if after > v.Chain.Sequence {
		return false, nil
	}
	for after < v.Chain.Sequence {
		list, err := c.face.cfg.Core.Events(c.face.ctx, v.Chain.ID, after, 256)
		if err != nil {
			return false, err
		}
		if len(list) == 0 || list[0].Sequence != after+1 {
			return false, nil
		}
		for _, ev := range list {
			if ev.Sequence > v.Chain.Sequence {
				break
			}
			if err := c.show(c.in, ev); err != nil {
				return false, err
			}
			after = ev.Sequence
		}
	}
	return true, nil
}

// reconnected answers for the head and attaches the socket after it. Without a
// complete replay the answer carries the last messages.
func (c *call) reconnected(v *session.View, resumed *bool) (any, error) {
	p := describe(c.in, v.Session, v.Conversation, v.Document, v.Chain.Version)
	p.Sequence, p.Timestamp, p.Resumed = v.Chain.Sequence, c.face.cfg.Now().UnixMilli(), resumed
	if !v.Session.Predecessor.IsZero() {
		p.Predecessor = v.Session.Predecessor.String()
	}
	if resumed == nil || !*resumed {
		list, err := c.face.cfg.Core.Transcript(c.face.ctx, session.MessageFilter{
			Session: v.Session.ID, Last: true, Limit: session.ReconnectMessages,
		})
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(m *session.Message) bool { return m.Hidden() || m.Sequence > v.Chain.Sequence })
		p.Messages = make([]messageRecord, 0, len(list))
		for _, m := range list {
			p.Messages = append(p.Messages, record(c.face.cfg.Files, m))
		}
	}
	err := c.socket.Emit("session:reconnected", p)
	c.attach(v.Chain.ID, v.Session.ID, v.Chain.Sequence)
	return p, err
}
