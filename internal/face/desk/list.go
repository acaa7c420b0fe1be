package desk

import (
	"context"
	"time"

	"parley/internal/inbox"
)

// listing feeds the rows of the list to a connection. All rows go to everybody
// who may read; the page shows those of its tab.
type listing struct {
	conn   *connection
	feed   *inbox.Subscription
	stop   context.CancelFunc
	done   chan struct{}
	counts inbox.Counts // as the page knows them
	told   bool         // it knows them
}

// checkEvery is how often a page is told what its list must be.
const checkEvery = 30 * time.Second

// checkedRows is how many rows a page may hold of all; more are not summed up.
const checkedRows = 2000

type countsFrame struct {
	Type   string       `json:"type"`
	Counts inbox.Counts `json:"counts"`
}

type checksumFrame struct {
	Type string `json:"type"`
	*inbox.Checksum
}

// follow feeds the list from a cursor on; without one, from now on. A page
// that asks again begins again there.
func (c *connection) follow(f frame) error {
	feed := c.live.face.cfg.Inbox.Feed()
	if f.boot != "" && f.boot != feed.Boot() {
		c.offer(notice{Type: "reset"})
		return nil
	}
	if !f.given {
		f.after = feed.Place()
	}
	ctx, stop := context.WithCancel(c.live.ctx)
	l := &listing{conn: c, feed: feed.Subscribe(f.after), stop: stop, done: make(chan struct{})}
	c.mu.Lock()
	before := c.list
	c.list = l
	c.mu.Unlock()
	before.close()
	go l.run(ctx)
	return nil
}

// close ends the feed: nothing is added after it. nil is ended.
func (l *listing) close() {
	if l != nil {
		l.stop()
		<-l.done
	}
}

// run sends updates until the page is gone, or so far behind that it has to
// read the list again.
func (l *listing) run(ctx context.Context) {
	defer close(l.done)
	defer l.stop()
	every := l.conn.live.check
	due := time.Now().Add(every)
	for on := l.count(); on; {
		soon, cancel := context.WithDeadline(ctx, due)
		updates, reset, _ := l.feed.Next(soon)
		cancel()
		if ctx.Err() != nil || !l.send(ctx, updates, reset) {
			return
		}
		on = l.count()
		if on && !time.Now().Before(due) {
			on, due = l.check(ctx), time.Now().Add(every)
		}
	}
}

// send waits while the page has much to read.
func (l *listing) send(ctx context.Context, updates []*inbox.Update, reset bool) bool {
	if reset {
		l.conn.offer(notice{Type: "reset"})
		return false
	}
	for _, u := range updates {
		if ctx.Err() != nil || !l.conn.out.feed(u.Frame(l.conn.masked())) {
			return false
		}
	}
	return true
}

// count tells the numbers beside the tabs where they changed.
func (l *listing) count() bool {
	now := l.conn.live.face.cfg.Inbox.Counts(l.conn.agent.Load().ID)
	if l.told && now == l.counts {
		return true
	}
	l.counts, l.told = now, true
	return l.conn.out.feed(encode(countsFrame{"counts", now}))
}

// check tells the page what each tab must be at this place of its feed.
func (l *listing) check(ctx context.Context) bool {
	tabs := []inbox.Tab{inbox.TabMine, inbox.TabUnassigned}
	if l.counts.All <= checkedRows {
		tabs = append(tabs, inbox.TabAll)
	}
	for _, tab := range tabs {
		updates, reset, sum, err := l.conn.live.face.cfg.Inbox.Verify(ctx, l.feed, tab, l.conn.agent.Load().ID)
		if err != nil {
			if ctx.Err() == nil {
				l.conn.live.log.WarnContext(ctx, "the desk's list was not summed up", "error", err.Error())
			}
			return ctx.Err() == nil // the next check may do better
		}
		if !l.send(ctx, updates, reset) || sum != nil && !l.conn.out.feed(encode(checksumFrame{"checksum", sum})) {
			return false
		}
	}
	return l.count()
}
