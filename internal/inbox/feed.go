package inbox

import (
	"container/list"
	"context"
	"encoding/json"
	"sync"
	"time"

	"parley/internal/session"
)

// FeedThreads is how many threads the feed remembers the last update of. Who
// is further behind reads the list again.
const FeedThreads = 8192

// Feed tells how rows change. Updates are numbered; of each thread it keeps the
// newest one, so whoever comes late gets every thread's last state once, and
// whoever is slow holds nobody up. It lives in memory: after a restart it has
// another boot id and starts from nothing.
//
// Among many nodes the updates are numbered by the cluster's clock, in
// microseconds, and the boot id is the cluster's: what one node gave as a cursor
// another one understands, and sends a few seconds twice.
type Feed struct {
	boot   string
	redact func(*Row) *Row
	clock  func() time.Time // nil: one node, which counts

	mu      sync.Mutex
	cursor  int64
	placed  int64      // the last Place
	floor   int64      // updates up to it may be forgotten
	updates *list.List // of *Update, ascending
	last    map[session.ID]*list.Element
	changed chan struct{} // closed by the next update
}

// NewFeed returns an empty feed. redact makes the row that a role may see that
// does not see masked fields.
func NewFeed(boot string, redact func(*Row) *Row) *Feed {
	return &Feed{boot: boot, redact: redact, updates: list.New(), last: map[session.ID]*list.Element{}, changed: make(chan struct{})}
}

// Update is the newest change of one thread. Row is nil when it left the list
// for good.
type Update struct {
	Cursor int64
	ID     session.ID
	Row    *Row

	redact func(*Row) *Row
	made   [2]sync.Once
	frames [2][]byte
}

// rowFrame and removedFrame are frames of the desk's socket.
type rowFrame struct {
	Type   string `json:"type"`
	Cursor int64  `json:"cursor"`
	Thread *Row   `json:"thread"`
}

type removedFrame struct {
	Type   string     `json:"type"`
	Cursor int64      `json:"cursor"`
	ID     session.ID `json:"id"`
}

// Frame returns the update as a frame of the desk's socket, "row" or "removed".
// It is rendered once for all who see it alike: hidden is the form for roles
// that see masked fields as ***.
func (u *Update) Frame(hidden bool) []byte {
	form := 0
	if hidden {
		form = 1
	}
	u.made[form].Do(func() {
		var frame any = removedFrame{"removed", u.Cursor, u.ID}
		if u.Row != nil {
			shown := u.Row
			if hidden {
				shown = u.redact(shown)
			}
			frame = rowFrame{"row", u.Cursor, shown}
		}
		u.frames[form], _ = json.Marshal(frame) // plain structs always marshal
	})
	return u.frames[form]
}

// overlap is how much of its time another node's reader gets again: clocks of
// nodes differ by less, and so does the moment at which they hear of a row.
const overlap = 5 * time.Second

// shareClock makes the feed one of many that number alike. It is called before
// the feed is used.
func (f *Feed) shareClock(now func() time.Time) {
	f.clock = now
	f.cursor = now().UnixMicro()
	f.floor, f.placed = f.cursor, f.cursor
}

// Place returns the cursor of a list that is read from now on: what it may lack
// is told after it.
func (f *Feed) Place() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clock == nil {
		return f.cursor
	}
	f.placed = max(f.cursor, f.placed, f.clock().UnixMicro())
	return f.placed
}

// Cursor returns the number of the last update.
func (f *Feed) Cursor() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cursor
}

// Boot returns the id of this run of the feed: a cursor of another run says
// nothing.
func (f *Feed) Boot() string { return f.boot }

// publish numbers the rows and tells who waits. It never blocks.
func (f *Feed) publish(rows []*Row, removed []session.ID) {
	if len(rows)+len(removed) > 0 {
		f.nudge(rows, removed)
	}
}

// nudge is publish that wakes readers even when there is no row: a count changed.
func (f *Feed) nudge(rows []*Row, removed []session.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range rows {
		f.push(&Update{ID: r.ID, Row: r, redact: f.redact})
	}
	for _, id := range removed {
		f.push(&Update{ID: id})
	}
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *Feed) push(u *Update) {
	f.cursor++
	if f.clock != nil {
		f.cursor = max(f.cursor, f.placed+1, f.clock().UnixMicro())
	}
	u.Cursor = f.cursor
	if old := f.last[u.ID]; old != nil {
		f.updates.Remove(old)
	}
	f.last[u.ID] = f.updates.PushBack(u)
	if f.updates.Len() > FeedThreads {
		oldest := f.updates.Remove(f.updates.Front()).(*Update)
		delete(f.last, oldest.ID)
		f.floor = oldest.Cursor
	}
}

// since returns the updates after a cursor, ascending, and the channel that
// the next update closes. ok is false when some of them may be forgotten.
func (f *Feed) since(after int64) (updates []*Update, changed <-chan struct{}, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if after < f.floor || f.clock == nil && after > f.cursor {
		return nil, nil, false
	}
	n := 0
	for e := f.updates.Back(); e != nil && e.Value.(*Update).Cursor > after; e = e.Prev() {
		n++
	}
	updates = make([]*Update, n)
	for e := f.updates.Back(); n > 0; e = e.Prev() {
		n--
		updates[n] = e.Value.(*Update)
	}
	return updates, f.changed, true
}

// Subscription is one reader of the feed. One goroutine at a time uses it.
type Subscription struct {
	feed  *Feed
	after int64
}

// Subscribe reads on after a cursor: of [Inbox.List], or of the last update
// that was seen. It holds nothing in the feed and need not be closed.
func (f *Feed) Subscribe(after int64) *Subscription {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clock != nil && after >= f.floor {
		after = min(max(after-overlap.Microseconds(), f.floor), f.cursor)
	}
	return &Subscription{feed: f, after: after}
}

// After returns the cursor of the last update that Next returned.
func (s *Subscription) After() int64 { return s.after }

// Next waits for updates and returns all there are, ascending, each thread at
// most once, with its newest row. reset means that the reader is too far behind
// (or its cursor is not of this run): it has to read the list again and
// subscribe with the list's cursor. No updates and no reset: only counts changed.
// An error is ctx's.
func (s *Subscription) Next(ctx context.Context) (updates []*Update, reset bool, err error) {
	for waited := false; ; waited = true {
		updates, changed, ok := s.feed.since(s.after)
		if !ok {
			return nil, true, nil
		}
		if len(updates) > 0 {
			s.after = updates[len(updates)-1].Cursor
		}
		if len(updates) > 0 || waited {
			return updates, false, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}

// Pending is Next without waiting: what there is now, if nothing. A page that
// gets a checksum after it has everything that the checksum saw.
func (s *Subscription) Pending() (updates []*Update, reset bool) {
	updates, _, ok := s.feed.since(s.after)
	if len(updates) > 0 {
		s.after = updates[len(updates)-1].Cursor
	}
	return updates, !ok
}
