package dialog

import "sort"

// Candidate is a trigger that is active in a context (dialog-language 5.1).
type Candidate struct {
	Trigger *Trigger
	// Distance from the context, 0 for a child of the current state; smaller is
	// nearer (5.2).
	Distance int
}

// Hit is an active trigger whose pattern fits the request.
type Hit struct {
	Candidate
	Match
}

// Names of the events that the engine raises itself (5.3).
const (
	EventNoMatch     = "noMatch"
	EventMatch       = "match"
	EventLengthLimit = "lengthLimit"
	EventTimeLimit   = "timeLimit"
)

// Active lists the triggers of one kind that may fire while the context path is
// context, in load order.
func (p *Project) Active(context string, kind TriggerKind) []Candidate {
	modal := p.modal(context)
	var active []Candidate
	for _, t := range p.Triggers {
		if t.Kind != kind || !t.active(context) || modal != "" && !t.escapes(modal, context) {
			continue
		}
		active = append(active, Candidate{Trigger: t, Distance: t.distance(context)})
	}
	return active
}

// Event chooses the trigger that takes an event: the nearest one, at the same
// distance a local one before a global one, then the first in load order.
func (p *Project) Event(context, name string) (Candidate, bool) {
	var best Candidate
	for _, c := range p.Active(context, TriggerEvent) {
		if c.Trigger.Value.Text == name && (best.Trigger == nil || nearer(c, best)) {
			best = c
		}
	}
	return best, best.Trigger != nil
}

func nearer(a, b Candidate) bool {
	if a.Distance != b.Distance {
		return a.Distance < b.Distance
	}
	if a.Trigger.Global != b.Trigger.Global {
		return b.Trigger.Global
	}
	return a.Trigger.Order < b.Trigger.Order
}

// Rank orders hits, the best one first: by score, those less than ScoreTie apart
// by distance, then by the number of exact words, then by load order (4.6, 5.3).
// penalty is subtracted from the score once for each step of distance
// (nlp.contextPenalty, 0 by default).
func Rank(hits []Hit, penalty float64) {
	score := func(h Hit) float64 { return h.Score - penalty*float64(h.Distance) }
	sort.SliceStable(hits, func(i, j int) bool { return score(hits[i]) > score(hits[j]) })
	for from := 0; from < len(hits); {
		to := from + 1
		for to < len(hits) && score(hits[from])-score(hits[to]) < ScoreTie {
			to++
		}
		tied := hits[from:to]
		sort.SliceStable(tied, func(i, j int) bool { return beforeTied(tied[i], tied[j]) })
		from = to
	}
}

// beforeTied orders hits of the same score.
func beforeTied(a, b Hit) bool {
	if a.Distance != b.Distance {
		return a.Distance < b.Distance
	}
	if a.Exact != b.Exact {
		return a.Exact > b.Exact
	}
	return a.Trigger.Order < b.Trigger.Order
}

// modal is the path of the modal state in force, "" for none: the context itself
// or, for its children, the state above it.
func (p *Project) modal(context string) string {
	for _, path := range []string{context, parentPath(context)} {
		if s := p.States[path]; s != nil && s.Modal {
			return path
		}
	}
	return ""
}

// active is the rule of locality.
func (t *Trigger) active(context string) bool {
	if len(t.From) > 0 {
		return t.from(context) != ""
	}
	switch {
	case t.To != "" && !t.Global:
		return t.covers(t.Holder.Path, context)
	case t.Global:
		return true
	}
	return t.covers(parentPath(t.Holder.Path), context)
}

// from is the path of fromState that covers the context, "" for none.
func (t *Trigger) from(context string) string {
	best := ""
	for _, path := range t.From {
		if t.covers(path, context) && (best == "" || depth(path) > depth(best)) {
			best = path
		}
	}
	return best
}

// covers tells whether a context is a place, or lies below it.
func (t *Trigger) covers(place, context string) bool {
	if t.OnlyThisState {
		return context == place
	}
	return within(context, place)
}

// escapes tells whether an active trigger stays active under a modal state:
// those below it do, the toState lines it holds, and lines elsewhere that name a
// fromState.
func (t *Trigger) escapes(modal, context string) bool {
	switch {
	case below(t.Holder.Path, modal):
		return true
	case t.To != "" && t.Holder.Path == modal:
		return true
	}
	return t.from(context) != ""
}

// distance is how far the context lies from where the trigger is at home.
func (t *Trigger) distance(context string) int {
	switch from := t.from(context); {
	case from != "":
		return depth(context) - depth(from)
	case t.To != "" && !t.Global:
		return depth(context) - depth(t.Holder.Path)
	case t.Global:
		common := commonDepth(context, t.Holder.Path)
		return depth(context) - common + max(0, depth(t.Holder.Path)-common-1)
	}
	return depth(context) - depth(parentPath(t.Holder.Path))
}

// commonDepth is the depth of the lowest common ancestor of two paths.
func commonDepth(a, b string) int {
	n := 0
	for i := 1; ; i++ {
		endA, endB := i >= len(a) || a[i] == '/', i >= len(b) || b[i] == '/'
		switch {
		case endA && endB:
			if i > 1 {
				n++
			}
			if i >= len(a) || i >= len(b) {
				return n
			}
		case endA || endB || a[i] != b[i]:
			return n
		}
	}
}
