package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/internal/session"
)

// pageLimit bounds every list; a limit of 0 means the bound.
const pageLimit = 1000

func bounded(limit int) int64 {
	if limit <= 0 || limit > pageLimit {
		return pageLimit
	}
	return int64(limit)
}

// lists are the reads of session.Store that are no single row.
type lists struct{ readers *readers }

// Sessions is session.Store's. A page has at most 1,000.
func (s lists) Sessions(ctx context.Context, f session.SessionFilter) (list []*session.Session, err error) {
	var where []string
	var args []any
	add := func(set bool, term string, value any) {
		if set {
			where, args = append(where, term), append(args, value)
		}
	}
	add(f.Integration != "", "integration = ?", f.Integration)
	add(!f.Client.IsZero(), "client = ?", f.Client[:])
	add(f.Status != "", "status = ?", string(f.Status))
	add(f.ExternalID != "", "external_id = ? AND external_id <> ''", f.ExternalID)
	add(!f.Before.IsZero(), "id < ?", f.Before[:])
	if e := f.Endless; e != (session.Endless{}) {
		where = append(where, endlessTerm)
		args = append(args, e.CreatedBefore, e.CreatedBefore, e.LookAfter)
	}
	text := selectSession
	if len(where) > 0 {
		text += "WHERE " + strings.Join(where, " AND ")
	}
	args = append(args, bounded(f.Limit))
	err = s.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, text+" ORDER BY id DESC LIMIT ?", scanSession, args...)
		return err
	})
	return list, err
}

// endlessTerm is session.Endless.
const endlessTerm = `status = 'active' AND created_ms < ?
	AND (check_ms < ? OR check_ms > ? OR integration NOT IN (SELECT id FROM integrations))`

// Messages is session.Store's. A page has at most 1,000.
func (s lists) Messages(ctx context.Context, f session.MessageFilter) (list []*session.Message, err error) {
	text, args := messageQuery(f)
	err = s.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, text, scanMessage, args...)
		return err
	})
	if f.Last {
		slices.Reverse(list)
	}
	return list, err
}

func messageQuery(f session.MessageFilter) (string, []any) {
	if f.Session.IsZero() {
		if f.Outcome == session.OutcomeFailed { // the literal lets the partial index serve
			return selectMessage + `WHERE m.outcome = 'failed' ORDER BY m.id DESC LIMIT ?`, []any{bounded(f.Limit)}
		}
		return selectMessage + `WHERE m.outcome = ? AND m.author = 'user' ORDER BY m.id DESC LIMIT ?`,
			[]any{string(f.Outcome), bounded(f.Limit)}
	}
	text, args := selectMessage+`WHERE m.session = ? AND m.sequence > 0 AND m.sequence > ?`, []any{f.Session[:], f.After}
	if !f.Notes {
		text += ` AND m.author <> 'note'`
	}
	if f.Outcome != "" {
		text, args = text+` AND m.outcome = ?`, append(args, string(f.Outcome))
	}
	if f.Last {
		text += ` ORDER BY m.sequence DESC LIMIT ?`
	} else {
		text += ` ORDER BY m.sequence LIMIT ?`
	}
	return text, append(args, bounded(f.Limit))
}

func scanEvent(r *row) *session.Event {
	ev := &session.Event{Chain: r.id(), Sequence: r.int(), Session: r.id(), AtMs: r.int(), Kind: r.text(), Body: r.json()}
	if m := scanMessage(r); !m.ID.IsZero() {
		ev.Message = m
	}
	return ev
}

// Events is session.Store's. A page has at most 1,000.
func (s lists) Events(ctx context.Context, chain session.ID, after int64, limit int) (list []*session.Event, err error) {
	err = s.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, `SELECT e.chain, e.sequence, e.session, e.at_ms, e.kind, e.body, `+messageColumns+`
			FROM events e LEFT JOIN messages m ON m.id = e.message
			WHERE e.chain = ? AND e.sequence > ? ORDER BY e.sequence LIMIT ?`, scanEvent, chain[:], after, bounded(limit))
		return err
	})
	return list, err
}

func scanID(r *row) *session.ID {
	id := r.id()
	return &id
}

func values[T any](list []*T) []T {
	plain := make([]T, len(list))
	for i, v := range list {
		plain[i] = *v
	}
	return plain
}

// Releases is session.Store's.
func (s lists) Releases(ctx context.Context) (counts []session.ReleaseCount, err error) {
	err = s.readers.view(ctx, func(r *rows) error {
		list, err := readAll(r, `SELECT integration, bot_release, count(*) FROM sessions WHERE status = 'active'
			GROUP BY integration, bot_release ORDER BY integration, bot_release`, func(r *row) *session.ReleaseCount {
			return &session.ReleaseCount{Integration: r.text(), Release: int(r.int()), Open: r.int()}
		})
		counts = values(list)
		return err
	})
	return counts, err
}

// Waiting is session.Store's. A limit of 0 stands for all: the recovery after a
// crash must see every client, and an id is small.
func (s lists) Waiting(ctx context.Context, besides []session.ID, limit int) (clients []session.Waiting, err error) {
	if limit <= 0 {
		limit = -1 // SQLite's word for no limit
	}
	err = s.readers.view(ctx, func(r *rows) error {
		list, err := readAll(r, `SELECT m.client, c.holder FROM messages m JOIN clients c ON c.id = m.client
			WHERE m.sequence = 0 AND m.number > 0 AND (c.holder IS NULL OR hex(c.holder) NOT IN (SELECT value FROM json_each(?)))
			GROUP BY m.client ORDER BY min(m.rowid) LIMIT ?`, scanInbox, hexList(besides), int64(limit))
		clients = values(list)
		return err
	})
	return clients, err
}

func scanInbox(r *row) *session.Waiting {
	return &session.Waiting{Client: r.id(), Holder: r.id()}
}

// hexList is a list of ids as JSON, which SQLite takes as one parameter.
func hexList(ids []session.ID) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = fmt.Sprintf("%X", id[:])
	}
	raw, _ := json.Marshal(list) // strings only
	return string(raw)
}

// Heads is session.Store's.
func (s lists) Heads(ctx context.Context, chains []session.ID) (heads map[session.ID]int64, err error) {
	heads = make(map[session.ID]int64, len(chains))
	err = s.readers.view(ctx, func(r *rows) error {
		_, err := readAll(r, `SELECT c.id, c.sequence FROM json_each(?) j JOIN chains c ON c.id = unhex(j.value)`, func(r *row) *struct{} {
			heads[r.id()] = r.int()
			return nil
		}, hexList(chains))
		return err
	})
	return heads, err
}

// Due is session.Store's.
func (s lists) Due(ctx context.Context, nowMs int64, limit int) (timers []*session.Timer, sessions []session.ID, err error) {
	err = s.readers.view(ctx, func(r *rows) error {
		if timers, err = readAll(r, selectTimer+`WHERE due_ms <= ? ORDER BY due_ms LIMIT ?`, scanTimer, nowMs, bounded(limit)); err != nil {
			return err
		}
		list, err := readAll(r, `SELECT id FROM sessions WHERE status = 'active' AND check_ms <= ? ORDER BY check_ms LIMIT ?`,
			scanID, nowMs, bounded(limit))
		sessions = values(list)
		return err
	})
	return timers, sessions, err
}
