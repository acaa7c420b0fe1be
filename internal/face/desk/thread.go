package desk

import (
	"context"
	"math"

	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/session"
)

// thread is one thread as it is now. Its id stands for the newest session of
// its chain.
type thread struct {
	id   session.ID
	in   *session.Integration
	view *session.View
}

// thread finds a thread of an integration that has a desk.
func (f *Face) thread(ctx context.Context, id session.ID) (*thread, error) {
	row, err := f.cfg.Inbox.Row(ctx, id, false)
	if session.CodeOf(err) == session.CodeNotFound { // it may be too new to have a row
		row, err = f.cfg.Inbox.Refresh(ctx, id, false)
	}
	if err != nil {
		return nil, err
	}
	in, known := f.cfg.Directory.Integration(row.Integration)
	if !known {
		return nil, gone("thread")
	}
	view, err := f.cfg.Core.Look(ctx, in, id)
	if err != nil {
		return nil, err
	}
	return &thread{id, in, view}, nil
}

// masked reports whether the caller sees some fields of the context as ***.
func (c *call) masked() bool { return masks(c.caller.Agent) }

func masks(a *desk.Agent) bool { return !a.Role.Allows(desk.PermissionManage) }

// named finds the thread of the path.
func named(c *call) (*thread, error) {
	id, err := session.ParseID(c.r.PathValue("thread_id"))
	if err != nil {
		return nil, gone("thread")
	}
	return c.face.thread(c.ctx, id)
}

// filterOf reads what selects rows.
func filterOf(c *call) (inbox.Filter, error) {
	limit, err := c.number("limit", inbox.DefaultPage, 1, inbox.MaxPage)
	return inbox.Filter{
		Tab: inbox.Tab(c.text("tab")), Viewer: c.caller.Agent.ID, Status: inbox.Status(c.text("status")), Department: c.text("department"),
		Integration: c.text("integration"), Agent: c.text("agent"), Sort: inbox.Sort(c.text("sort")), Query: c.text("query"),
		Hidden: c.masked(), After: c.text("after"), Limit: int(limit),
	}, err
}

type pageBody struct {
	Threads []*inbox.Row `json:"threads"`
	Next    *string      `json:"next"`
	Counts  inbox.Counts `json:"counts"`
	Cursor  int64        `json:"cursor"`
	Boot    string       `json:"boot"`
}

func listThreads(c *call) (answer, error) {
	f, err := filterOf(c)
	if err != nil {
		return answer{}, err
	}
	page, err := c.face.cfg.Inbox.List(c.ctx, f)
	if err != nil {
		return answer{}, err
	}
	feed := c.face.cfg.Inbox.Feed()
	body := pageBody{Threads: list(page.Rows), Counts: c.face.cfg.Inbox.Counts(c.caller.Agent.ID), Cursor: page.Cursor, Boot: feed.Boot()}
	if page.Next != "" {
		body.Next = &page.Next
	}
	return ok(body)
}

type clientBody struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	UserID  string `json:"user_id"`
	Threads int    `json:"threads_count"`
}

type sessionBody struct {
	ID        string  `json:"session_id"`
	OpenedAt  int64   `json:"opened_at"`
	EndedAt   *int64  `json:"ended_at"`
	Reason    string  `json:"reason"`
	Successor *string `json:"successor_id"`
}

type threadBody struct {
	Thread   *inbox.Row       `json:"thread"`
	Context  session.Document `json:"context"`
	Masked   []string         `json:"masked"` // paths that the caller sees as ***
	Version  int64            `json:"version"`
	Client   clientBody       `json:"client"`
	Sessions []sessionBody    `json:"sessions"` // newest first
	Marks    marksBody        `json:"marks"`
}

// marksBody are how far receipts came, as sequences.
type marksBody struct {
	Delivered int64 `json:"delivered"` // to the user
	Read      int64 `json:"read"`      // by the user
	Seen      int64 `json:"seen"`      // by people of the desk
}

func (t *thread) marks() marksBody {
	m := t.view.Chain.Marks
	return marksBody{m.Delivered, m.Read, m.Seen}
}

// threadSessions is how many sessions of a chain are shown.
const threadSessions = 50

