package postgres

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/pgtest"
)

// Alone: what two nodes read, decide and write under one name does not interleave.
func TestAlone(t *testing.T) {
	url := pgtest.Postgres(t)
	a, b := openStore(t, url), openStore(t, url)
	const rounds = 20
	var inside, count atomic.Int64
	var running sync.WaitGroup
	for _, s := range []*Store{a, b, a, b} {
		running.Go(func() {
			for range rounds {
				err := s.Alone(context.Background(), "people", func(context.Context) error {
					if inside.Add(1) != 1 {
						t.Error("two are alone")
					}
					count.Add(1)
					inside.Add(-1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	if n := count.Load(); n != 4*rounds {
		t.Errorf("%d turns, not %d", n, 4*rounds)
	}
}

// TestAlone_Many: callers that wait keep no connection from the one who is alone and
// writes, nor from one who is alone twice, under two names.
func TestAlone_Many(t *testing.T) {
	s := openStore(t, pgtest.Postgres(t))
	var all sync.WaitGroup
	for range 4 * locksSize {
		all.Go(func() {
			err := s.Alone(context.Background(), "admins", func(ctx context.Context) error {
				return s.Alone(ctx, "people", func(ctx context.Context) error { return s.Marks().Raise(ctx, "people") })
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	// Who had waited for ever for what another keeps would have been thrown out.
	if n := asked(t, s, "SELECT sessions_fatal FROM pg_stat_database WHERE datname = current_database()"); n[0] != "0" {
		t.Errorf("%s were thrown out of their transactions", n[0])
	}
}

func TestMarks(t *testing.T) {
	url := pgtest.Postgres(t)
	a, b := openStore(t, url).Marks(), openStore(t, url).Marks()
	ctx := t.Context()
	if got, err := a.Read(ctx, "keys"); got != nil || err != nil {
		t.Fatal(got, err)
	}
	first, err := a.Made(ctx, "cluster", []byte("one"))
	if again, late := b.Made(ctx, "cluster", []byte("two")); string(first) != "one" || string(again) != "one" || err != nil || late != nil {
		t.Errorf("%s %s %v %v", first, again, err, late)
	}
	for i, c := range []struct {
		on            *Marks
		before, after string
		done          bool
	}{
		{a, "", "x", true}, {b, "", "y", false}, {b, "x", "y", true}, {a, "x", "z", false},
	} {
		var before []byte
		if c.before != "" {
			before = []byte(c.before)
		}
		if done, err := c.on.Replace(ctx, "keys", before, []byte(c.after)); done != c.done || err != nil {
			t.Errorf("step %d: %v %v", i, done, err)
		}
	}
	if got, err := a.Read(ctx, "keys"); string(got) != "y" || err != nil {
		t.Error(string(got), err)
	}
}
