package inbox

import (
	"context"
	"errors"
	"slices"

	"parley/internal/session"
)

// read gathers the facts of chains: their rows as written, one snapshot of the
// store, and the events between the two. Chains without a conversation, or
// without a desk, or that did not move are left out.
func (x *projector) read(ctx context.Context, chains []session.ID) ([]*facts, error) {
	rows, err := x.cfg.Index.Rows(ctx, chains)
	if err != nil {
		return nil, err
	}
	old := map[session.ID]*Row{}
	for _, r := range rows {
		old[r.ID] = r
	}
	var found []*facts
	err = x.cfg.Store.View(ctx, func(rows session.Rows) error {
		for _, id := range chains {
			f, err := x.look(rows, id)
			if err != nil {
				return err
			}
			if f != nil && (old[id] == nil || old[id].Sequence < f.chain.Sequence) {
				f.old = old[id]
				found = append(found, f)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if err := x.listen(ctx, f); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// look reads one chain of a snapshot, nil when it has no place in the list.
func (x *projector) look(rows session.Rows, id session.ID) (*facts, error) {
	f := &facts{}
	var err error
	if f.chain, err = rows.Chain(id); err != nil {
		return nil, gone(err)
	}
	if f.session, err = rows.Session(f.chain.Head); err != nil {
		return nil, gone(err)
	}
	in, ok := x.cfg.Integration(f.session.Integration)
	if !ok || !in.Settings.Desk {
		return nil, nil
	}
	f.in = in
	if err := f.converse(rows); err != nil || !f.spoken {
		return nil, err
	}
	raw, err := rows.Document(f.session.ID)
	if err != nil {
		return nil, gone(err)
	}
	f.doc, err = session.ParseDocument(raw, "")
	return f, err
}

func gone(err error) error {
	if errors.Is(err, session.ErrNoRow) {
		return nil
	}
	return err
}

// converse finds the newest conversation of the head. A head that has none yet
// belongs to a thread when a session before it had one.
func (f *facts) converse(rows session.Rows) error {
	for s := f.session; ; {
		talk, err := rows.Conversation(s.ID)
		if err == nil {
			if s == f.session {
				f.talk = talk
			}
			f.spoken = true
			return nil
		}
		if gone(err) != nil || s.Predecessor.IsZero() {
			return gone(err)
		}
		if s, err = rows.Session(s.Predecessor); err != nil {
			return gone(err)
		}
	}
}

// listen reads the events after the row, up to the snapshot.
func (x *projector) listen(ctx context.Context, f *facts) error {
	after := int64(0)
	if f.old != nil {
		after = f.old.Sequence
	}
	var err error
	if f.events, err = x.events(ctx, f.chain, after); err != nil {
		return err
	}
	n := len(f.events)
	f.more = n == eventPage && f.events[n-1].Sequence < f.chain.Sequence
	if !f.more && slices.ContainsFunc(f.events, readByPerson) {
		f.unseen, err = x.events(ctx, f.chain, f.chain.Marks.Seen)
	}
	return err
}

// events returns a page of a chain's events up to the snapshot.
func (x *projector) events(ctx context.Context, ch *session.Chain, after int64) ([]*session.Event, error) {
	list, err := x.cfg.Store.Events(ctx, ch.ID, after, eventPage)
	for len(list) > 0 && list[len(list)-1].Sequence > ch.Sequence {
		list = list[:len(list)-1]
	}
	return list, err
}
