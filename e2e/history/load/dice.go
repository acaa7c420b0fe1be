package load

import (
	"fmt"
	"math/rand/v2"
)

// dice draw what a caller does next.
type dice struct {
	rng    *rand.Rand
	thinks bool // the bot can be told to take its time
	naps   bool // longer than the session lives
}

// choose returns one of the names, by weight.
func choose[T any](rng *rand.Rand, list []weighted[T]) T {
	total := 0
	for _, w := range list {
		total += w.weight
	}
	n := rng.IntN(total)
	for _, w := range list {
		if n -= w.weight; n < 0 {
			return w.what
		}
	}
	return list[0].what
}

type weighted[T any] struct {
	weight int
	what   T
}

// verb draws what the bot shall do.
func (d *dice) verb() string {
	list := []weighted[string]{
		{50, "echo"}, {7, "restart"}, {4, "new"}, {5, "stop"}, {10, "arm"}, {6, "slow"}, {1, "handover"}, {3, "close"},
		{3, "fail"}, {6, "merge"},
	}
	if d.thinks {
		list = append(list, []weighted[string]{{2, "slowrestart"}, {4, "slowmerge"}, {1, "long"}, {1, "longstop"}, {2, "armlong"}}...)
	}
	if d.thinks && d.naps {
		list = append(list, weighted[string]{1, "nap"})
	}
	return choose(d.rng, list)
}

// patch draws one of few keys, so that writers meet.
func (d *dice) patch(token string) map[string]any {
	if d.rng.IntN(4) == 0 {
		return map[string]any{"h_box": map[string]any{fmt.Sprint("k", d.rng.IntN(8)): token}}
	}
	return map[string]any{fmt.Sprint("h_", d.rng.IntN(12)): token}
}

// user draws who a session is opened for: few, so that they have several.
func (d *dice) user() string {
	if d.rng.IntN(3) == 0 {
		return ""
	}
	return fmt.Sprint("user-", d.rng.IntN(6))
}

func (d *dice) agent() string { return fmt.Sprint("agent-", d.rng.IntN(3)) }
