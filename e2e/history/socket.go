package history

// stays: what a socket got is a contiguous piece of its chain's events, in
// order, each once, also over reconnects and successors (11).
func (r *run) stays(f *findings) {
	for _, s := range r.Stays {
		if s.Attached {
			r.stay(f, s)
		}
	}
}

func (r *run) stay(f *findings, s *Stay) {
	chain := r.chainOf(s.Session)
	last := s.After
	if last < 0 || !s.Resumed {
		last = s.Base // what came before is not replayed
	}
	for _, seen := range s.Seen {
		if !r.skipped(f, s, chain, last, seen.Sequence) {
			return
		}
		e := r.at(chain, seen.Sequence)
		switch {
		case e == nil || e.shown() != seen.Kind || e.Session != seen.Session:
			f.add(11, "socket %s: got %s %d of session %s, which is not what is stored", s.Socket, seen.Kind, seen.Sequence, seen.Session)
			return
		case seen.Message != "" && e.Message != seen.Message:
			f.add(11, "socket %s: event %d names message %s, stored is %s", s.Socket, seen.Sequence, seen.Message, e.Message)
			return
		}
		last = seen.Sequence
	}
	if c := r.chains[chain]; s.Whole && c != nil {
		r.skipped(f, s, chain, last, c.Sequence+1)
	}
}

// skipped reports whether a socket may get event next after event last: only
// its own messages are not shown to it.
func (r *run) skipped(f *findings, s *Stay, chain string, last, next int64) bool {
	if next <= last {
		f.add(11, "socket %s: event %d of chain %s came after %d", s.Socket, next, chain, last)
		return false
	}
	for n := last + 1; n < next; n++ {
		e := r.at(chain, n)
		if e == nil || e.Kind != "message:user" || r.index.messages[e.Message] == nil || !s.Own[r.index.messages[e.Message].Token] {
			f.add(11, "socket %s: event %d of chain %s is missing between %d and %d", s.Socket, n, chain, last, next)
			return false
		}
	}
	return true
}
