package dialog

// scorer finds the best reading of a recognised pattern: the same walk over the
// elements as recognising, with the best cell kept for each place.
type scorer struct {
	in    *Input
	steps int
}

// scoringSteps bounds the cells one pattern may visit. Recognising comes before
// and is not bounded: a pattern that runs out of steps still matches, with the
// lowest score and no captures.
const scoringSteps = 1 << 21

// blank is an empty row; it is charged for, as a walk over it follows.
func (s *scorer) blank() row {
	s.spend(len(s.in.tokens) + 1)
	return make(row, len(s.in.tokens)+1)
}

// proceed is false when a walk has to end, because nothing is left to continue or
// the steps are used up.
func (s *scorer) proceed(from row) bool {
	if s.exhausted() {
		return false
	}
	for i := range from {
		if from[i].live {
			return true
		}
	}
	return false
}

func (s *scorer) spend(steps int) bool {
	s.steps -= steps
	return s.steps >= 0
}

func (s *scorer) exhausted() bool { return s.steps < 0 }

// newRow is a row whose only reading begins at start.
func (s *scorer) newRow(start int) row {
	out := s.blank()
	out[start] = cell{live: true, first: -1}
	return out
}

// skipped adds the readings that skip punctuation.
func (s *scorer) skipped(from row) row {
	if !s.in.hasPunctuation {
		return from
	}
	out := s.blank()
	copy(out, from)
	for at := range s.in.tokens {
		if out[at].live && s.in.tokens[at].Punctuation {
			out.offer(at+1, out[at])
		}
	}
	return out
}

// cell is the best known reading that ends at one place.
type cell struct {
	live  bool
	first int32 // the first token consumed, -1 for none
	merit merit
	trace *trace
}

func (c cell) consume(at int, worth merit) cell {
	if c.first < 0 {
		c.first = int32(at)
	}
	c.merit = c.merit.plus(worth)
	return c
}

// row is the best reading for each place.
type row []cell

// improves tells whether a reading of that merit would be kept at a place. An
// equal one would not: the reading found first stays.
func (r row) improves(at int, m merit) bool {
	return !r[at].live || m.better(r[at].merit)
}

func (r row) offer(at int, c cell) {
	if r.improves(at, c.merit) {
		r[at] = c
	}
}

func (r row) merge(other row) {
	for at, c := range other {
		if c.live {
			r.offer(at, c)
		}
	}
}

// wrap appends an effect to every reading.
func (r row) wrap(effectAt func(at int, c cell) effect) {
	for at, c := range r {
		if c.live {
			r[at].trace = &trace{previous: c.trace, effect: effectAt(at, c)}
		}
	}
}

// trace is the list of effects on a path, the last one first. Paths share their
// beginnings.
type trace struct {
	previous *trace
	effect   effect
}
