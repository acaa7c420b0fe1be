package desk

import (
	"slices"
	"strings"
	"time"
)

// shift is who can be given conversations in one pass of the router.
type shift struct {
	people *people
	at     time.Time
	seats  []*seat
}

// seat is an agent who is online, with his open conversations.
type seat struct {
	agent *Agent
	open  int
}

func (s *seat) free() bool { return s.open < s.agent.Capacity }

func newShift(p *people, load map[string]int, at time.Time) *shift {
	s := &shift{people: p, at: at}
	for _, a := range p.ordered {
		if a.Online() {
			s.seats = append(s.seats, &seat{a, load[a.ID]})
		}
	}
	return s
}

// room reports whether anybody can take anything.
func (s *shift) room() bool { return slices.ContainsFunc(s.seats, (*seat).free) }

// candidates are the free agents for a department's conversation; nobody
// outside its hours.
func (s *shift) candidates(dep *Department, integration string) []*seat {
	if !s.people.open(dep, s.at) {
		return nil
	}
	var list []*seat
	for _, one := range s.seats {
		if one.free() && s.people.works(one.agent, dep, integration) {
			list = append(list, one)
		}
	}
	return list
}

// choose returns the candidate who gets the conversation; there is at least
// one. The general queue is sticky and takes who has waited longest.
func (r *Router) choose(candidates []*seat, dep *Department, lastAgent string) *seat {
	strategy, sticky := StrategyLongestWaiting, true
	if dep != nil {
		strategy, sticky = dep.Strategy, dep.Sticky
	}
	if at := slices.IndexFunc(candidates, func(s *seat) bool { return s.agent.ID == lastAgent }); sticky && at >= 0 {
		return candidates[at]
	}
	switch strategy {
	case StrategyRoundRobin:
		return following(candidates, r.last[dep.ID])
	case StrategyLeastBusy:
		return slices.MinFunc(candidates, func(a, b *seat) int {
			if a.open != b.open {
				return a.open - b.open
			}
			return r.compareGiven(a, b)
		})
	}
	return slices.MinFunc(candidates, r.compareGiven)
}

func (r *Router) compareGiven(a, b *seat) int { return int(r.given[a.agent.ID] - r.given[b.agent.ID]) }

// following returns the candidate after the last one, in a ring of ids.
func following(candidates []*seat, last string) *seat {
	ring := slices.SortedFunc(slices.Values(candidates), func(a, b *seat) int { return strings.Compare(a.agent.ID, b.agent.ID) })
	for _, s := range ring {
		if s.agent.ID > last {
			return s
		}
	}
	return ring[0]
}
