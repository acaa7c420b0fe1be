package inbox

import (
	"context"

	"parley/internal/session"
)

// List returns a page of rows. It is at least as new as its cursor.
func (x *Inbox) List(ctx context.Context, f Filter) (*Page, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	p := &Page{Cursor: x.feed.Place()}
	limit := f.Limit
	f.Limit++
	rows, err := x.cfg.Index.List(ctx, f)
	if err != nil {
		return nil, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		p.Next = rows[limit-1].next(f.Sort)
	}
	p.Rows = x.shown(rows, f.Hidden)
	return p, nil
}

// Row returns one thread, with session.CodeNotFound where there is none.
func (x *Inbox) Row(ctx context.Context, id session.ID, hidden bool) (*Row, error) {
	rows, err := x.cfg.Index.Rows(ctx, []session.ID{id})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, &session.Error{Code: session.CodeNotFound, Message: "no such thread"}
	}
	return x.shown(rows, hidden)[0], nil
}

// Refresh writes the row of a thread at once and returns it: what an agent's
// own action changed is in its answer.
func (x *Inbox) Refresh(ctx context.Context, id session.ID, hidden bool) (*Row, error) {
	if err := x.write(ctx, []session.ID{id}); err != nil {
		return nil, err
	}
	return x.Row(ctx, id, hidden)
}

// Counts returns the numbers beside a viewer's tabs, from memory.
func (x *Inbox) Counts(viewer string) Counts { return x.tally.of(viewer) }

// Standing counts the conversations that are not over by status: bot, queued, open and
// snoozed, each also when it is 0.
func (x *Inbox) Standing() map[string]int {
	standing := map[string]int{}
	for _, s := range []Status{StatusBot, StatusQueued, StatusOpen, StatusSnoozed} {
		standing[string(s)] = x.tally.status(s)
	}
	return standing
}

// Checksum sums up the list of a tab. The page's list has to be the same once it has applied the feed up
// to the checksum's cursor.
func (x *Inbox) Checksum(ctx context.Context, tab Tab, viewer string) (*Checksum, error) {
	x.writing.RLock()
	defer x.writing.RUnlock()
	return x.sum(ctx, tab, viewer)
}

// sum reads what all viewers share once for as long as nothing moves. The caller
// holds writing.
func (x *Inbox) sum(ctx context.Context, tab Tab, viewer string) (*Checksum, error) {
	f := Filter{Tab: tab, Viewer: viewer}
	if err := f.Check(); err != nil {
		return nil, err
	}
	cursor := x.feed.Cursor()
	if known, ok := x.sums.Load(f.Tab); ok && known.(*Checksum).Cursor == cursor && f.Tab != TabMine {
		return known.(*Checksum), nil
	}
	lines, err := x.cfg.Index.Lines(ctx, f)
	if err != nil {
		return nil, err
	}
	made := &Checksum{Tab: f.Tab, Count: len(lines), Hash: Hash(lines), Cursor: cursor}
	if f.Tab != TabMine {
		x.sums.Store(f.Tab, made)
	}
	return made, nil
}

// Verify is Checksum for one reader: the updates that it has not seen yet, and
// the sum that holds once it has applied them. With reset it has to read the list
// again. The sum is nil where other nodes write so fast that it would not hold.
func (x *Inbox) Verify(ctx context.Context, s *Subscription, tab Tab, viewer string) (updates []*Update, reset bool, sum *Checksum, err error) {
	if x.neighbour == nil {
		x.writing.RLock() // nothing is told meanwhile
		defer x.writing.RUnlock()
		sum, err = x.sum(ctx, tab, viewer)
	} else {
		x.writing.Lock()
		defer x.writing.Unlock()
		sum, err = x.neighbour.settled(ctx, func() (*Checksum, error) { return x.sum(ctx, tab, viewer) })
	}
	if err != nil {
		return nil, false, nil, err
	}
	updates, reset = s.Pending()
	return updates, reset, sum, nil
}

// Found is what a search found.
type Found struct {
	Messages []FoundMessage `json:"messages"`
	People   []*Person      `json:"people"`
}

// FoundMessage is a message that holds the words of a search.
type FoundMessage struct {
	Thread   session.ID `json:"thread_id"`
	Sequence int64      `json:"sequence"`
	AtMs     int64      `json:"at"`
	Author   string     `json:"author"`
	Snippet  Snippet    `json:"snippet"`
	Name     string     `json:"name"` // of the thread's person
}

// Search finds messages and people, at most limit of each (0 = DefaultHits,
// most MaxHits). hidden is the view of a role that sees masked fields as ***:
// it neither shows them nor finds by them.
func (x *Inbox) Search(ctx context.Context, typed string, hidden bool, limit int) (*Found, error) {
	q, err := ParseQuery(typed)
	if err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = DefaultHits
	}
	if limit < 1 || limit > MaxHits {
		return nil, session.Invalid("limit", "must be 1 to %d", MaxHits)
	}
	hits, err := x.cfg.Index.Messages(ctx, q, limit)
	if err != nil {
		return nil, err
	}
	people, err := x.cfg.Index.People(ctx, q, hidden, limit)
	if err != nil {
		return nil, err
	}
	return &Found{Messages: x.messages(q, hits, hidden), People: x.people(people, hidden)}, nil
}

func (x *Inbox) messages(q Query, hits []*Hit, hidden bool) []FoundMessage {
	list := make([]FoundMessage, 0, len(hits))
	for _, h := range hits {
		row := x.shown([]*Row{h.Row}, hidden)[0]
		list = append(list, FoundMessage{h.Thread, h.Sequence, h.AtMs, h.Author, q.Cut(h.Text), row.Name})
	}
	return list
}

func (x *Inbox) people(list []*Person, hidden bool) []*Person {
	people := make([]*Person, 0, len(list))
	for _, p := range list {
		if hidden {
			r := x.redact(&Row{Integration: p.Integration, Name: p.Name, Email: p.Email})
			shown := *p
			shown.Name, shown.Email = r.Name, r.Email
			p = &shown
		}
		people = append(people, p)
	}
	return people
}

// Report returns the figures of a period, and of now.
func (x *Inbox) Report(ctx context.Context, p Period) (*Report, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	g := figures{period: p}
	if err := x.cfg.Index.Conversations(ctx, p, g.add); err != nil {
		return nil, err
	}
	totals, err := x.cfg.Index.Totals(ctx, p.Integration)
	if err != nil {
		return nil, err
	}
	r := g.report()
	for _, t := range totals {
		switch t.Status {
		case StatusQueued:
			r.WaitingNow += t.Count
		case StatusOpen:
			r.OpenNow += t.Count
		case StatusBot:
			r.BotNow += t.Count
		}
	}
	return r, nil
}
