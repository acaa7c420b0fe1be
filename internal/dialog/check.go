package dialog

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
	c.intents()
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

// intents warns once that triggers for meanings and examples never fire.
func (c *checker) intents() {
	var first *Trigger
	count := 0
	for _, t := range c.project.Triggers {
		if t.Kind == TriggerPattern || t.Kind == TriggerEvent {
			continue
		}
		if count++; first == nil {
			first = t
		}
	}
	if count > 0 {
		c.warnf(first.Pos, "trigger-without-nlu", "triggers for intents and examples never fire (this is the first of %d): no recogniser of meanings is installed", count)
	}
}
