package dialog

// span is a stretch of tokens recognised from outside: a dictionary row or an NLU
// entity.
type span struct {
	end   int
	worth merit
	value any
}

// spanSource finds stretches. Sources are pointers; what they find is remembered
// for the request.
type spanSource interface {
	// find gives the stretches that begin at the token start.
	find(in *Input, start int) []span
}

// spanTable remembers what a source found.
type spanTable struct {
	known []bool
	rows  [][]span
}

func (in *Input) spansAt(source spanSource, start int) []span {
	t := in.spans[source]
	if t == nil {
		t = &spanTable{known: make([]bool, len(in.tokens)), rows: make([][]span, len(in.tokens))}
		if in.spans == nil {
			in.spans = map[spanSource]*spanTable{}
		}
		in.spans[source] = t
	}
	if !t.known[start] {
		t.rows[start], t.known[start] = source.find(in, start), true
	}
	return t.rows[start]
}

// spanElement is $entity<Dictionary> or @entity.
type spanElement struct {
	source spanSource
	node   *nodeName
	lends  bool // the value is that of the enclosing node too, when it has none
}

func (e spanElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	starts = in.skipped(starts)
	for at := starts.first(); at >= 0 && at < len(in.tokens); at = starts.next(at + 1) {
		for _, found := range in.spansAt(e.source, at) {
			out.add(found.end)
		}
	}
	return out
}

func (e spanElement) walk(s *scorer, from row) row {
	out := s.blank()
	from = s.skipped(from)
	for at, c := range from[:len(s.in.tokens)] {
		if !c.live {
			continue
		}
		for _, found := range s.in.spansAt(e.source, at) {
			next := c.consume(at, found.worth)
			if out.improves(found.end, next.merit) {
				node := nodeEffect{name: e.node, start: at, end: found.end, value: found.value, hasValue: found.value != nil, lends: e.lends}
				next.trace = &trace{previous: c.trace, effect: node}
				out[found.end] = next
			}
		}
	}
	return out
}

// regexpElement is a regular expression over the text of tokens.
type regexpElement struct {
	expression textRegexp
	worth      merit
	node       *nodeName // nil without an alias
}

func (e regexpElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	e.expression.ends(in, in.skipped(starts), out)
	return out
}

func (e regexpElement) walk(s *scorer, from row) row {
	out := s.blank()
	from = s.skipped(from)
	for at, c := range from[:len(s.in.tokens)] {
		if c.live {
			e.walkFrom(s, out, at, c)
		}
	}
	return out
}

func (e regexpElement) walkFrom(s *scorer, out row, at int, c cell) {
	mark := s.in.arena.mark()
	defer s.in.arena.release(mark)
	start, ends := s.in.arena.empty(), s.in.arena.empty()
	start.add(at)
	e.expression.ends(s.in, start, ends)
	for end := ends.first(); end >= 0; end = ends.next(end + 1) {
		if !s.spend(end - at) {
			return
		}
		next := c.consume(at, s.in.merit(at, end, e.worth))
		if !out.improves(end, next.merit) {
			continue
		}
		if e.node != nil {
			next.trace = &trace{previous: c.trace, effect: nodeEffect{name: e.node, start: at, end: end}}
		}
		out[end] = next
	}
}

// backtrack remembers where a backtracking expression ends for each start.
func (in *Input) backtrack(e *backtrackRegexp, start int) positions {
	key := backtrackKey{expression: e, start: start}
	ends, ok := in.backtracked[key]
	if !ok {
		ends = in.newPositions()
		e.tryFrom(in, start, ends)
		if in.backtracked == nil {
			in.backtracked = map[backtrackKey]positions{}
		}
		in.backtracked[key] = ends
	}
	return ends
}

type backtrackKey struct {
	expression *backtrackRegexp
	start      int
}

func (in *Input) markSlow(e *backtrackRegexp) {
	if in.slow == nil {
		in.slow = map[*backtrackRegexp]bool{}
	}
	in.slow[e] = true
}
