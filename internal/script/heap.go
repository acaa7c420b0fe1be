package script

import (
	"runtime/metrics"
	"sync"
)

const (
	heapMetric   = "/memory/classes/heap/objects:bytes"
	liveMetric   = "/gc/heap/live:bytes"
	maxHeapGrown = 96 << 20 // bytes of the process while turns run
	// maxStartGrown bounds the same while the start-up code of a machine runs:
	// large packages take more than a turn.
	maxStartGrown = 160 << 20
	// maxLoadGrown is what the loading of one bot may take beside that: bundling
	// and compiling.
	maxLoadGrown = 128 << 20
)

// processHeap is the heap of the process, which all bots share.
var processHeap = sync.OnceValue(func() *heapMeter { return &heapMeter{read: heapBytes, marked: liveBytes} })

// heapMeter measures the heap for turns. What bots take while they are loaded is
// left out, up to maxLoadGrown for each at the same time, so that no turn is
// stopped because of it.
type heapMeter struct {
	read   func() int64
	marked func() int64 // what the last collection found to be live

	mu      sync.Mutex
	loading int
	began   int64 // the heap when the first of the loads began
	most    int64 // how many there were at the same time since then
	loaded  int64 // what ended loads have added
}

// load tells that a bot is being loaded until done is called.
func (m *heapMeter) load() (done func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.loading++; m.loading == 1 {
		m.began, m.most = m.read(), 0
	}
	m.most = max(m.most, int64(m.loading))
	return sync.OnceFunc(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.loading--; m.loading == 0 {
			m.loaded += m.taken(m.read())
		}
	})
}

// taken is what of a heap of now bytes the loads account for.
func (m *heapMeter) taken(now int64) int64 { return min(max(now-m.began, 0), m.most*maxLoadGrown) }

// bytes is the heap of the process less what loads took. Only differences count.
func (m *heapMeter) bytes() int64 { return m.less(m.read()) }

// live is what the last collection found to be live, less what loads took.
func (m *heapMeter) live() int64 { return m.less(m.marked()) }

func (m *heapMeter) less(now int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.loading > 0 {
		return now - m.loaded - m.taken(now)
	}
	return now - m.loaded
}

func heapBytes() int64 { return measured(heapMetric) }

func liveBytes() int64 { return measured(liveMetric) }

func measured(metric string) int64 {
	sample := []metrics.Sample{{Name: metric}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64()) // far below the largest int64
}
