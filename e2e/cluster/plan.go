package cluster

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Kind of a fault.
type Kind string

// What breaks. The lease of a node is five seconds.
const (
	Kill            Kind = "kill"                         // SIGKILL; started again at the end
	Pause           Kind = "pause longer than the lease"  // SIGSTOP
	Blink           Kind = "pause shorter than the lease" // SIGSTOP
	CutDatabase     Kind = "cut off from PostgreSQL"      // connections break
	StallDatabase   Kind = "no packet to or from PostgreSQL, shorter than the lease"
	SilenceDatabase Kind = "no packet to or from PostgreSQL"       // longer than the lease
	LoseAnswers     Kind = "no answer from PostgreSQL, then a cut" // commits whose outcome is unknown
	LoseRequests    Kind = "no request reaches PostgreSQL, then a cut"
	CutBus          Kind = "cut off from NATS"                      // connections break
	SilenceBus      Kind = "no packet to or from NATS"              // hints are late or lost
	Isolate         Kind = "no packet to or from both servers"      // longer than the lease
	Unplug          Kind = "no packet to or from anybody"           // longer than the lease
	CutCallers      Kind = "cut off from callers"                   // connections break
	Roll            Kind = "every node in turn ends and comes back" // SIGTERM
	FastRestart     Kind = "PostgreSQL restarts, fast"
	CrashRestart    Kind = "PostgreSQL restarts, immediate"
	BusRestart      Kind = "NATS is killed and starts again"
)

// everybody is the node of a fault that is not one node's.
const everybody = -1

// Fault is one entry of a plan.
type Fault struct {
	At   time.Duration // after the start of the run
	For  time.Duration
	Kind Kind
	Node int // -1: of the servers, or every node
}

func (f Fault) String() string {
	who := "all"
	if f.Node != everybody {
		who = fmt.Sprint("node ", f.Node+1)
	}
	return fmt.Sprintf("%5.1fs +%4.1fs %s: %s", f.At.Seconds(), f.For.Seconds(), who, f.Kind)
}

// lasting is how long faults of a kind last.
type lasting struct {
	kind     Kind
	from, to time.Duration
	one      bool // of one node
	servers  bool // needs PostgreSQL or NATS
}

func deck() []lasting {
	const s = time.Second
	return []lasting{
		{Kill, s / 5, 7 * s, true, false},
		{Pause, 6 * s, 9 * s, true, false},
		{Blink, s / 2, 3 * s, true, false},
		{CutDatabase, s / 2, 4 * s, true, true},
		{StallDatabase, s / 2, 4 * s, true, true},
		{SilenceDatabase, 6 * s, 9 * s, true, true},
		{LoseAnswers, s / 2, 3 * s, true, true},
		{LoseRequests, s / 2, 3 * s, true, true},
		{CutBus, s, 4 * s, true, true},
		{SilenceBus, s, 4 * s, true, true},
		{Isolate, 6 * s, 9 * s, true, true},
		{Unplug, 6 * s, 9 * s, true, true},
		{CutCallers, s / 2, 2 * s, true, false},
		{Roll, 5 * s, 6 * s, false, false},
		{FastRestart, s / 5, 2 * s, false, true},
		{CrashRestart, s / 5, 2 * s, false, true},
		{BusRestart, s / 2, 2 * s, false, true},
	}
}

// Plan is what breaks in a run, in order of time.
type Plan []Fault

func (p Plan) String() string {
	var b strings.Builder
	for _, f := range p {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

// End is when the last fault is over.
func (p Plan) End() time.Duration {
	end := time.Duration(0)
	for _, f := range p {
		end = max(end, f.At+f.For)
	}
	return end
}

// Until is what of a plan is over by a time.
func (p Plan) Until(end time.Duration) Plan {
	return slices.DeleteFunc(slices.Clone(p), func(f Fault) bool { return f.At+f.For > end })
}

// NewPlan draws the plan of a seed for so many nodes: every kind of fault once,
// then again until a time is full. At most two go on at once, on different
// nodes; a fault of all begins when the others are over. Without servers only
// what a single node on SQLite can meet is drawn.
func NewPlan(seed uint64, nodes int, length time.Duration, servers bool) Plan {
	d := &drawer{rng: rand.New(rand.NewPCG(seed, 7)), nodes: make([]time.Duration, nodes), hands: make([]time.Duration, min(2, nodes))}
	kinds := slices.DeleteFunc(deck(), func(l lasting) bool { return l.servers && !servers })
	for first := true; first || d.plan.End() < length; first = false {
		d.rng.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
		for _, l := range kinds {
			if first || d.plan.End() < length {
				d.draw(l)
			}
		}
	}
	slices.SortStableFunc(d.plan, func(a, b Fault) int { return int(a.At - b.At) })
	return d.plan
}

// drawer keeps until when hands and nodes are busy.
type drawer struct {
	rng   *rand.Rand
	plan  Plan
	nodes []time.Duration
	hands []time.Duration
}

// draw puts a fault of a kind where the next hand is free.
func (d *drawer) draw(l lasting) {
	f := Fault{Kind: l.kind, Node: everybody, For: d.between(l.from, l.to)}
	gap := d.between(300*time.Millisecond, 1500*time.Millisecond)
	hand := slices.Index(d.hands, slices.Min(d.hands))
	if !l.one {
		f.At = max(slices.Max(d.hands), slices.Max(d.nodes)) + gap
		for i := range d.hands {
			d.hands[i] = f.At + f.For
		}
		for i := range d.nodes {
			d.nodes[i] = f.At + f.For
		}
		d.plan = append(d.plan, f)
		return
	}
	f.At = d.hands[hand] + gap
	var free []int
	for i, busy := range d.nodes {
		if busy < f.At {
			free = append(free, i)
		}
	}
	f.Node = free[d.rng.IntN(len(free))]
	d.hands[hand], d.nodes[f.Node] = f.At+f.For, f.At+f.For
	d.plan = append(d.plan, f)
}

func (d *drawer) between(from, to time.Duration) time.Duration {
	return from + time.Duration(d.rng.Int64N(int64(to-from)))
}
