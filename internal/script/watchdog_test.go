package script

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const mib = 1 << 20

// stoppable is a machine that notes why it was interrupted.
type stoppable struct {
	machine
	reason error
}

func (m *stoppable) Interrupt(reason error) { m.reason = reason }

// watched is a watchdog of a heap that the test moves. All of it is live.
func watched(heap *atomic.Int64) *watchdog {
	read := heap.Load
	return newWatchdog(&heapMeter{read: read, marked: read})
}

// elapse lets time pass in a synctest bubble.
func elapse(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func quiet() *account { return &account{told: func(string) {}} }

// TestSharedGrowth: turns that overlap share what the heap may grow by, and the
// one that has run longest is stopped.
func TestSharedGrowth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heap atomic.Int64
		heap.Store(40 * mib)
		w := watched(&heap)
		first, second, late := &stoppable{}, &stoppable{}, &stoppable{}
		stopFirst := w.guard(first, quiet(), time.Minute, maxHeapGrown)
		elapse(2 * innocent)
		heap.Add(50 * mib)
		stopSecond := w.guard(second, quiet(), time.Minute, maxHeapGrown)
		elapse(2 * innocent)
		if first.reason != nil || second.reason != nil {
			t.Errorf("stopped at 50 MiB: %v, %v", first.reason, second.reason)
		}
		heap.Add(50 * mib)
		elapse(2 * watchEvery)
		if first.reason == nil || second.reason != nil {
			t.Errorf("at 100 MiB of both: %v, %v, want the first stopped", first.reason, second.reason)
		}
		stopFirst()
		elapse(2 * watchEvery)
		if second.reason == nil {
			t.Error("the second goes on with what both took")
		}
		stopSecond()
		elapse(sharedFor)
		stopLate := w.guard(late, quiet(), time.Minute, maxHeapGrown)
		elapse(2 * innocent)
		heap.Add(50 * mib)
		elapse(2 * watchEvery)
		if stopLate(); late.reason != nil {
			t.Errorf("%v: it did not overlap with the others", late.reason)
		}
		elapse(2 * watchEvery)
	})
}

// TestSharingEnds: overlapping turns do not share for ever, so that what the
// program itself keeps is not laid at their door.
func TestSharingEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heap atomic.Int64
		heap.Store(40 * mib)
		w := watched(&heap)
		stop := func() {}
		for range 100 {
			m := &stoppable{}
			next := w.guard(m, quiet(), time.Minute, maxHeapGrown)
			elapse(time.Second / 2)
			stop()
			stop = next
			elapse(time.Second / 2)
			heap.Add(5 * mib)
			if elapse(2 * watchEvery); m.reason != nil {
				t.Fatalf("at %d MiB: %v", heap.Load()/mib, m.reason)
			}
		}
		stop()
		elapse(2 * watchEvery)
	})
}

// TestGrowthOverWaits: a turn does not begin anew when it waited for something.
func TestGrowthOverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heap atomic.Int64
		heap.Store(40 * mib)
		w := watched(&heap)
		m, a := &stoppable{}, quiet()
		for i := range 3 {
			stop := w.guard(m, a, time.Minute, maxHeapGrown)
			elapse(innocent)
			heap.Add(30 * mib)
			elapse(innocent)
			stop()
			elapse(time.Second)
			if over := i == 2; (m.reason != nil) != over {
				t.Errorf("after %d MiB: %v", 30*(i+1), m.reason)
			}
		}
		if a.left != 90*mib || a.ran != 6*innocent {
			t.Errorf("it left %d MiB and ran %s", a.left/mib, a.ran)
		}
	})
}

// TestMachineThatKeeps: a script that hoards in an object made at load loses its
// machine before the hoard grows.
func TestMachineThatKeeps(t *testing.T) {
	bot := load(t, Options{Engines: 1}, map[string]string{"main.sc": `
init:
    var kept = [];
theme: /
    state: Hoard
        q!: hoard
        script:
            for (var i = 0; i < 3e6; i++) ;
            for (i = 0; i < 55; i++) kept.push("x".repeat(1e6));
        a: {{kept.length}}
    state: Little
        q!: little
        script: kept.push(1);
        a: {{kept.length}}
`})
	c := newTalk(t, bot)
	c.expect("little", "1")
	c.expect("little", "2")
	c.expect("hoard", "57")
	c.noFailure()
	c.expect("little", "1")
}
