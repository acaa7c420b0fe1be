package socketio

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

func TestTurnRunsJobsAfterTheCallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string // only touched in turn
		var tn turn
		tn.run(func() {
			tn.later(func() {
				order = append(order, "job")
				tn.later(func() { order = append(order, "job of the job") })
			})
			synctest.Wait() // the job had every chance to come too early
			order = append(order, "callback")
		})
		synctest.Wait()
		if want := []string{"callback", "job", "job of the job"}; !slices.Equal(order, want) {
			t.Fatalf("got %q, want %q", order, want)
		}
	})
}

func TestTurnOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tn turn
		var running sync.Mutex
		count := 0
		once := func() {
			if !running.TryLock() {
				t.Error("two callbacks at a time")
				return
			}
			defer running.Unlock()
			count++
		}
		var callers sync.WaitGroup
		for range 50 {
			callers.Go(func() { tn.run(once) })
			callers.Go(func() { tn.later(once) })
		}
		callers.Wait()
		synctest.Wait()
		if count != 100 {
			t.Fatalf("%d of 100 ran", count)
		}
	})
}
