package dialog

import (
	"slices"
	"strings"
)

// define compiles the named patterns. All names exist before the first body is
// compiled, so the order of definitions does not matter.
func (m *Matcher) define(list []*NamedPattern) []Diagnostic {
	last, found := lastDefinitions(list)
	m.named = make(map[string]*sharedElement, len(last))
	for _, definition := range last {
		m.named[definition.Name] = &sharedElement{}
	}
	uses := make(map[string][]patternUse, len(last))
	for _, definition := range last {
		pattern, errors := ParsePattern(definition.Body)
		c := &patternCompiler{matcher: m}
		m.named[definition.Name].body = pattern.body.compile(c)
		uses[definition.Name] = c.uses
		found = append(append(found, errors...), c.found...)
	}
	return append(found, refuseRecursion(last, uses)...)
}

// lastDefinitions keeps the last definition of each name, in the order of the
// first one.
func lastDefinitions(list []*NamedPattern) (last []*NamedPattern, found []Diagnostic) {
	places := map[string]int{}
	for _, definition := range list {
		if isBuiltIn(definition.Name) {
			found = append(found, newDiagnostic(Warning, definition.Pos, "pattern-built-in",
				"$"+definition.Name+" is built in; this definition is not used", "choose another name"))
			continue
		}
		at, again := places[definition.Name]
		if !again {
			places[definition.Name] = len(last)
			last = append(last, definition)
			continue
		}
		if first := last[at]; first.Pos != definition.Pos {
			found = append(found, newDiagnostic(Warning, definition.Pos, "pattern-again",
				"$"+definition.Name+" replaces the definition at "+first.Pos.String(), ""))
		}
		last[at] = definition
	}
	return last, found
}

func isBuiltIn(name string) bool {
	return slices.Contains([]string{"oneWord", "nonEmptyGarbage"}, name)
}

// names are the named patterns, in no order.
func (m *Matcher) names() []string {
	names := make([]string, 0, len(m.named))
	for name := range m.named {
		names = append(names, name)
	}
	return names
}

func (m *Matcher) dictionaryNames() []string {
	names := make([]string, 0, len(m.indexes))
	for name := range m.indexes {
		names = append(names, name)
	}
	return names
}

// refuseRecursion reports patterns that refer to themselves, directly or through
// others. Public projects have some: only the use that closes the circle matches
// nothing.
func refuseRecursion(list []*NamedPattern, uses map[string][]patternUse) []Diagnostic {
	search := recursionSearch{uses: uses, state: map[string]visitState{}}
	for _, definition := range list {
		if search.state[definition.Name] == unvisited {
			search.visit(definition.Name)
		}
	}
	return search.found
}

type visitState int

const (
	unvisited visitState = iota
	open
	closed
)

// recursionSearch walks the graph of uses depth first.
type recursionSearch struct {
	uses  map[string][]patternUse
	state map[string]visitState
	path  []string
	found []Diagnostic
}

func (s *recursionSearch) visit(name string) {
	s.state[name] = open
	s.path = append(s.path, name)
	for _, use := range s.uses[name] {
		switch s.state[use.name] {
		case unvisited:
			s.visit(use.name)
		case open:
			s.refuse(use)
		}
	}
	s.path = s.path[:len(s.path)-1]
	s.state[name] = closed
}

// refuse cuts the circle that use closes.
func (s *recursionSearch) refuse(use patternUse) {
	use.element.shared = &sharedElement{body: neverElement{}}
	circle := append(slices.Clone(s.path[slices.Index(s.path, use.name):]), use.name)
	s.found = append(s.found, newDiagnostic(Warning, use.pos, "pattern-recursion",
		"$"+use.name+" refers to itself ($"+strings.Join(circle, " -> $")+"); this use matches nothing",
		"use $repeat<$Name> for repetition"))
}
