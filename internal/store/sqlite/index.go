package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"parley/internal/inbox"
	"parley/internal/session"
)

// Index is an inbox.Index. Its writes go through the writer's queue and share
// its commits.
type Index struct{ store *Store }

// Index returns the port of the desk's list.
func (s *Store) Index() *Index { return &Index{store: s} }

// scanThread reads a row's JSON, which Put wrote.
func scanThread(broken *error) func(*row) *inbox.Row {
	return func(r *row) *inbox.Row {
		t := &inbox.Row{}
		if err := json.Unmarshal(r.json(), t); err != nil {
			*broken = fmt.Errorf("row of a thread: %w", err)
		}
		return t
	}
}

func (x *Index) threads(ctx context.Context, text string, args ...any) (list []*inbox.Row, err error) {
	var broken error
	err = x.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, text, scanThread(&broken), args...)
		return err
	})
	if err == nil {
		err = broken
	}
	return list, err
}

// Rows is inbox.Index's.
func (x *Index) Rows(ctx context.Context, ids []session.ID) ([]*inbox.Row, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return x.threads(ctx, `SELECT row FROM threads WHERE id IN (SELECT unhex(replace(value, '-', '')) FROM json_each(?))`, text(list))
}

// Changed is inbox.Index's. Nobody asks where there is one node, so no index
// serves it.
func (x *Index) Changed(ctx context.Context, sinceMs int64) (lines []inbox.Line, err error) {
	err = x.store.readers.view(ctx, func(r *rows) error {
		list, err := readAll(r, `SELECT id, sequence, status FROM threads WHERE updated_ms >= ? ORDER BY updated_ms, id`, scanLine, sinceMs)
		lines = values(list)
		return err
	})
	return lines, err
}

func scanLine(r *row) *inbox.Line {
	return &inbox.Line{ID: r.id(), Sequence: r.int(), Status: inbox.Status(r.text())}
}

// Stale is inbox.Index's.
func (x *Index) Stale(ctx context.Context, integrations []string, after session.ID, limit int) (stale []session.ID, last session.ID, err error) {
	mine, err := json.Marshal(integrations)
	if err != nil {
		return nil, last, err
	}
	seen := 0
	scan := func(r *row) *session.ID {
		last = r.id()
		seen++
		if r.flag() {
			stale = append(stale, last)
		}
		return &last
	}
	err = x.store.readers.view(ctx, func(r *rows) error {
		_, err := readAll(r, `SELECT c.id, coalesce(t.sequence, 0) < c.sequence
			AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = c.head AND s.integration IN (SELECT value FROM json_each(?)))
			FROM chains c LEFT JOIN threads t ON t.id = c.id WHERE c.id > ? ORDER BY c.id LIMIT ?`,
			scan, text(mine), after[:], int64(limit))
		return err
	})
	if seen < limit {
		last = session.ID{}
	}
	return stale, last, err
}

// Orphans is inbox.Index's.
func (x *Index) Orphans(ctx context.Context, among []session.ID, limit int) (list []session.ID, err error) {
	ids, err := json.Marshal(among)
	if err != nil {
		return nil, err
	}
	err = x.store.readers.view(ctx, func(r *rows) error {
		found, err := readAll(r, `SELECT t.id FROM threads t WHERE NOT EXISTS (SELECT 1 FROM chains c WHERE c.id = t.id)
			AND (?1 OR t.id IN (SELECT unhex(replace(value, '-', '')) FROM json_each(?2))) LIMIT ?3`, scanID, among == nil, text(ids), int64(limit))
		list = values(found)
		return err
	})
	return list, err
}

// selection builds the terms of a filter. What the statuses of a tab are is
// written as text where that lets an index serve.
type selection struct {
	terms []string
	args  []any
}

func (q *selection) add(set bool, term string, args ...any) {
	if set {
		q.terms, q.args = append(q.terms, term), append(q.args, args...)
	}
}

func selectThreads(f *inbox.Filter) *selection {
	q := &selection{}
	agent := f.Agent
	if f.Tab == inbox.TabMine {
		q.add(agent != "", `agent = ?`, agent)
		agent = f.Viewer
	}
	q.add(agent != "", `agent = ? AND agent <> ''`, agent)
	switch {
	case f.Status == inbox.StatusAny:
	case f.Status != "":
		q.add(true, `status = ?`, string(f.Status))
	case agent != "":
		q.add(true, `status = 'open'`)
	case f.Tab == inbox.TabUnassigned:
		q.add(true, `status = 'queued'`)
	default:
		q.add(true, `active = 1`)
	}
	q.add(f.Tab == inbox.TabUnassigned, `owner = 'queue'`)
	q.add(f.Department != "", `department = ?`, f.Department)
	q.add(f.Integration != "", `integration = ?`, f.Integration)
	q.add(!f.Client.IsZero(), `client = ?`, f.Client[:])
	if words, err := inbox.ParseQuery(f.Query); f.Query != "" && err == nil {
		q.add(true, `id IN (SELECT thread FROM thread_texts WHERE pk IN
				(SELECT rowid FROM thread_search WHERE thread_search MATCH ? ORDER BY rowid DESC LIMIT ?)
			UNION SELECT t.id FROM people p JOIN threads t ON t.client = p.client WHERE p.pk IN
				(SELECT rowid FROM people_search WHERE people_search MATCH ? ORDER BY rowid DESC LIMIT ?))`,
			match(words), int64(inbox.QueryDepth), matchPeople(words, f.Hidden), int64(inbox.QueryDepth))
	}
	return q
}

