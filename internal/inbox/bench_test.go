package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

// The benchmarks stand on 10,000 open threads of the real core: half with the
// bot, a quarter in the queue, a quarter with 200 agents.

func crowd(b *testing.B) (*house, []session.ID) {
	h := newHouse(b)
	const threads, agents = 10_000, 200
	ids := make([]session.ID, threads)
	var work sync.WaitGroup
	for part := range 50 {
		work.Go(func() {
			for i := part; i < threads; i += 50 {
				ids[i] = h.begin(fmt.Sprint("user-", i))
				must(b, h.handover(ids[i]))
				must(b, h.say(ids[i], fmt.Sprint("Where is my order number ", i, "? Где мой заказ?")))
				if i%4 == 0 {
					_, err := h.core.Claim(context.Background(), h.in, ids[i], session.Agent{ID: fmt.Sprint("agent-", i/4%agents)}, false)
					must(b, err)
				}
				if i%2 == 1 {
					_, err := h.core.Return(context.Background(), h.in, ids[i], session.Agent{ID: "agent-0"}, "")
					must(b, err)
				}
			}
		})
	}
	work.Wait()
	for { // until the last row is written
		stale, _, err := h.store.Index().Stale(b.Context(), []string{h.in.ID}, session.ID{}, 2*threads)
		must(b, err)
		if len(stale) == 0 {
			return h, ids
		}
		<-time.After(20 * time.Millisecond)
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// report gives the median and the 99th percentile of what each round took.
func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/median")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms/p99")
}

func BenchmarkInbox(b *testing.B) {
	h, ids := crowd(b)
	list := func(f inbox.Filter) func(*testing.B) {
		return timed(func() error {
			p, err := h.inbox.List(context.Background(), f)
			if err == nil && len(p.Rows) == 0 {
				err = errors.New("nothing listed")
			}
			return err
		})
	}
	b.Run("List/all-latest", list(inbox.Filter{}))
	b.Run("List/all-waiting", list(inbox.Filter{Sort: inbox.SortWaiting}))
	b.Run("List/mine", list(inbox.Filter{Tab: inbox.TabMine, Viewer: "agent-7"}))
	b.Run("List/unassigned-waiting", list(inbox.Filter{Tab: inbox.TabUnassigned, Sort: inbox.SortWaiting}))
	b.Run("List/department", list(inbox.Filter{Department: "sales"}))
	b.Run("List/query", list(inbox.Filter{Query: "заказ numb"}))
	b.Run("Counts", timed(func() error {
		if h.inbox.Counts("agent-7").Mine == 0 {
			return errors.New("nothing counted")
		}
		return nil
	}))
	b.Run("Search", timed(func() error {
		_, err := h.inbox.Search(context.Background(), "order 77", false, 20)
		return err
	}))
	b.Run("Checksum/mine", timed(func() error {
		_, err := h.inbox.Checksum(context.Background(), inbox.TabMine, "agent-7")
		return err
	}))
	b.Run("Lines/all", timed(func() error {
		f := inbox.Filter{}
		if err := f.Check(); err != nil {
			return err
		}
		lines, err := h.store.Index().Lines(context.Background(), f)
		inbox.Hash(lines)
		return err
	}))
	b.Run("Report", timed(func() error {
		now := time.Now().UnixMilli()
		_, err := h.inbox.Report(context.Background(), inbox.Period{FromMs: now - 86_400_000, ToMs: now + 1000})
		return err
	}))
	b.Run("Update/200-subscribers", func(b *testing.B) { h.updates(b, ids) })
}

func timed(do func() error) func(*testing.B) {
	return func(b *testing.B) {
		var took []time.Duration
		for b.Loop() {
			start := time.Now()
			if err := do(); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(start))
		}
		report(b, took)
	}
}

// updates measures from the answer of a commit until the last of 200 agents has
// the frame, while messages come in at some hundred a second elsewhere.
func (h *house) updates(b *testing.B, ids []session.ID) {
	const agents = 200
	ctx, stop := context.WithCancel(context.Background())
	got := make(chan session.ID, 1<<16)
	var want session.ID
	var mu sync.Mutex
	var readers sync.WaitGroup
	for range agents {
		readers.Go(func() {
			for s := h.inbox.Feed().Subscribe(h.inbox.Feed().Cursor()); ; {
				updates, _, err := s.Next(ctx)
				if err != nil {
					return
				}
				mu.Lock()
				id := want
				mu.Unlock()
				for _, u := range updates {
					_ = u.Frame(true)
					if u.ID == id {
						got <- id
					}
				}
			}
		})
	}
	readers.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			_ = h.say(ids[(i*7)%5000*2], "another message")
			<-time.After(4 * time.Millisecond)
		}
	})
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		id := ids[i%5000*2]
		mu.Lock()
		want = id
		mu.Unlock()
		must(b, h.say(id, "am I seen?"))
		start := time.Now()
		for range agents {
			for id != <-got {
			}
		}
		took = append(took, time.Since(start))
		for len(got) > 0 {
			<-got
		}
	}
	stop()
	readers.Wait()
	report(b, took)
}
