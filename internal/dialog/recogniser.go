package dialog

import "context"

// Recogniser matches requests against the pattern triggers of a project. It is
// immutable and safe for concurrent use.
type Recogniser struct {
	*Matcher
	project  *Project
	compiled map[*Trigger]*CompiledPattern
}

// NewRecogniser compiles all patterns. What is wrong with one is reported; the
// pattern then fits nothing. entities may be nil: then @entity fits nothing.
func NewRecogniser(p *Project, entities Entities) (*Recogniser, []Diagnostic) {
	matcher, found := NewMatcher(Vocabulary{
		Language: p.Config.Language, Named: p.Patterns, Dictionaries: p.Dictionaries,
		Entities: entities, Incomplete: p.Incomplete,
	})
	r := &Recogniser{Matcher: matcher, project: p, compiled: map[*Trigger]*CompiledPattern{}}
	for _, t := range p.Triggers {
		if t.Kind != TriggerPattern {
			continue
		}
		pattern, wrong := ParsePattern(t.Value)
		compiled, unknown := matcher.Compile(pattern)
		r.compiled[t] = compiled
		found = append(append(found, wrong...), unknown...)
	}
	return r, found
}

// Hits gives the active pattern triggers that fit the request while the context
// path is contextPath, the best one first. The error is that of ctx.
func (r *Recogniser) Hits(ctx context.Context, in *Input, contextPath string) ([]Hit, error) {
	active := r.project.Active(contextPath, TriggerPattern)
	patterns := make([]*CompiledPattern, len(active))
	for i, candidate := range active {
		patterns[i] = r.compiled[candidate.Trigger]
	}
	matches, err := in.Match(ctx, patterns...)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, len(matches))
	for i, match := range matches {
		hits[i] = Hit{Candidate: active[match.Index], Match: match}
	}
	Rank(hits, r.project.Config.NLP.ContextPenalty)
	return hits, nil
}
