package dialog

// starElement is "*": any tokens, also none. Among equal readings the shortest
// prefix before it wins, so that what stands between two stars is found as far
// left as possible.
type starElement struct{}

func (starElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	if first := starts.first(); first >= 0 {
		out.addRange(first, len(in.tokens))
	}
	return out
}

func (starElement) walk(s *scorer, from row) row {
	out := s.blank()
	best, start := cell{}, 0
	for at, c := range from {
		if c.live && (!best.live || c.merit.better(best.merit)) {
			best, start = c, at
		}
		if best.live {
			out[at] = best
			if at > start && best.first < 0 {
				out[at].first = int32(start)
			}
		}
	}
	return out
}

// garbageElement is $nonEmptyGarbage: one or more tokens that are not only
// punctuation. It takes as many as it can.
type garbageElement struct{ node *nodeName }

func (garbageElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	first := starts.first()
	if first < 0 {
		return out
	}
	for first < len(in.tokens) && in.tokens[first].Punctuation {
		first++
	}
	if first < len(in.tokens) {
		out.addRange(first+1, len(in.tokens))
	}
	return out
}

func (e garbageElement) walk(s *scorer, from row) row {
	out := s.blank()
	waiting, best := garbageStart{}, garbageStart{}
	for at := range s.in.tokens {
		waiting.consider(from[at], at)
		if !s.in.tokens[at].Punctuation {
			best.consider(waiting.cell, waiting.at)
		}
		if best.live {
			out[at+1] = best.until(at+1, e.node)
		}
	}
	return out
}

// garbageStart is the best place from which garbage can be read. Merits are
// compared as if the garbage began at place 0, so that a longer one is better.
type garbageStart struct {
	cell
	at int
}

func (g *garbageStart) consider(c cell, at int) {
	if !c.live {
		return
	}
	if !g.live || before(c.merit, at).better(before(g.merit, g.at)) {
		g.cell, g.at = c, at
	}
}

func before(m merit, at int) merit {
	m.covered -= int32(at)
	return m
}

func (g garbageStart) until(end int, node *nodeName) cell {
	c := g.consume(g.at, merit{covered: int32(end - g.at)})
	if node != nil {
		c.trace = &trace{previous: c.trace, effect: nodeEffect{name: node, start: g.at, end: end}}
	}
	return c
}
