package dialog

import (
	"strings"

	"parley/internal/dialog/nlu"
)

// Check looks for what is wrong in a loaded project beyond its grammar. Load has
// called it already.
func Check(p *Project) []Diagnostic {
	_, found := NewRecogniser(p, p.entities())
	return append(check(p), found...)
}

// check is Check without the patterns.
func check(p *Project) []Diagnostic {
	c := &checker{project: p}
	c.state(p.Root)
	c.meanings()
	return c.list
}

type checker struct {
	report
	project *Project
}

func (c *checker) state(s *State) {
	c.timeouts(s)
	for _, child := range s.Children {
		c.state(child)
	}
}

// timeouts refuses a second timeout in one state: only one is armed at a time.
func (c *checker) timeouts(s *State) {
	var first *Timeout
	Walk(s.Reactions, func(r Reaction) {
		t, ok := r.(*Timeout)
		switch {
		case !ok:
		case first == nil:
			first = t
		default:
			c.errorf(t.Pos, "second-timeout", "the state %s has a timeout at %s already", s.Path, first.At())
		}
	})
}

// Walk visits reactions in the order they are written, those inside if and
// random behind the one that holds them.
func Walk(reactions []Reaction, visit func(Reaction)) {
	for _, r := range reactions {
		visit(r)
		switch r := r.(type) {
		case *If:
			for _, branch := range r.Branches {
				Walk(branch.Reactions, visit)
			}
		case *Random:
			Walk(r.Reactions, visit)
		}
	}
}

// meanings warns of triggers that wait for what the project has no data of, once
// for each intent and each example group.
func (c *checker) meanings() {
	told := once{}
	for _, t := range c.project.Triggers {
		key := string(t.Kind) + " " + t.Value.Text
		switch t.Kind {
		case TriggerIntent, TriggerIntentGroup:
			if !c.known(t) && told.first(key) {
				c.noIntent(t)
			}
		case TriggerExampleGroup:
			if c.project.groups[t.Value.Text] == nil && told.first(key) {
				c.warnf(t.Value.Pos(), "no-example-group", "no file of exampleGroups has the group %q: its triggers never fire", t.Value.Text)
				c.hint(didYouMean(t.Value.Text, c.project.GroupNames()))
			}
		}
	}
}

// known tells whether the export has an intent for a trigger.
func (c *checker) known(t *Trigger) bool {
	for _, intent := range c.project.NLU.Intents {
		if t.takes(intent.Path) {
			return true
		}
	}
	return false
}

func (c *checker) noIntent(t *Trigger) {
	file := c.project.NLU.File
	if file == "" {
		c.warnf(t.Value.Pos(), CodeNoIntentData, "there is no data for the intent %s: the project has no export of intents; its triggers never fire", t.Value.Text)
		c.hint("put the export of the project's intents beside " + ConfigFile + " as " + strings.Join(nlu.Exports(), " or "))
		return
	}
	var paths []string
	for _, intent := range c.project.NLU.Intents {
		paths = append(paths, intent.Path)
	}
	c.warnf(t.Value.Pos(), CodeNoIntentData, "%s has no intent %s: its triggers never fire", file, t.Value.Text)
	c.hint(didYouMean(intentPath(t.Value.Text), paths))
}

// CodeNoIntentData is the code of the warning that a trigger waits for an intent
// of which the project has no data.
const CodeNoIntentData = "no-intent-data"
