package script

import "testing"

// TestHeapMeter: what a bot takes while it is loaded counts for no turn, before
// and after the load ends; what turns take counts.
func TestHeapMeter(t *testing.T) {
	const mib = 1 << 20
	heap := int64(100 * mib)
	m := &heapMeter{read: func() int64 { return heap }}
	expect := func(step string, want int64) {
		t.Helper()
		if got := m.bytes(); got != want*mib {
			t.Errorf("%s: %d MiB, want %d", step, got/mib, want)
		}
	}
	expect("before", 100)
	first, second := m.load(), m.load()
	heap += 200 * mib
	expect("two loads", 100)
	first()
	expect("one load", 100)
	heap += 300 * mib
	expect("loads take more than they may", 100+500-2*maxLoadGrown/mib)
	heap -= 300 * mib
	second()
	second()
	expect("after the loads", 100)
	heap += 130 * mib
	expect("a turn grows", 230)
	heap -= 330 * mib // the collector took everything away
	expect("after a collection", -100)
	heap += 50 * mib
	expect("after a collection, a turn grows", -50)
}
