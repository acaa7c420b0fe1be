package postgres

import (
	"context"
	"math"
	"slices"

	"parley/internal/session"
)

// lists are the pages that a store reads, each by one statement.
type lists struct{ *database }

// ask reads the rows of one statement: by views what is found by its key, by readers
// what is sought.
func ask[T any](ctx context.Context, p *pool, s *step, scan func(*row) *T) (list []*T, err error) {
	s.read = func(r *row) { list = append(list, scan(r)) }
	err = refusal(p.with(ctx, func(c *conn) error { return c.run(s) }))
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Sessions is session.Store's. A page has at most 1,000.
func (l lists) Sessions(ctx context.Context, f session.SessionFilter) ([]*session.Session, error) {
	args := []any{f.Integration, ref(f.Client), string(f.Status), f.ExternalID, ref(f.Before), bounded(f.Limit)}
	if e := f.Endless; e != (session.Endless{}) {
		return ask(ctx, l.readers, &step{name: "EndlessSessions", planned: true, args: append(args, e.CreatedBefore, e.LookAfter)}, scanSession)
	}
	return ask(ctx, l.readers, &step{name: "Sessions", planned: true, args: args}, scanSession)
}

// Messages is session.Store's. A page has at most 1,000.
func (l lists) Messages(ctx context.Context, f session.MessageFilter) ([]*session.Message, error) {
	list, err := ask(ctx, l.readers, messageQuery(f), scanMessage)
	if f.Last {
		slices.Reverse(list)
	}
	return list, err
}

func messageQuery(f session.MessageFilter) *step {
	switch {
	case f.Session.IsZero() && f.Outcome == session.OutcomeFailed:
		return &step{name: "FailedMessages", args: []any{bounded(f.Limit)}}
	case f.Session.IsZero():
		return &step{name: "MessagesByOutcome", args: []any{string(f.Outcome), bounded(f.Limit)}}
	}
	s := &step{name: "Transcript", args: []any{f.Session, f.After, f.Notes, string(f.Outcome), bounded(f.Limit)}}
	if f.Last {
		s.name = "TranscriptEnd"
	}
	return s
}

// Events is session.Store's. A page has at most 1,000.
func (l lists) Events(ctx context.Context, chain session.ID, after int64, limit int) ([]*session.Event, error) {
	return ask(ctx, l.views, &step{name: "Events", args: []any{chain, after, bounded(limit)}}, scanEvent)
}

// Releases is session.Store's.
func (l lists) Releases(ctx context.Context) ([]session.ReleaseCount, error) {
	list, err := ask(ctx, l.readers, &step{name: "ReleaseCounts"}, func(r *row) *session.ReleaseCount {
		return &session.ReleaseCount{Integration: r.text(), Release: int(r.int()), Open: r.int()}
	})
	return values(list), err
}

// Waiting is session.Store's. A limit of 0 stands for all: the recovery after a
// crash must see every client, and an id is small.
func (l lists) Waiting(ctx context.Context, besides []session.ID, limit int) ([]session.Waiting, error) {
	most := int64(limit)
	if limit <= 0 {
		most = math.MaxInt64
	}
	list, err := ask(ctx, l.readers, &step{name: "Waiting", args: []any{besides, most}}, func(r *row) *session.Waiting {
		return &session.Waiting{Client: r.id(), Holder: r.id()}
	})
	return values(list), err
}

// Heads is session.Store's.
func (l lists) Heads(ctx context.Context, chains []session.ID) (map[session.ID]int64, error) {
	heads := make(map[session.ID]int64, len(chains))
	_, err := ask(ctx, l.views, &step{name: "Heads", args: []any{chains}}, func(r *row) *struct{} {
		heads[r.id()] = r.int()
		return nil
	})
	return heads, err
}

// Due is session.Store's.
func (l lists) Due(ctx context.Context, nowMs int64, limit int) (timers []*session.Timer, sessions []session.ID, err error) {
	err = refusal(l.readers.with(ctx, func(c *conn) error {
		return c.run(
			&step{name: "DueTimers", args: []any{nowMs, bounded(limit)}, read: func(r *row) { timers = append(timers, scanTimer(r)) }},
			&step{name: "DueSessions", args: []any{nowMs, bounded(limit)}, read: func(r *row) { sessions = append(sessions, r.id()) }},
		)
	}))
	return timers, sessions, err
}