func showThread(c *call) (answer, error) {
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	row, err := c.face.cfg.Inbox.Row(c.ctx, t.id, c.masked())
	if err != nil {
		return answer{}, err
	}
	previous, err := c.face.cfg.Inbox.List(c.ctx, threadsOf(c, t))
	if err != nil {
		return answer{}, err
	}
	doc, hidden := t.document(c.masked())
	body := threadBody{
		Thread: row, Context: doc, Masked: hidden, Version: t.view.Chain.Version, Marks: t.marks(),
		Client: clientBody{ID: t.view.Client.ID.String(), Name: row.Name, Threads: len(previous.Rows)},
	}
	user, _ := doc.At("user", "user_id")
	body.Client.UserID, _ = user.(string)
	if body.Sessions, err = sessionsOf(c, t); err != nil {
		return answer{}, err
	}
	return ok(body)
}

// document is the context as somebody may see it, with the paths of what is
// hidden from him.
func (t *thread) document(masked bool) (session.Document, []string) {
	if !masked {
		return t.view.Document, []string{}
	}
	return t.in.Settings.Redact(t.view.Document), list(t.in.Settings.Masked)
}

// sessionsOf lists the sessions of the client of a thread, newest first, with
// what ended them.
func sessionsOf(c *call, t *thread) ([]sessionBody, error) {
	all, err := c.face.cfg.Core.Sessions(c.ctx, session.SessionFilter{Integration: t.in.ID, Client: t.view.Client.ID, Limit: threadSessions})
	if err != nil {
		return nil, err
	}
	shown := make([]sessionBody, 0, len(all))
	for _, s := range all {
		one := sessionBody{ID: s.ID.String(), OpenedAt: s.CreatedMs, Reason: string(s.Reason)}
		if s.EndedMs > 0 {
			one.EndedAt = &s.EndedMs
		}
		if !s.Successor.IsZero() {
			next := s.Successor.String()
			one.Successor = &next
		}
		shown = append(shown, one)
	}
	return shown, nil
}

// threadsOf selects all threads of the thread's client, whatever their
// status.
func threadsOf(c *call, t *thread) inbox.Filter {
	return inbox.Filter{Client: t.view.Client.ID, Status: inbox.StatusAny, Hidden: c.masked(), Limit: inbox.MaxPage}
}

func listPrevious(c *call) (answer, error) {
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	page, err := c.face.cfg.Inbox.List(c.ctx, threadsOf(c, t))
	if err != nil {
		return answer{}, err
	}
	others := []*inbox.Row{}
	for _, row := range page.Rows {
		if row.ID != t.id {
			others = append(others, row)
		}
	}
	return ok(map[string]any{"threads": others})
}

// Pages of events.
const (
	eventsPage    = 100
	maxEventsPage = 500
)

type eventsBody struct {
	Events []event   `json:"events"`
	First  int64     `json:"first"` // sequence of the first one; where none is, of the next one there may be
	Last   int64     `json:"last"`  // sequence of the last one: open the thread live from here
	More   bool      `json:"more"`  // there are older ones
	Marks  marksBody `json:"marks"`
}

// listEvents returns events in order: those after a sequence, those before
// one, or the newest.
func listEvents(c *call) (answer, error) {
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	limit, err := c.number("limit", eventsPage, 1, maxEventsPage)
	if err != nil {
		return answer{}, err
	}
	before, err := c.number("before", t.view.Chain.Sequence+1, 1, math.MaxInt64)
	if err != nil {
		return answer{}, err
	}
	// Sequences have no gaps, so that a place is a number.
	after, err := c.number("after", max(0, min(before, t.view.Chain.Sequence+1)-1-limit), 0, math.MaxInt64)
	if err != nil {
		return answer{}, err
	}
	found, err := c.face.cfg.Core.Events(c.ctx, t.view.Chain.ID, after, int(limit))
	if err != nil {
		return answer{}, err
	}
	body := eventsBody{Events: []event{}, First: after + 1, Last: after, Marks: t.marks()}
	for _, ev := range found {
		if ev.Sequence < before {
			body.Events = append(body.Events, c.face.render(t.in, ev, c.masked()))
		}
	}
	if n := len(body.Events); n > 0 {
		body.First, body.Last = body.Events[0].Sequence, body.Events[n-1].Sequence
		oldest, err := c.face.cfg.Core.Events(c.ctx, t.view.Chain.ID, 0, 1)
		if err != nil {
			return answer{}, err
		}
		body.More = len(oldest) > 0 && oldest[0].Sequence < body.First
	}
	return ok(body)
}
