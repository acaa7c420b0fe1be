package script

import (
	"sync"

	"parley/internal/dialog"
)

// Coverage tells which states were entered and which triggers fired in a run of
// the tests.
type Coverage struct {
	States   Covered `json:"states"`
	Triggers Covered `json:"triggers"`
}

// Covered counts; Missed are those left out, in load order or by path.
type Covered struct {
	Total  int      `json:"total"`
	Seen   int      `json:"seen"`
	Missed []Missed `json:"missed"`
}

// Missed is a state or trigger that no test reached.
type Missed struct {
	Name string `json:"name"`
	At   string `json:"at"` // file:line:column
}

// sightings gathers what the turns of all cases did. A nil one gathers nothing. It
// is safe for concurrent use.
type sightings struct {
	mu       sync.Mutex
	states   map[string]bool
	triggers map[*dialog.Trigger]bool
}

func newSightings() *sightings {
	return &sightings{states: map[string]bool{}, triggers: map[*dialog.Trigger]bool{}}
}

func (s *sightings) add(done *record) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range done.entered {
		s.states[path] = true
	}
	for _, t := range done.fired {
		s.triggers[t] = true
	}
}

func (s *sightings) coverage(p *dialog.Project) *Coverage {
	c := &Coverage{States: Covered{Missed: []Missed{}}, Triggers: Covered{Missed: []Missed{}}}
	var visit func(*dialog.State)
	visit = func(state *dialog.State) {
		if !state.Theme {
			c.States.count(s.states[state.Path], state.Path, state.Pos)
		}
		for _, child := range state.Children {
			visit(child)
		}
	}
	visit(p.Root)
	for _, t := range p.Triggers {
		c.Triggers.count(s.triggers[t], string(t.Kind)+": "+t.Value.Text, t.Pos)
	}
	return c
}

func (c *Covered) count(seen bool, name string, at dialog.Pos) {
	c.Total++
	if seen {
		c.Seen++
		return
	}
	c.Missed = append(c.Missed, Missed{Name: name, At: at.String()})
}
