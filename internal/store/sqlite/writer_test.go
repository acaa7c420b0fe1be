package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"parley/internal/session"
	"parley/internal/session/sessiontest"
	"parley/internal/sqlitetest"
)

// held is a store whose writer is busy until release is called.
func held(t *testing.T, store *Store) (release func()) {
	entered, open := make(chan struct{}), make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		err := store.do(t.Context(), func(*conn) error {
			close(entered)
			<-open
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-entered
	return func() {
		close(open)
		done.Wait()
	}
}

// TestOneCommitForAll: what waits together is committed together, in the order
// of arrival, and never more than a group's limit.
func TestOneCommitForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, sqlitetest.Dir(t, Open))
		defer store.Close()
		release := held(t, store)
		before := store.Stats()
		var all sync.WaitGroup
		var order []int
		for i := range groupLimit + 100 {
			all.Go(func() {
				_ = store.do(t.Context(), func(*conn) error {
					order = append(order, i)
					return nil
				})
			})
			synctest.Wait() // it has queued
		}
		release()
		all.Wait()
		after := store.Stats()
		if n := after.Commits - before.Commits; n != 3 || after.Tasks-before.Tasks != groupLimit+101 {
			t.Errorf("%d commits for %d tasks, want 3: the busy one, a full group and the rest", n, after.Tasks-before.Tasks)
		}
		for i, got := range order {
			if got != i {
				t.Fatalf("task %d ran at place %d", got, i)
			}
		}
	})
}

func TestFullQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, sqlitetest.Dir(t, Open))
		defer store.Close()
		release := held(t, store)
		var all sync.WaitGroup
		for range session.StoreQueue {
			all.Go(func() {
				if err := store.do(t.Context(), func(*conn) error { return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		refused := store.do(t.Context(), func(*conn) error { return nil })
		e, ok := errors.AsType[*session.Error](refused)
		if !ok || e.Code != session.CodeUnavailable || e.RetryAfter <= 0 {
			t.Errorf("got %v, want unavailable with a time to retry", refused)
		}
		release()
		all.Wait()
		if err := store.do(t.Context(), func(*conn) error { return nil }); err != nil {
			t.Errorf("after the queue: %v", err)
		}
	})
}

// TestWriteOfWhoIsGone: nobody who gave up has a write of his run beside him: one
// that waits is taken back, and one that runs has its end waited for.
func TestWriteOfWhoIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, t.TempDir())
		defer store.Close()
		release := held(t, store)
		runs, open := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		all.Go(func() {
			ran := 0
			err := store.do(ctx, func(*conn) error {
				close(runs)
				<-open
				ran++
				return nil
			})
			if err != nil || ran != 1 {
				t.Errorf("a write that runs: ran %d times, %v", ran, err)
			}
		})
		synctest.Wait()
		release()
		<-runs
		late, gone := context.WithCancel(t.Context())
		all.Go(func() {
			err := store.do(late, func(*conn) error {
				t.Error("a write ran that was given up")
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("a write that waits: %v", err)
			}
		})
		synctest.Wait()
		cancel()
		gone()
		synctest.Wait()
		close(open)
		all.Wait()
	})
}

// TestIdleWriterRunsOnTheCaller: a single caller pays no hand-over.
func TestIdleWriterRunsOnTheCaller(t *testing.T) {
	store := openStore(t, sqlitetest.Dir(t, Open))
	tk := &task{write: func(*conn) error { return nil }}
	if err := store.writer.do(t.Context(), tk); err != nil {
		t.Fatal(err)
	}
	if tk.done != nil {
		t.Error("the task of a single caller was queued")
	}
}

// TestWrongStatementInAGroup: an error of the database that is one task's own
// reaches that task alone, and all that its neighbours did stands.
func TestWrongStatementInAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, sqlitetest.Dir(t, Open))
		defer store.Close()
		release := held(t, store)
		var all sync.WaitGroup
		mark := func(i int) error {
			return store.do(t.Context(), func(c *conn) error {
				_, err := c.exec(`INSERT INTO marks (name) VALUES (?)`, fmt.Sprint("m", i))
				return err
			})
		}
		for i := range 20 {
			all.Go(func() {
				err := mark(i % 19) // the last one repeats the key of the first
				if i < 19 && err != nil || i == 19 && (err == nil || !strings.Contains(err.Error(), "UNIQUE")) {
					t.Errorf("task %d: %v", i, err)
				}
			})
			synctest.Wait()
		}
		release()
		all.Wait()
		n, err := one(store.writer.committer.conn, `SELECT count(*) FROM marks`, scanInt)
		if err != nil || *n != 19 {
			t.Errorf("%v marks, %v, want 19", n, err)
		}
		if store.Healthy() != nil {
			t.Errorf("a wrong statement made the store sick: %v", store.Healthy())
		}
	})
}

// TestHotSession: many merges into one session are one read and one write of
// each of its rows.
func TestHotSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, sqlitetest.Dir(t, Open))
		defer store.Close()
		h := sessiontest.NewHouse(t, &engine{store: store})
		id := h.Open().ID
		release := held(t, store)
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() { h.Merge(id, "k", i) })
		}
		synctest.Wait()
		before := changes(t, store)
		release()
		all.Wait()
		// A document and a chain, and for each merge an event and a delivery.
		if n := changes(t, store) - before; n != 2+2*100 {
			t.Errorf("%d rows written for 100 merges into one session, want 202", n)
		}
	})
}

// changes counts the rows written by the write connection.
func changes(t *testing.T, store *Store) (n int64) {
	t.Helper()
	if err := store.writer.committer.conn.each(`SELECT total_changes()`, func(r *row) { n = r.int() }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCloseFinishesWhatWasQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, sqlitetest.Dir(t, Open))
		release := held(t, store)
		var all sync.WaitGroup
		ran := 0
		for range 10 {
			all.Go(func() {
				if err := store.do(context.Background(), func(*conn) error { ran++; return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		all.Go(func() {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		if err := store.do(t.Context(), func(*conn) error { return nil }); session.CodeOf(err) != session.CodeUnavailable {
			t.Errorf("got %v from a closing store, want unavailable", err)
		}
		release()
		all.Wait()
		if ran != 10 {
			t.Errorf("%d of 10 queued tasks ran", ran)
		}
	})
}
