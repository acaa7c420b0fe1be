package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/bench/machine"
)

func times(ms ...int) []time.Duration {
	var all []time.Duration
	for _, one := range ms {
		all = append(all, time.Duration(one)*time.Millisecond)
	}
	return all
}

func TestTable_HoldsTheRightFigureToTheGoal(t *testing.T) {
	many := func(slow int) []time.Duration {
		all := times(900, 900)[:slow]
		for len(all) < 100 {
			all = append(all, 10*time.Millisecond)
		}
		return all
	}
	start := time.Now()
	f := &findings{
		lists: times(3, 1, 2), paints: times(900, 950, 3000), heard: many(1), document: many(2), painted: times(200),
		before: machine.Usage{At: start}, after: machine.Usage{At: start.Add(10 * time.Second), Processor: 5 * time.Second, Resident: 3 << 20},
		rows: 400, scripts: 2048,
	}
	got := f.table()
	for _, want := range []string{
		"(100 rows) | 3 | **2.0 ms** | 3.0 ms | 3.0 ms |  |  |\n",
		"nothing cached | 3 | **950.0 ms** | 3000.0 ms | 3000.0 ms | p50 at most 1000 ms | met |\n",
		"last agent has the row | 100 | **10.0 ms** | 10.0 ms | 900.0 ms | p99 at most 200 ms | met |\n",
		"browser's document | 100 | **10.0 ms** | 900.0 ms | 900.0 ms | p99 at most 200 ms | **over** |\n",
		"browser's screen | 1 | **200.0 ms** | 200.0 ms | 200.0 ms | p99 at most 200 ms | met |\n",
		"**0.50 cores** and held **3 MiB** of memory; it sent 40 row frames a second",
		"2 KiB of scripts",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %q in\n%s", want, got)
		}
	}
}

func TestProbe_EndsWithTheLastAgent(t *testing.T) {
	a := &audience{}
	a.sockets = append(a.sockets, nil, nil)
	p := a.seek("where 7.")
	for _, frame := range []string{`{"preview":"where 8."}`, `{"preview":"where 7."}`, `{"preview":"where 7."}`} {
		p.look(0, []byte(frame))
	}
	if len(p.last) != 0 {
		t.Fatal("one of two agents was enough")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := a.heard(stopped, p); err == nil {
		t.Error("an agent who heard nothing was no error")
	}
	before := time.Now()
	p.look(1, []byte(`{"preview":"where 7."}`))
	if at, err := a.heard(t.Context(), p); err != nil || at.Before(before) {
		t.Errorf("heard at %v: %v", at, err)
	}
}

func TestSince_CountsInTheBrowsersClock(t *testing.T) {
	start := time.UnixMilli(1_800_000_000_000)
	if got := since(start, 1_800_000_000_012.5); got < 12*time.Millisecond || got > 13*time.Millisecond {
		t.Errorf("got %s", got)
	}
	if got := since(start, 1_799_999_999_999); got != 0 {
		t.Errorf("a row that came before its answer took %s, not nothing", got)
	}
}

func TestParsePlan_RefusesTooLittle(t *testing.T) {
	for _, bad := range []string{"--threads=19", "--agents=0", "--rate=0", "--nonsense=1"} {
		if _, err := parsePlan([]string{bad}); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	if p, err := parsePlan(nil); err != nil || p.threads != 10_000 || p.agents != 200 {
		t.Errorf("%+v %v", p, err)
	}
}
