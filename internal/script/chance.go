package script

import (
	"fmt"
	"slices"
	"strconv"
)

// chance draws the random numbers of a turn.
type chance struct{ *run }

func (r chance) random(n int) int {
	if n <= 1 {
		return 0
	}
	if r.given.draws != nil {
		return r.given.draws.next()
	}
	return r.bot.options.Random(n)
}

// chosenRandom is reactionRandom unless $request.data.smartRandom gives a number.
func (r chance) chosenRandom(n int, place string, smart int) (int, error) {
	if smart >= 0 && n > 0 {
		return smart % n, nil
	}
	return r.reactionRandom(n, place)
}

// tagRandom is the same for a tag (dialog-language 3.3: the tag draws as a script
// does).
func (r chance) tagRandom(n int, place string) (int, error) {
	v, err := r.vm.Call("smart")
	if err != nil {
		return 0, err
	}
	smart, err := strconv.Atoi(v.text)
	if err != nil {
		smart = -1 // no whole number
	}
	return r.chosenRandom(n, place, smart)
}

// reactionRandom gives a number from 0 to n-1 and avoids those used last at the
// same place, until at least half of them were used.
func (r chance) reactionRandom(n int, place string) (int, error) {
	if n <= 1 {
		return 0, nil
	}
	key := fmt.Sprintf("%s %d", place, n)
	recent := r.extra.Recent[key]
	if r.bot.options.Testing {
		recent = nil
	}
	free := n - len(recent)
	chosen := r.random(free) % free
	for _, used := range slices.Sorted(slices.Values(recent)) {
		if used <= chosen { // counts the numbers that are free
			chosen++
		}
	}
	recent = append(slices.Clone(recent), chosen)
	if keep := min(n/2, maxRecentVariants); len(recent) > keep {
		recent = recent[len(recent)-keep:]
	}
	if r.extra.Recent == nil {
		r.extra.Recent = map[string][]int{}
	}
	if len(r.extra.Recent) < maxRecentPlaces || r.extra.Recent[key] != nil {
		r.extra.Recent[key] = recent
	}
	return chosen, nil
}

// maxRecentPlaces and maxRecentVariants of each bound what random remembers in a
// session.
const (
	maxRecentPlaces   = 200
	maxRecentVariants = 100
)
