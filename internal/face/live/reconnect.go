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
	whole, err := r.flag("chain")
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
		return c.reconnected(v, &ok, whole)
	}
	if !v.Session.Handle() {
		return nil, errForeign
	}
	return c.reconnected(v, nil, whole)
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
	if v, err = c.face.cfg.Core.Look(c.ctx, c.in, id); err != nil {
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
		list, err := c.face.cfg.Core.Events(c.ctx, v.Chain.ID, after, 256)
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
// complete replay the answer carries the last messages; whole: of the earlier
// sessions of the chain, too.
func (c *call) reconnected(v *session.View, resumed *bool, whole bool) (any, error) {
	p := describe(c.in, v.Session, v.Conversation, v.Document, v.Chain.Version)
	p.Sequence, p.Timestamp, p.Resumed, p.Seen = v.Chain.Sequence, c.face.cfg.Now().UnixMilli(), resumed, v.Chain.Marks.Seen
	if !v.Session.Predecessor.IsZero() {
		p.Predecessor = v.Session.Predecessor.String()
	}
	if talk := v.Conversation; talk != nil && v.Session.Open() {
		st, err := c.face.cfg.Core.Standing(c.in, talk)
		if err != nil {
			return nil, err
		}
		p.Standing, p.ClosedMs, p.Rating = standingOf(st), talk.ClosedMs, talk.Rating
	}
	if resumed == nil || !*resumed {
		list, err := c.recent(v, whole)
		if err != nil {
			return nil, err
		}
		p.Messages = make([]messageRecord, 0, len(list))
		for _, m := range list {
			p.Messages = append(p.Messages, record(c.face.cfg.Files, m))
		}
	}
	err := c.socket.Emit("session:reconnected", p)
	c.attach(v.Chain.ID, v.Session.ID, v.Chain.Sequence)
	return p, err
}

// recent gathers the last messages of the head, or of the whole chain up to it,
// in order.
func (c *call) recent(v *session.View, whole bool) ([]*session.Message, error) {
	var all []*session.Message
	at := v.Session
	for range session.ReconnectSessions {
		list, err := c.face.cfg.Core.Transcript(c.ctx, session.MessageFilter{
			Session: at.ID, Last: true, Limit: session.ReconnectMessages - len(all),
		})
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(m *session.Message) bool { return m.Hidden() || m.Sequence > v.Chain.Sequence })
		all = append(list, all...)
		if !whole || at.Predecessor.IsZero() || len(all) >= session.ReconnectMessages {
			break
		}
		before, err := c.face.cfg.Core.At(c.ctx, c.in, at.Predecessor)
		if err != nil {
			return nil, err
		}
		at = before.Session
	}
	return all, nil
}

// standing serves conversation:standing: where the conversation waits now, for
// a client that shows its place in the line.
func standing(c *call, r request) (any, error) {
	v, err := acting(c, r)
	if err != nil {
		return nil, err
	}
	st, err := c.face.cfg.Core.Standing(c.in, v.Conversation)
	return struct {
		SessionID string           `json:"session_id"`
		Standing  *standingPayload `json:"standing,omitempty"`
	}{v.Session.ID.String(), standingOf(st)}, err
}
