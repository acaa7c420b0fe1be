package script

import (
	"context"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"parley/internal/dialog"
)

// chooser finds the state that a request goes to.
type chooser struct{ *run }

// choose decides which state the request goes to (dialog-language 5.3), "" for
// none.
func (r chooser) choose() (string, error) {
	r.matched = nil
	target, err := r.tempTarget()
	if target != "" || err != nil {
		return target, err
	}
	switch {
	case r.request.TargetState != "":
		return dialog.Resolve("/", r.request.TargetState), nil
	case r.request.Event != "":
		return r.byChannelEvent(), nil
	case r.request.full != "" && r.request.Query == "":
		return "/", nil
	}
	if target, ok := r.extra.Buttons[buttonKey(r.request.Query)]; ok && r.bot.states[target] != nil {
		return target, nil
	}
	return r.byText()
}

// byChannelEvent is the target of the request's event. Files that no state waits
// for are like a text that none understands.
func (r chooser) byChannelEvent() string {
	target := r.byEvent(r.request.Event)
	if target == "" && r.request.Event == eventFile {
		target = r.byEvent(dialog.EventNoMatch)
	}
	return target
}

// byEvent is the target of an event, "" when nothing handles it.
func (r chooser) byEvent(name string) string {
	candidate, ok := r.bot.project.Event(r.position, name)
	if !ok {
		return ""
	}
	return candidate.Trigger.Target()
}

func (r chooser) byText() (string, error) {
	in := r.bot.recogniser.Input(r.request.Query).At(r.turn.Now())
	if r.tooLong(in) {
		target := r.byEvent(dialog.EventLengthLimit)
		r.silent = target == ""
		return target, nil
	}
	hits, err := r.hitsOf(in)
	if errors.Is(err, context.DeadlineExceeded) {
		target := r.byEvent(dialog.EventTimeLimit)
		r.silent = target == ""
		return target, nil
	}
	if err != nil {
		return "", err
	}
	r.hits = hits
	best, other, err := r.selectHit()
	switch {
	case err != nil || other != "":
		return other, err
	case best < 0:
		return r.byEvent(dialog.EventNoMatch), nil
	}
	r.matched = hits[best].Tree
	return hits[best].Trigger.Target(), r.convert()
}

func (r chooser) tooLong(in *dialog.Input) bool {
	limits := &r.bot.project.Config.NLP
	return limits.LengthSymbols > 0 && utf8.RuneCountInString(r.request.Query) > limits.LengthSymbols ||
		limits.LengthWords > 0 && len(in.Tokens()) > limits.LengthWords
}

func (r chooser) hitsOf(in *dialog.Input) ([]dialog.Hit, error) {
	ctx := r.ctx
	if limit := r.bot.project.Config.NLP.TimeLimit; limit > 0 {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		ctx = limited
	}
	return r.bot.recogniser.Hits(ctx, in, r.position)
}

// selectHit gives the index of the chosen hit, -1 for none, or the path of
// another state that a selectNLUResult handler named.
func (r chooser) selectHit() (best int, other string, err error) {
	best = min(len(r.hits), 1) - 1
	if !r.bot.handlers["selectNLUResult"] {
		return best, "", nil
	}
	if err := r.handle("selectNLUResult"); err != nil {
		return 0, "", err
	}
	v, err := r.vm.Call("selected")
	text := v.text
	if err != nil || text == "" {
		return best, "", err
	}
	var chosen struct {
		Index int
		Clazz string
	}
	if err := json.Unmarshal([]byte(text), &chosen); err != nil {
		return 0, "", err
	}
	if chosen.Index >= 0 || chosen.Clazz == "" {
		return chosen.Index, "", nil
	}
	for i, hit := range r.hits {
		if hit.Trigger.Target() == chosen.Clazz {
			return i, "", nil
		}
	}
	return -1, dialog.Resolve("/", chosen.Clazz), nil
}

// convert runs the converters of what matched, if it has any.
func (r chooser) convert() error {
	needed := false
	r.matched.Walk(func(n *dialog.ParseNode) { needed = needed || r.bot.converters[n.Pattern] != nil })
	return r.call("tree", needed)
}
