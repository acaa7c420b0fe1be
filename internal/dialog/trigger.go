package dialog

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
