package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"parley/internal/inbox"
	"parley/internal/session"
)

// Index is an inbox.Index. Several nodes write to it.
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

// planned runs a query that is planned with its values: which index serves
// depends on the terms that are set, or on how common a word is.
func (x *Index) planned(ctx context.Context, query string, read func(*row), args ...any) error {
	return x.store.reading(ctx, func(c *conn) error {
		return c.run(&step{name: query, args: args, read: read, planned: true})
	})
}

// Rows is inbox.Index's.
func (x *Index) Rows(ctx context.Context, ids []session.ID) ([]*inbox.Row, error) {
	var broken error
	list, err := selected(ctx, x.store, "GetThreads", scanThread(&broken), ids)
	if err == nil {
		err = broken
	}
	return list, err
}

// Changed is inbox.Index's.
func (x *Index) Changed(ctx context.Context, sinceMs int64) ([]inbox.Line, error) {
	list, err := selected(ctx, x.store, "ListChangedThreads", scanLine, sinceMs)
	return values(list), err
}

func scanLine(r *row) *inbox.Line {
	return &inbox.Line{ID: r.id(), Sequence: r.int(), Status: inbox.Status(r.text())}
}

// Stale is inbox.Index's.
func (x *Index) Stale(ctx context.Context, integrations []string, after session.ID, limit int) (stale []session.ID, last session.ID, err error) {
	seen := 0
	err = x.store.reading(ctx, func(c *conn) error {
		return c.each("ListStaleThreads", func(r *row) {
			last = r.id()
			seen++
			if r.flag() {
				stale = append(stale, last)
			}
		}, integrations, after, limit)
	})
	if seen < limit {
		last = session.ID{}
	}
	return stale, last, err
}

// Orphans is inbox.Index's.
func (x *Index) Orphans(ctx context.Context, among []session.ID, limit int) (list []session.ID, err error) {
	var ids any
	if among != nil {
		ids = among
	}
	err = x.planned(ctx, "ListOrphanThreads", func(r *row) { list = append(list, r.id()) }, ids, limit)
	return list, err
}

// terms are the arguments of the terms of a filter, $1 to $11 of the lists.
func terms(f *inbox.Filter) []any {
	agent, viewer, status, active := f.Agent, "", "", false
	if f.Tab == inbox.TabMine {
		agent, viewer = f.Viewer, f.Agent
	}
	switch {
	case f.Status == inbox.StatusAny:
	case f.Status != "":
		status = string(f.Status)
	case agent != "":
		status = string(inbox.StatusOpen)
	case f.Tab == inbox.TabUnassigned:
		status = string(inbox.StatusQueued)
	default:
		active = true
	}
	owner := ""
	if f.Tab == inbox.TabUnassigned {
		owner = string(session.OwnerQueue)
	}
	var words any
	if q, err := inbox.ParseQuery(f.Query); f.Query != "" && err == nil {
		words = match(q)
	}
	return []any{agent, viewer, status, active, owner, f.Department, f.Integration, ref(f.Client), words, f.Hidden, inbox.QueryDepth}
}

// match asks for every word at the start of a word. Words hold only letters,
// marks and digits, so quoting is all they need.
func match(q inbox.Query) string {
	var terms []string
	for _, typed := range q {
		for _, word := range inbox.Words(typed) {
			terms = append(terms, `'`+word+`':*`)
		}
	}
	return strings.Join(terms, " & ")
}

// List is inbox.Index's.
func (x *Index) List(ctx context.Context, f inbox.Filter) (list []*inbox.Row, err error) {
	at, err := f.Position()
	if err != nil {
		return nil, err
	}
	args := append(terms(&f), nil, nil)
	if at != nil {
		args = append(args[:len(args)-2], at.ID, at.Key)
	}
	var broken error
	scan := scanThread(&broken)
	err = x.planned(ctx, "ListThreads", func(r *row) { list = append(list, scan(r)) }, append(args, f.Sort == inbox.SortWaiting, f.Limit)...)
	if err == nil {
		err = broken
	}
	return list, err
}

// Lines is inbox.Index's.
func (x *Index) Lines(ctx context.Context, f inbox.Filter) (lines []inbox.Line, err error) {
	err = x.planned(ctx, "ListLines", func(r *row) { lines = append(lines, *scanLine(r)) }, terms(&f)...)
	return lines, err
}

// Totals is inbox.Index's.
func (x *Index) Totals(ctx context.Context, integration string) ([]inbox.Total, error) {
	list, err := selected(ctx, x.store, "CountThreads", func(r *row) *inbox.Total {
		return &inbox.Total{Status: inbox.Status(r.text()), Agent: r.text(), Count: int(r.int())}
	}, integration)
	return values(list), err
}

// Messages is inbox.Index's.
func (x *Index) Messages(ctx context.Context, q inbox.Query, limit int) (hits []*inbox.Hit, err error) {
	var broken error
	thread := scanThread(&broken)
	err = x.planned(ctx, "FindMessages", func(r *row) {
		hits = append(hits, &inbox.Hit{
			Thread: r.id(), Sequence: r.int(), AtMs: r.int(), Author: r.text(), Text: r.text(), Row: thread(r),
		})
	}, match(q), limit)
	if err == nil {
		err = broken
	}
	return hits, err
}

// People is inbox.Index's.
func (x *Index) People(ctx context.Context, q inbox.Query, hidden bool, limit int) (list []*inbox.Person, err error) {
	err = x.planned(ctx, "FindPeople", func(r *row) {
		list = append(list, &inbox.Person{
			Client: r.id(), Integration: r.text(), Thread: r.id(), Name: r.text(), Email: r.text(), LastMs: r.int(),
		})
	}, match(q), hidden, min(limit, inbox.QueryDepth))
	return list, err
}

// Conversations is inbox.Index's.
func (x *Index) Conversations(ctx context.Context, p inbox.Period, read func(inbox.Fact)) error {
	return x.planned(ctx, "ListFacts", func(r *row) {
		read(inbox.Fact{
			OpenedMs: r.int(), QueuedMs: r.int(), AnsweredMs: r.int(), ClosedMs: r.int(), Human: r.flag(), RatedMs: r.int(), Rating: int(r.int()),
		})
	}, p.Integration, firstID(p.FromMs), firstID(p.ToMs), p.FromMs, p.ToMs)
}
