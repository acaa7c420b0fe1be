package script

import (
	"context"
	"encoding/json"
	"errors"

	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
)

// chooser finds the state that a request goes to.
type chooser struct{ *run }

// choose decides which state the request goes to (dialog-language 5.3), "" for
// none.
func (r chooser) choose() (string, error) {
	r.matched = nil
	filling := r.extra.Filling
	r.extra.Filling = nil // unless it asks again
	r.record.by, r.record.heard = "preMatch", nil
	if r.request.Event == "" && r.request.TargetState == "" {
		r.unknown, r.extra.Unknown = r.extra.Unknown, 0
	}
	target, err := r.tempTarget()
	if target != "" || err != nil {
		return target, err
	}
	switch {
	case r.request.TargetState != "":
		r.record.by = "target state"
		return dialog.Resolve("/", r.request.TargetState), nil
	case r.request.Event != "":
		r.record.by = "event"
		if target = r.byChannelEvent(); target == "" {
			r.extra.Filling = filling // nothing happens
		}
		return target, nil
	case r.request.full != "" && r.request.Query == "":
		r.record.by = "start"
		return "/", nil
	}
	if target, ok := r.extra.Buttons[buttonKey(r.request.Query)]; ok && r.bot.states[target] != nil {
		r.record.by = "button"
		return target, nil
	}
	r.record.by = "text"
	if filling != nil {
		r.record.by = "slot"
		return filler{r}.goOn(filling)
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
	r.record.fired = append(r.record.fired, candidate.Trigger)
	r.rule = rule{Class: candidate.Trigger.Target(), Type: "event", Text: name}
	return candidate.Trigger.Target()
}

// context is the path that a text is understood in. The start command leaves an
// action tag that waits for the user.
func (r chooser) context() string {
	if st := r.bot.states[r.position]; st != nil && st.node.Action != nil && r.request.Query == startCommand {
		return st.node.Parent.Path
	}
	return r.position
}

func (r chooser) byText() (string, error) {
	heard := r.understand(r.request.Query, r.context())
	if heard.tooLong() {
		return r.limited(dialog.EventLengthLimit), nil
	}
	r.heard, r.record.heard = heard, heard
	ctx, cancel := r.heard.bounded(r.ctx)
	defer cancel()
	err := r.heard.read(ctx, r.given.explain || r.bot.handlers["selectNLUResult"])
	if errors.Is(err, context.DeadlineExceeded) {
		return r.limited(dialog.EventTimeLimit), nil
	}
	if err != nil {
		return "", err
	}
	chosen, err := r.selectResult()
	if err != nil {
		return "", err
	}
	return r.follow(chosen)
}

// limited raises the event of a limit; nobody has to answer it.
func (r chooser) limited(event string) string {
	target := r.byEvent(event)
	r.silent = target == ""
	return target
}

// selectResult chooses an entry of nluResults, as selectNLUResult handlers say.
func (r chooser) selectResult() (choice, error) {
	if !r.bot.handlers["selectNLUResult"] {
		return r.heard.first(), nil
	}
	if err := r.handle("selectNLUResult"); err != nil {
		return choice{}, err
	}
	v, err := r.vm.Call("selected")
	if err != nil || v.text == "" {
		return r.heard.first(), err
	}
	var chosen choice
	if err := json.Unmarshal([]byte(v.text), &chosen); err != nil {
		return choice{}, err
	}
	if chosen.List == "" && chosen.Clazz != "" {
		if entry, ok := r.heard.leading(chosen.Clazz); ok {
			return entry, nil
		}
	}
	return chosen, nil
}

// follow takes a choice over: the state, and what scripts see of it.
func (r chooser) follow(c choice) (string, error) {
	candidate, ok := r.heard.candidate(c)
	target := dialog.Resolve("/", c.Clazz)
	switch {
	case !ok && c.Clazz == "":
		return r.unmatched()
	case !ok:
		return target, nil
	case c.Clazz == "":
		target = candidate.Trigger.Target()
	}
	r.record.fired = append(r.record.fired, candidate.Trigger)
	r.rule = rule{Class: target, Type: ruleType(candidate.Trigger.Kind), Text: candidate.Trigger.Value.Text}
	switch c.List {
	case listPatterns:
		r.matched = r.heard.patterns[c.Index].Tree
	case listIntents:
		h := r.heard.intents[c.Index].Hypothesis
		r.meant = &h
		if asks := (filler{r}).begin(h, target); asks != "" {
			return asks, nil
		}
	}
	return target, r.convert()
}

// ruleType names the kind of a trigger in nluResults (dialog-language 5.3).
func ruleType(kind dialog.TriggerKind) string {
	switch kind {
	case dialog.TriggerPattern:
		return "pattern"
	case dialog.TriggerExample, dialog.TriggerExampleGroup:
		return "example"
	}
	return string(kind)
}

// unmatched raises `match` when the text means an intent that no active state
// waits for, `noMatch` otherwise.
func (r chooser) unmatched() (string, error) {
	if best := r.heard.recognised(); best != nil && len(r.heard.intents) == 0 {
		if target := r.byEvent(dialog.EventMatch); target != "" {
			r.meant = best
			return target, r.convert()
		}
	}
	r.extra.Unknown = r.unknown + 1
	return r.byEvent(dialog.EventNoMatch), nil
}

// convert runs the converters of what matched, if it has any.
func (r chooser) convert() error {
	needed := false
	if r.matched != nil {
		r.matched.Walk(func(n *dialog.ParseNode) { needed = needed || r.bot.converters[n.Pattern] != nil })
	}
	if !needed && !r.taken.tree {
		return nil
	}
	return r.call("tree", needed)
}

// rule is why a state was chosen: $context.logInfo (script-api 1.5).
type rule struct {
	Class string `json:"nlpClass"`
	Type  string `json:"ruleType"`
	Text  string `json:"rule"`
}

// meaning is $context.intent.
type meaning struct {
	ID         int64        `json:"id"`
	Path       string       `json:"path"`
	Answer     string       `json:"answer,omitempty"`
	CustomData string       `json:"customData,omitempty"`
	Priority   float64      `json:"priority"`
	Slots      []slotFilled `json:"slots"`
}

// slotFilled is a slot of an intent, with its value when one was found.
type slotFilled struct {
	nlu.Slot
	Value json.RawMessage `json:"value,omitempty"`
}
