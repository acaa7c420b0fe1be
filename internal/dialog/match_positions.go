package dialog

import "math/bits"

// positions is a set of places between tokens: bit i is the place before token
// i, a request of n tokens has n+1 places. All sets of one request have the same
// length.
type positions []uint64

func (p positions) add(at int)      { p[at>>6] |= 1 << (at & 63) }
func (p positions) has(at int) bool { return p[at>>6]>>(at&63)&1 != 0 }

// first is the lowest place, -1 for none.
func (p positions) first() int { return p.next(0) }

// next is the lowest place not below at, -1 for none.
func (p positions) next(at int) int {
	word := at >> 6
	if word >= len(p) {
		return -1
	}
	if rest := p[word] >> (at & 63); rest != 0 {
		return at + bits.TrailingZeros64(rest)
	}
	for word++; word < len(p); word++ {
		if p[word] != 0 {
			return word<<6 + bits.TrailingZeros64(p[word])
		}
	}
	return -1
}

func (p positions) isEmpty() bool {
	for _, word := range p {
		if word != 0 {
			return false
		}
	}
	return true
}

func (p positions) union(other positions) {
	for i, word := range other {
		p[i] |= word
	}
}

// addRange adds the places from..to, both included.
func (p positions) addRange(from, to int) {
	for word := from >> 6; word <= to>>6; word++ {
		mask := ^uint64(0)
		if word == from>>6 {
			mask <<= from & 63
		}
		if word == to>>6 {
			mask &= ^uint64(0) >> (63 - to&63)
		}
		p[word] |= mask
	}
}

// positionArena hands out empty sets and takes them back all at once, so that
// recognising allocates next to nothing.
type positionArena struct {
	width  int
	blocks [][]uint64
	block  int
	used   int
}

// arenaBlock is the number of words in one block; the first ones are smaller, since
// most texts and dialogs need few sets.
const arenaBlock = 512

func (a *positionArena) empty() positions {
	if len(a.blocks) == 0 || a.used+a.width > len(a.blocks[a.block]) {
		a.grow()
	}
	set := a.blocks[a.block][a.used : a.used+a.width : a.used+a.width]
	a.used += a.width
	clear(set)
	return set
}

func (a *positionArena) grow() {
	if len(a.blocks) > 0 {
		a.block++
	}
	if a.block == len(a.blocks) {
		a.blocks = append(a.blocks, make([]uint64, max(arenaBlock>>max(3-len(a.blocks), 0), a.width)))
	}
	a.used = 0
}

type arenaMark struct{ block, used int }

func (a *positionArena) mark() arenaMark { return arenaMark{block: a.block, used: a.used} }

// release takes back every set handed out since the mark.
func (a *positionArena) release(m arenaMark) { a.block, a.used = m.block, m.used }
