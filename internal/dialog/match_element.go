package dialog

// element is one compiled piece of a pattern. Elements are immutable and shared
// by all requests.
//
// Both methods map places of a request to places of it and distribute over the
// union of starts. Sets and rows given to them must not be changed.
type element interface {
	// ends gives the places where a match can end that begins at one of the
	// starts. It decides whether a pattern matches, exactly and in polynomial
	// time; there is no limit that could lose a match.
	ends(in *Input, starts positions) positions
	// walk gives the best reading that ends at each place, continuing the
	// readings in from.
	walk(s *scorer, from row) row
}

// neverElement matches nothing: the body of a pattern with errors, $morph<>.
type neverElement struct{}

func (neverElement) ends(in *Input, _ positions) positions { return in.arena.empty() }
func (neverElement) walk(s *scorer, _ row) row             { return s.blank() }

// sequenceElement matches its items one after another.
type sequenceElement struct{ items []element }

func (e sequenceElement) ends(in *Input, starts positions) positions {
	for _, item := range e.items {
		if starts.isEmpty() {
			break
		}
		starts = item.ends(in, starts)
	}
	return starts
}

func (e sequenceElement) walk(s *scorer, from row) row {
	for _, item := range e.items {
		if !s.proceed(from) {
			return s.blank()
		}
		from = item.walk(s, from)
	}
	return from
}

// choiceElement matches one of its alternatives; among equal readings the first
// alternative wins.
type choiceElement struct{ alternatives []element }

func (e choiceElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	for _, alternative := range e.alternatives {
		out.union(alternative.ends(in, starts))
	}
	return out
}

func (e choiceElement) walk(s *scorer, from row) row {
	out := s.blank()
	for _, alternative := range e.alternatives {
		if s.exhausted() {
			break
		}
		out.merge(alternative.walk(s, from))
	}
	return out
}

// optionElement matches its body or nothing; among equal readings the one with
// the body wins.
type optionElement struct{ body element }

func (e optionElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	copy(out, starts)
	out.union(e.body.ends(in, starts))
	return out
}

func (e optionElement) walk(s *scorer, from row) row {
	out := s.blank()
	out.merge(e.body.walk(s, from))
	out.merge(from)
	return out
}

// effectElement consumes nothing and leaves a mark on the path: a value or a
// weight.
type effectElement struct{ effect effect }

func (e effectElement) ends(_ *Input, starts positions) positions { return starts }

func (e effectElement) walk(s *scorer, from row) row {
	out := s.blank()
	for at, c := range from {
		if c.live {
			c.trace = &trace{previous: c.trace, effect: e.effect}
			out[at] = c
		}
	}
	return out
}
