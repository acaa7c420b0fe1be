package script

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestPauseWithoutAPlace: a turn that got no running place back after a call goes
// on in its error handlers; their calls must not take the place of another turn,
// which would then wait for ever to give it back.
func TestPauseWithoutAPlace(t *testing.T) {
	bot := load(t, Options{Engines: 2, Running: 1, EngineWait: time.Millisecond}, map[string]string{"main.sc": "theme: /\n    state: A\n        q!: a\n        a: a\n"})
	ctx, pool := context.Background(), bot.pool
	get := func() *vm {
		t.Helper()
		m, err := pool.get(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	late := get()
	var other *vm
	err := pool.pause(ctx, late, func() error { other = get(); return nil })
	var s *stopped
	if !errors.As(err, &s) || s.code != "deadline" {
		t.Fatalf("got %v, want the place taken", err)
	}
	for _, free := range []bool{false, true} {
		err := pool.pause(ctx, late, func() error {
			if places := len(pool.running); places != 1 {
				t.Fatalf("%d machines have a running place, want the other", places)
			}
			if free {
				pool.put(other)
			}
			return nil
		})
		if (err == nil) != free {
			t.Fatalf("free %t: %v", free, err)
		}
	}
	pool.put(late)
	if len(pool.running)+len(pool.slots) != 0 || len(pool.idle) != 2 {
		t.Errorf("%d running, %d slots, %d idle", len(pool.running), len(pool.slots), len(pool.idle))
	}
}
