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
	// Holder is the state the line stands in.
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

// trigger reads one trigger tag.
func (u *unit) trigger(b *block, holder *State) {
	kind, global := strings.CutSuffix(b.name, "!")
	value, params := splitParams(b.value, &u.report)
	given := u.known(b.name, params, "fromState", "toState", "onlyThisState")
	t := &Trigger{
		Pos: b.pos, Kind: TriggerKind(kind), Global: global, Value: value, Holder: holder,
		OnlyThisState: u.flag(given, "onlyThisState"), Order: len(u.project.Triggers),
	}
	if value.Empty() {
		u.emptyTrigger(b)
	}
	if from, ok := given["fromState"]; ok {
		t.From = u.statePaths(from.value, holder)
	}
	if to, ok := given["toState"]; ok {
		t.To = u.statePath(to.value, holder)
	}
	holder.Triggers = append(holder.Triggers, t)
	u.project.Triggers = append(u.project.Triggers, t)
}

// emptyTrigger reports a trigger without a value; an empty pattern is legal, it
// fits the empty request.
func (u *unit) emptyTrigger(b *block) {
	if b.name == "q" || b.name == "q!" {
		u.warnf(b.pos, "empty-pattern", "an empty pattern matches only an empty request")
		return
	}
	u.needValue(b, "a value")
}

// statePaths reads one path or a JSON array of paths.
func (u *unit) statePaths(value Source, holder *State) []string {
	if !strings.HasPrefix(value.Text, "[") {
		return []string{u.statePath(value, holder)}
	}
	list, ok := parseLiteral(value, &u.report)
	items, isList := plain(list).([]any)
	if !ok || !isList {
		return nil
	}
	var paths []string
	for _, item := range items {
		text, isText := item.(string)
		if !isText {
			u.errorf(value.Pos(), "bad-value", "fromState takes a path or a list of paths")
			return nil
		}
		path := Resolve(holder.Path, text)
		u.expect(path, text, value.Pos())
		paths = append(paths, path)
	}
	return paths
}

func (u *unit) statePath(value Source, holder *State) string {
	path := Resolve(holder.Path, value.Text)
	u.expect(path, value.Text, value.Pos())
	return path
}
