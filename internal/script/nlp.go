package script

import "parley/internal/dialog"

// bindNLP binds $nlp.
func (m *vm) bindNLP() {
	m.Bind("matchIn", func(args []any) (any, error) {
		only := len(args) > 2 && args[2] == true
		return matching{m.run}.in(text(args, 0), text(args, 1), only)
	})
}

// in classifies a text as if the context were a state, "" for the context of
// the turn; with only, what leads out of that state does not count.
func (r matching) in(text, path string, only bool) (string, error) {
	context := r.position
	if path != "" {
		context = dialog.Resolve(r.state, path)
	}
	u := r.understand(text, context)
	if only {
		u.only = context
	}
	results, err := view(r).results(u)
	if err != nil {
		return "", err
	}
	for i, hit := range u.patterns {
		results.Patterns[i].Tree.place(hit.Tree)
	}
	m := matched{Results: results, Entities: newEntities(u.entities(), nil), Intents: []meaning{}}
	for _, hit := range u.intents {
		m.Intents = append(m.Intents, newMeaning(hit.Hypothesis))
	}
	return marshal(m), nil
}

// matched is what $nlp.match makes its answer of; Intents go with the list of
// intents in Results.
type matched struct {
	Results  nluResults `json:"nluResults"`
	Entities []entity   `json:"entities"`
	Intents  []meaning  `json:"intents"`
}
