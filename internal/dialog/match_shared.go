package dialog

// sharedElement is an element that is looked at from one start at most once per
// request, whatever the number of its uses: the body of a named pattern, or what
// is costly inside a permutation. That keeps nested patterns polynomial.
type sharedElement struct{ body element }

// endTable remembers where a shared element ends for each start.
type endTable struct {
	known positions
	rows  []positions // nil: no match begins here
}

func (in *Input) table(e *sharedElement) *endTable {
	t := in.tables[e]
	if t == nil {
		t = &endTable{known: in.newPositions(), rows: make([]positions, len(in.tokens)+1)}
		if in.tables == nil {
			in.tables = map[*sharedElement]*endTable{}
		}
		in.tables[e] = t
	}
	return t
}

// sharedEnds is sharedElement's part of recognising.
func (in *Input) sharedEnds(e *sharedElement, starts positions) positions {
	out := in.arena.empty()
	t := in.table(e)
	in.learn(t, e, starts)
	for at := starts.first(); at >= 0; at = starts.next(at + 1) {
		if t.rows[at] != nil {
			out.union(t.rows[at])
		}
	}
	return out
}

// learn fills the table for the starts. All unknown ones are tried together
// first: mostly none of them matches.
func (in *Input) learn(t *endTable, e *sharedElement, starts positions) {
	mark := in.arena.mark()
	defer in.arena.release(mark)
	unknown := in.arena.empty()
	for i := range unknown {
		unknown[i] = starts[i] &^ t.known[i]
	}
	if unknown.isEmpty() {
		return
	}
	together := e.body.ends(in, unknown)
	t.known.union(unknown)
	if together.isEmpty() {
		return
	}
	for at := unknown.first(); at >= 0; at = unknown.next(at + 1) {
		t.rows[at] = in.endsFrom(e, at)
	}
}

func (in *Input) endsFrom(e *sharedElement, at int) positions {
	mark := in.arena.mark()
	defer in.arena.release(mark)
	start := in.arena.empty()
	start.add(at)
	ends := e.body.ends(in, start)
	if ends.isEmpty() {
		return nil
	}
	return append(positions(nil), ends...)
}

// readings remembers the best readings of shared elements by their start.
type readings struct {
	rows map[readingKey][]reading
}

type readingKey struct {
	element *sharedElement
	start   int
}

// reading is one way to read a shared element from a known start.
type reading struct {
	end int
	cell
}

// readingsFrom gives the readings of e that begin at start, by their ends.
func (s *scorer) readingsFrom(e *sharedElement, start int) []reading {
	key := readingKey{element: e, start: start}
	if found, ok := s.in.readings.rows[key]; ok {
		return found
	}
	var found []reading
	if s.begins(e, start) {
		for end, c := range e.body.walk(s, s.newRow(start)) {
			if c.live {
				found = append(found, reading{end: end, cell: c})
			}
		}
	}
	if s.exhausted() {
		return nil
	}
	if s.in.readings.rows == nil {
		s.in.readings.rows = map[readingKey][]reading{}
	}
	s.in.readings.rows[key] = found
	return found
}

// begins asks the recogniser, which is much cheaper.
func (s *scorer) begins(e *sharedElement, start int) bool {
	t := s.in.table(e)
	if !t.known.has(start) {
		t.rows[start] = s.in.endsFrom(e, start)
		t.known.add(start)
	}
	return t.rows[start] != nil
}

// splice continues each reading in from with the readings of e; inner tells what
// stands on the path for them.
func (s *scorer) splice(out, from row, e *sharedElement, inner func(start int, r reading) effect) {
	for start, c := range from {
		if c.live {
			s.spliceAt(out, c, e, start, inner)
		}
	}
}

func (s *scorer) spliceAt(out row, c cell, e *sharedElement, start int, inner func(start int, r reading) effect) {
	for _, r := range s.readingsFrom(e, start) {
		if !s.spend(1) {
			return
		}
		sum := c.merit.plus(r.merit)
		if !out.improves(r.end, sum) {
			continue
		}
		next := cell{live: true, first: c.first, merit: sum}
		if next.first < 0 {
			next.first = r.first
		}
		next.trace = &trace{previous: c.trace, effect: inner(start, r)}
		out[r.end] = next
	}
}

// nestedElement is a shared element without a node of its own.
type nestedElement struct{ shared *sharedElement }

func (e nestedElement) ends(in *Input, starts positions) positions {
	return in.sharedEnds(e.shared, starts)
}

func (e nestedElement) walk(s *scorer, from row) row {
	out := s.blank()
	s.splice(out, from, e.shared, func(_ int, r reading) effect { return innerEffect{trace: r.trace} })
	return out
}

// namedElement is a use of a named pattern.
type namedElement struct {
	shared *sharedElement
	node   *nodeName
}

func (e *namedElement) ends(in *Input, starts positions) positions {
	return in.sharedEnds(e.shared, starts)
}

func (e *namedElement) walk(s *scorer, from row) row {
	out := s.blank()
	s.splice(out, from, e.shared, e.effect)
	return out
}

func (e *namedElement) effect(start int, r reading) effect {
	if r.first >= 0 {
		start = int(r.first)
	}
	return nodeEffect{name: e.node, start: start, end: r.end, inner: r.trace}
}

// repeatElement is $repeat<$Name>: one or more times.
type repeatElement struct{ *namedElement }

func (e repeatElement) ends(in *Input, starts positions) positions {
	out := in.sharedEnds(e.shared, starts)
	t := in.table(e.shared)
	for at := out.first(); at >= 0; at = out.next(at + 1) {
		one := in.arena.empty()
		one.add(at)
		in.learn(t, e.shared, one)
		if t.rows[at] != nil {
			out.union(t.rows[at])
		}
	}
	return out
}

func (e repeatElement) walk(s *scorer, from row) row {
	out := s.blank()
	for at, c := range from {
		if c.live {
			s.spliceAt(out, c, e.shared, at, e.effect)
		}
		if out[at].live {
			s.spliceAt(out, out[at], e.shared, at, e.effect)
		}
	}
	return out
}
