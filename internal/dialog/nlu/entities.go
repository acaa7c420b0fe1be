package nlu

import (
	"encoding/json"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
)

// Entities finds the entities of a project and the built-in ones. It is immutable
// and safe for concurrent use.
type Entities struct {
	model    *Model
	options  Options
	named    map[string]*finder
	names    []string
	builtins map[string]builtin
	numerals *numerals
	lists    dictionaries
	wanted   []string // what Find looks for
}

// finder finds the entities of one name.
type finder struct {
	entity   *Entity
	synonyms *synonymIndex
	records  []int // the record of each pattern set
	patterns []PatternSet
}

// NewEntities prepares the entities of a model.
func NewEntities(m *Model, o Options) *Entities {
	e := &Entities{model: m, options: o, named: map[string]*finder{}, builtins: builtins(), numerals: newNumerals(), lists: newDictionaries(o)}
	for _, entity := range m.Entities {
		e.named[entity.Name] = newFinder(entity, o)
		e.names = append(e.names, entity.Name)
	}
	e.wanted = e.switchedOn()
	return e
}

// With has more records, such as those of one client. Entities that the project
// does not have are new.
func (e *Entities) With(records map[string][]Record, o Options) *Entities {
	more := *e
	more.named = maps.Clone(e.named)
	for name, list := range records {
		entity := Entity{Name: name, Enabled: true, Client: true}
		if known := e.named[name]; known != nil {
			entity = *known.entity
		}
		entity.Records = slices.Concat(entity.Records, list)
		more.named[name] = newFinder(&entity, o)
		if !slices.Contains(e.wanted, name) {
			more.wanted = append(slices.Clone(more.wanted), name)
		}
	}
	return &more
}

func newFinder(entity *Entity, o Options) *finder {
	f := &finder{entity: entity, synonyms: newSynonymIndex(entity, o)}
	for i, record := range entity.Records {
		if record.Type == Patterns && o.Compile != nil {
			f.records = append(f.records, i)
			f.patterns = append(f.patterns, o.Compile(record.Rules))
		}
	}
	return f
}

// switchedOn are the project's entities that are enabled, the system entities
// switched on and those that intents name.
func (e *Entities) switchedOn() []string {
	on := map[string]bool{}
	for _, entity := range e.model.Entities {
		on[entity.Name] = entity.Enabled
	}
	for name := range e.model.System {
		on[name] = true
	}
	for _, intent := range e.model.Intents {
		for _, slot := range intent.Slots {
			on[slot.Entity] = true
		}
		for _, name := range intent.Needs {
			on[name] = true
		}
		for _, phrase := range intent.Phrases {
			for _, name := range mentioned(phrase.Text) {
				on[name] = true
			}
		}
	}
	var names []string
	for name := range on {
		if on[name] && e.Known(name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// Known tells whether an entity of the name can be found at all: the project has
// records for it or it is built in.
func (e *Entities) Known(name string) bool {
	if f := e.named[name]; f != nil {
		return len(f.entity.Records) > 0 || f.entity.Client
	}
	return e.builtins[name] != nil
}

// Knows tells whether a synonym of the project begins with a form of the word.
func (e *Entities) Knows(word Word) bool {
	for _, f := range e.named {
		if len(f.synonyms.starts[f.synonyms.key(word)]) > 0 {
			return true
		}
	}
	return false
}

// Names are the names of the project's entities and of the built-in ones.
func (e *Entities) Names() []string {
	names := slices.Clone(e.names)
	for name := range e.builtins {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Find finds all entities that are switched on or named by an intent, also those
// that overlap, from left to right. now is the moment that relative dates count
// from; its location is the zone.
func (e *Entities) Find(text string, now time.Time) []Found {
	s := e.search(text, now)
	var all []Found
	for _, name := range e.wanted {
		all = append(all, s.named(name)...)
	}
	sortFound(all)
	return all
}

// Named finds the entities of one name, switched on or not.
func (e *Entities) Named(text, name string, now time.Time) []Found {
	return e.search(text, now).named(name)
}

// Resolve leaves out what overlaps: the longer wins, then an entity of the
// project, then the greater priority, then the one further left.
func (e *Entities) Resolve(found []Found) []Found {
	order := slices.Clone(found)
	sort.SliceStable(order, func(i, j int) bool {
		a, b := order[i], order[j]
		if la, lb := a.End-a.Start, b.End-b.Start; la != lb {
			return la > lb
		}
		if a.System != b.System {
			return b.System
		}
		return e.priority(a) > e.priority(b)
	})
	var kept []Found
	for _, f := range order {
		if !slices.ContainsFunc(kept, func(k Found) bool { return f.Start < k.End && k.Start < f.End }) {
			kept = append(kept, f)
		}
	}
	sortFound(kept)
	return kept
}

func (e *Entities) priority(f Found) float64 {
	if own := e.named[f.Entity]; own != nil {
		return own.entity.Priority
	}
	return 0
}

func sortFound(found []Found) {
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].Start != found[j].Start {
			return found[i].Start < found[j].Start
		}
		return found[i].End > found[j].End
	})
}

// quoted is a text as JSON.
func quoted(text string) json.RawMessage {
	data, err := json.Marshal(strings.ToValidUTF8(text, "\ufffd"))
	if err != nil {
		return json.RawMessage(`""`)
	}
	return data
}

// longest leaves out what lies inside or across a longer one of the same entity.
func longest(found []Found) []Found {
	sort.SliceStable(found, func(i, j int) bool { return found[i].End-found[i].Start > found[j].End-found[j].Start })
	var kept []Found
	for _, f := range found {
		if !slices.ContainsFunc(kept, func(k Found) bool { return f.Start < k.End && k.Start < f.End }) {
			kept = append(kept, f)
		}
	}
	return kept
}
