package dialog

import "strings"

// TriggerKind is the tag name of a trigger without its "!".
type TriggerKind string

const (
	TriggerPattern      TriggerKind = "q"
	TriggerIntent       TriggerKind = "intent"
	TriggerIntentGroup  TriggerKind = "intentGroup"
	TriggerEvent        TriggerKind = "event"
	TriggerExample      TriggerKind = "e"
	TriggerExampleGroup TriggerKind = "eg"
)

// Trigger is one line that can activate a state (dialog-language 3.2).
type Trigger struct {
	Pos
	Kind   TriggerKind
	Global bool
	// Value is the pattern, intent path, event name or example as written.
	Value Source
	// Holder is the state the line stands in; a theme when the line has a toState.
	Holder *State
	// From are the absolute paths of fromState, empty when not given.
	From []string
	// To is the absolute path of toState, "" when not given.
	To            string
	OnlyThisState bool
	// Order is the trigger's place in load order; it breaks ties.
	Order int
}

// Target is the path of the state to enter when the trigger fires.
func (t *Trigger) Target() string {
	if t.To != "" {
		return t.To
	}
	return t.Holder.Path
}

// triggerReader reads the triggers of one state or theme.
type triggerReader struct {
	*report
	project *Project
	targets *targets
	holder  *State
	// entered is true for a state. A theme cannot be entered: its triggers name a
	// toState.
	entered bool
}

// read reads one trigger tag.
func (r *triggerReader) read(b *block) {
	kind, global := strings.CutSuffix(b.name, "!")
	value, params := splitParams(b.value, r.report)
	given := known(b.name, params, r.report, triggerParams...)
	t := &Trigger{
		Pos: b.pos, Kind: TriggerKind(kind), Global: global, Value: value, Holder: r.holder,
		OnlyThisState: given.flag("onlyThisState"), Order: len(r.project.Triggers),
	}
	if value.Empty() {
		r.empty(b)
	}
	if from, ok := given.value("fromState"); ok {
		t.From = r.paths(from)
	}
	if to, ok := given.value("toState"); ok {
		t.To = r.targets.resolve(r.holder, to.Text, to.Pos())
	} else if !r.entered {
		r.errorf(b.pos, "misplaced-tag", "the tag %q may stand in a theme only with toState", b.name)
		r.hint("put it into a state, or name the state to enter: || toState = /State")
		return
	}
	r.holder.Triggers = append(r.holder.Triggers, t)
	r.project.Triggers = append(r.project.Triggers, t)
}

// empty reports a trigger without a value; an empty pattern is legal, it fits the
// empty request.
func (r *triggerReader) empty(b *block) {
	if b.name == "q" || b.name == "q!" {
		r.warnf(b.pos, "empty-pattern", "an empty pattern matches only an empty request")
		return
	}
	b.needValue("a value", r.report)
}

// paths reads one path or a JSON array of paths.
func (r *triggerReader) paths(value Source) []string {
	if !strings.HasPrefix(value.Text, "[") {
		return []string{r.targets.resolve(r.holder, value.Text, value.Pos())}
	}
	list, ok := parseLiteral(value, r.report)
	items, isList := plain(list).([]any)
	if !ok || !isList {
		return nil
	}
	var paths []string
	for _, item := range items {
		text, isText := item.(string)
		if !isText {
			r.errorf(value.Pos(), "bad-value", "fromState takes a path or a list of paths")
			return nil
		}
		paths = append(paths, r.targets.resolve(r.holder, text, value.Pos()))
	}
	return paths
}
