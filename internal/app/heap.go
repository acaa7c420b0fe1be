package app

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// heapFloor is the size of the heap, in bytes, below which no collection is
// worth its time: the live data of a server with few sessions is small, so the
// usual rule (collect when it has doubled) would collect thirty times a second
// under load. Above half of it the usual rule holds.
const heapFloor = 48 << 20

// heapRoom is how much memory, in bytes, the heap may take with its garbage
// before it is collected at once, or twice what is live where that is more: a
// script that makes much garbage must not double what the process holds.
const heapRoom = 256 << 20

// usualPercent is the rule of the runtime: collect when the heap has doubled.
const usualPercent = 100

// collector keeps the pace of the garbage collector: it looks after every
// collection how much is live.
type collector struct {
	percent int
	room    int64
	live    []metrics.Sample
}

// paceCollector keeps the pace until the process ends. An operator who sets
// GOGC keeps that.
func paceCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	c := &collector{percent: usualPercent, live: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
	c.look()
}

// look sets the pace and comes back after the next collection, when the object
// that it leaves behind is found to be garbage.
func (c *collector) look() {
	metrics.Read(c.live)
	live := c.live[0].Value.Uint64()
	if p := percentFor(live); p != c.percent {
		c.percent = p
		debug.SetGCPercent(p)
	}
	if room := roomFor(live); room != c.room && os.Getenv("GOMEMLIMIT") == "" {
		c.room = room
		debug.SetMemoryLimit(room)
	}
	runtime.AddCleanup(new(*collector), (*collector).look, c)
}

// percentFor is how much the heap may grow over its live bytes, in per cent. It
// moves in steps, so that it is seldom set: setting it stops the world.
func percentFor(live uint64) int {
	const step = 25
	if live == 0 {
		return usualPercent
	}
	p := int(heapFloor*100/live) - 100
	return min(max(p-p%step, usualPercent), heapFloor*100/(4<<20))
}

// roomFor is the memory that the runtime may take, in bytes, in steps of 32 MiB.
func roomFor(live uint64) int64 {
	const step = 32 << 20
	return max(heapRoom, (int64(2*live)/step+1)*step)
}
