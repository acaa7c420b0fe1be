package dialog

// permutationElement matches its members in any order. The cost is 2^k*k for k
// members, hence MaxPermutation.
type permutationElement struct{ members []element }

func (e permutationElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	mark := in.arena.mark()
	defer in.arena.release(mark)
	if !e.possible(in, starts) {
		return out
	}
	done := make([]positions, 1<<len(e.members))
	done[0] = starts
	for subset, reached := range done {
		if reached == nil || reached.isEmpty() {
			continue
		}
		for i, member := range e.members {
			bit := 1 << i
			if subset&bit != 0 {
				continue
			}
			if done[subset|bit] == nil {
				done[subset|bit] = in.arena.empty()
			}
			done[subset|bit].union(member.ends(in, done[subset]))
		}
	}
	if last := done[len(done)-1]; last != nil {
		out.union(last)
	}
	return out
}

// possible tells whether each member matches somewhere behind the first start. It
// refuses most requests for the price of one pass.
func (e permutationElement) possible(in *Input, starts positions) bool {
	anywhere := starElement{}.ends(in, starts)
	for _, member := range e.members {
		if member.ends(in, anywhere).isEmpty() {
			return false
		}
	}
	return true
}

func (e permutationElement) walk(s *scorer, from row) row {
	done := make([]row, 1<<len(e.members))
	done[0] = from
	for subset, reached := range done {
		if reached == nil || !s.proceed(reached) {
			continue
		}
		for i, member := range e.members {
			bit := 1 << i
			if subset&bit != 0 || s.exhausted() {
				continue
			}
			if done[subset|bit] == nil {
				done[subset|bit] = s.blank()
			}
			done[subset|bit].merge(member.walk(s, reached))
		}
	}
	if last := done[len(done)-1]; last != nil {
		return last
	}
	return s.blank()
}
