package history

import (
	"cmp"
	"fmt"
	"slices"
)

// Finding is a contradiction to an invariant.
type Finding struct {
	Line int // 1 to 19
	What string
}

func (f Finding) String() string { return fmt.Sprintf("%d: %s", f.Line, f.What) }

// findings of one run over the lines.
type findings struct{ list []Finding }

func (f *findings) add(line int, format string, args ...any) {
	f.list = append(f.list, Finding{line, fmt.Sprintf(format, args...)})
}

// CheckFacts tests what holds of the facts at every moment.
func CheckFacts(facts *Facts) []Finding {
	f := &findings{}
	newIndex(facts).check(f)
	return f.sorted()
}

// check tests the lines that need the facts alone.
func (x *index) check(f *findings) {
	x.transcripts(f)
	x.outcomes(f)
	x.counters(f)
	x.documents(f)
	x.scripted(f)
	x.sequences(f)
	x.ends(f)
	x.owners(f)
	x.timeouts(f)
	x.wholeness(f)
}

// Check tests a whole run. The program must have come to rest before the facts
// were read.
func Check(h *History) []Finding {
	f := &findings{}
	r := newRun(h)
	ran(f, r)
	r.rest(f)
	return f.sorted()
}

// CheckCut tests the history of a copy that was made while the program was at
// work: all but that nothing is left to do.
func CheckCut(h *History) []Finding {
	f := &findings{}
	ran(f, newRun(h))
	return f.sorted()
}

// ran tests the lines that need what callers saw.
func ran(f *findings, r *run) {
	r.check(f)
	invented(f, r)
	committed(f, r)
	r.messages(f)
	said(f, r)
	r.repeats(f)
	r.order(f)
	r.overlaps(f)
	r.confirmed(f)
	r.preconditions(f)
	r.closes(f)
	r.stays(f)
	r.expiries(f)
	r.lateTimeouts(f)
	r.webhooks(f)
	r.creates(f)
	r.bounds(f)
	r.claims(f)
	movesOf(r).check(f, r.index)
	r.stale(f)
}

func (f *findings) sorted() []Finding {
	slices.SortStableFunc(f.list, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return f.list
}