func (q *selection) where() string {
	if len(q.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(q.terms, " AND ")
}

// match asks for every word at the start of a word. Words hold only letters,
// marks and digits, so quoting is all they need.
func match(q inbox.Query) string {
	terms := make([]string, len(q))
	for i, word := range q {
		terms[i] = `"` + word + `" *`
	}
	return strings.Join(terms, " ")
}

func matchPeople(q inbox.Query, hidden bool) string {
	if hidden {
		return `{shown} : (` + match(q) + `)`
	}
	return match(q)
}

// List is inbox.Index's.
func (x *Index) List(ctx context.Context, f inbox.Filter) ([]*inbox.Row, error) {
	at, err := f.Position()
	if err != nil {
		return nil, err
	}
	q, key := selectThreads(&f), "latest"
	if f.Sort == inbox.SortWaiting {
		key = "waiting"
	}
	if at != nil {
		q.add(true, `(`+key+`, id) > (?, ?)`, at.Key, at.ID[:])
	}
	return x.threads(ctx, `SELECT row FROM threads`+q.where()+` ORDER BY `+key+`, id LIMIT ?`, append(q.args, int64(f.Limit))...)
}

// Lines is inbox.Index's.
func (x *Index) Lines(ctx context.Context, f inbox.Filter) (lines []inbox.Line, err error) {
	q := selectThreads(&f)
	err = x.store.readers.view(ctx, func(r *rows) error {
		list, err := readAll(r, `SELECT id, sequence, status FROM threads`+q.where(), scanLine, q.args...)
		lines = values(list)
		return err
	})
	return lines, err
}

// Totals is inbox.Index's.
func (x *Index) Totals(ctx context.Context, integration string) (totals []inbox.Total, err error) {
	err = x.store.readers.view(ctx, func(r *rows) error {
		list, err := readAll(r, `SELECT status, agent, count(*) FROM threads
			WHERE status IN ('bot', 'queued', 'open', 'snoozed') AND (?1 = '' OR integration = ?1)
			GROUP BY status, agent ORDER BY status, agent`, func(r *row) *inbox.Total {
			return &inbox.Total{Status: inbox.Status(r.text()), Agent: r.text(), Count: int(r.int())}
		}, integration)
		totals = values(list)
		return err
	})
	return totals, err
}

// Messages is inbox.Index's.
func (x *Index) Messages(ctx context.Context, q inbox.Query, limit int) (hits []*inbox.Hit, err error) {
	var broken error
	thread := scanThread(&broken)
	err = x.store.readers.view(ctx, func(r *rows) error {
		hits, err = readAll(r, `SELECT w.thread, w.sequence, w.at_ms, w.author, w.text, t.row
			FROM thread_search s JOIN thread_texts w ON w.pk = s.rowid JOIN threads t ON t.id = w.thread
			WHERE s.thread_search MATCH ? ORDER BY s.rowid DESC LIMIT ?`, func(r *row) *inbox.Hit {
			return &inbox.Hit{Thread: r.id(), Sequence: r.int(), AtMs: r.int(), Author: r.text(), Text: r.text(), Row: thread(r)}
		}, match(q), int64(limit))
		return err
	})
	if err == nil {
		err = broken
	}
	return hits, err
}

// People is inbox.Index's.
func (x *Index) People(ctx context.Context, q inbox.Query, hidden bool, limit int) (list []*inbox.Person, err error) {
	err = x.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, `SELECT client, integration, thread, name, email, last_ms FROM people WHERE pk IN
				(SELECT rowid FROM people_search WHERE people_search MATCH ? ORDER BY rowid DESC LIMIT ?)
			ORDER BY last_ms DESC, client LIMIT ?`, func(r *row) *inbox.Person {
			return &inbox.Person{Client: r.id(), Integration: r.text(), Thread: r.id(), Name: r.text(), Email: r.text(), LastMs: r.int()}
		}, matchPeople(q, hidden), int64(inbox.QueryDepth), int64(limit))
		return err
	})
	return list, err
}

// Conversations is inbox.Index's. Ids grow with time, so they serve as the
// index of the opening.
func (x *Index) Conversations(ctx context.Context, p inbox.Period, read func(inbox.Fact)) error {
	from, to := firstID(p.FromMs), firstID(p.ToMs)
	return x.store.readers.view(ctx, func(r *rows) error {
		return r.note(r.conn.each(`SELECT opened_ms, queued_ms, answered_ms, closed_ms, owner = 'agent' OR answered_ms > 0, rated_ms, rating
			FROM conversations WHERE (?1 = '' OR integration = ?1) AND id IN (
				SELECT id FROM conversations WHERE id >= ?2 AND id < ?3
				UNION SELECT id FROM conversations WHERE closed_ms >= ?4 AND closed_ms < ?5 AND closed_ms > 0
				UNION SELECT id FROM conversations WHERE answered_ms >= ?4 AND answered_ms < ?5 AND answered_ms > 0
				UNION SELECT id FROM conversations WHERE rated_ms >= ?4 AND rated_ms < ?5 AND rated_ms > 0)`, func(r *row) {
			read(inbox.Fact{OpenedMs: r.int(), QueuedMs: r.int(), AnsweredMs: r.int(), ClosedMs: r.int(), Human: r.flag(), RatedMs: r.int(), Rating: int(r.int())})
		}, p.Integration, from[:], to[:], p.FromMs, p.ToMs))
	})
}
