package dialog

import (
	"strconv"
	"strings"
)

// actionReader reads the action tags of one state. A tag that waits for the user
// gets states of its own below the one that holds it: a modal state, and in it one
// that takes whatever the user sends.
type actionReader struct {
	*report
	project *Project
	states  *stateTree
	targets *targets
	actions *actions
	holder  *State
}

func (r *actionReader) read(b *block) Reaction {
	a := &Action{Pos: b.pos, Name: b.name, Targets: map[string]Target{}}
	grammar, builtIn := actionTags[b.name]
	params := lineParams(b, r.report)
	if builtIn && !grammar.noEffect {
		known(b.name, params, r.report, grammar.params()...)
	}
	for _, p := range params {
		r.param(a, p)
	}
	if grammar.noEffect {
		r.warnf(b.pos, "unsupported-action", "the action tag %s has no effect here", b.name)
	}
	for _, name := range grammar.required {
		if value, ok := a.Param(name); !ok || value.Empty() {
			r.errorf(b.pos, "missing-parameter", "%q needs the parameter %s", b.name, name)
		}
	}
	r.actions.use(a)
	switch {
	case grammar.waits:
		r.wait(a)
	case b.name == "TransferToOperator":
		r.transfer(a)
	}
	return a
}

// param reads one parameter. An empty value means that it is not given.
func (r *actionReader) param(a *Action, p param) {
	name := p.name()
	switch {
	case p.value.Empty():
		return
	case leads(a.Name, name):
		a.Targets[name] = r.targets.read(r.holder, p.value)
		return
	case !isActionTag(a.Name):
	case name == "actions":
		a.Buttons = append(a.Buttons, r.buttons(p.value)...)
		return
	case strings.HasPrefix(name, "failureMessage"):
		a.failures(name, r.texts(p.value))
		return
	case name == "vars":
		a.Vars = r.vars(p.value)
		return
	case strings.HasSuffix(name, "nabled") || name == "useButtons" || name == "ignoreOffline":
		p.flag(r.report)
	}
	a.Params = append(a.Params, ActionParam{Pos: p.pos(), Name: name, Value: answerText(p.value, r.report)})
	r.number(a, p)
}

// number checks a bound that is known at load.
func (r *actionReader) number(a *Action, p param) {
	name := p.name()
	if name != "minValue" && name != "maxValue" && name != "sendMessageHistoryAmount" && name != "timeout" {
		return
	}
	value, _ := a.Param(name)
	if text, static := value.Static(); static {
		if _, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err != nil {
			r.errorf(p.value.Pos(), "bad-value", "%s must be a number, not %q", name, text)
		}
	}
}

// texts reads a JSON list of texts, or one text. Empty ones are left out.
func (r *actionReader) texts(value Source) []Text {
	list := []any{answerText(value, r.report)}
	if strings.HasPrefix(value.Text, "[") {
		parsed, ok := parseLiteral(value, r.report)
		if list, _ = parsed.([]any); !ok {
			return nil
		}
	}
	var texts []Text
	for _, item := range list {
		if text, ok := item.(Text); ok && !text.Empty() {
			texts = append(texts, text)
		}
	}
	return texts
}

// buttons reads `actions`: a list of {type: "buttons", buttons: [{name,
// transition}]}.
func (r *actionReader) buttons(value Source) []Button {
	parsed, _ := parseLiteral(value, r.report)
	groups, ok := parsed.([]any)
	if !ok {
		r.errorf(value.Pos(), "bad-value", `actions must be a list such as [{"type": "buttons", "buttons": [{"name": "Yes", "transition": "/Yes"}]}]`)
		return nil
	}
	var buttons []Button
	for _, group := range groups {
		object, _ := group.(map[string]any)
		list, _ := object["buttons"].([]any)
		for _, item := range list {
			if button, ok := r.button(value, item); ok {
				buttons = append(buttons, button)
			}
		}
	}
	return buttons
}

func (r *actionReader) button(value Source, item any) (Button, bool) {
	object, _ := item.(map[string]any)
	name, _ := object["name"].(Text)
	if name.Empty() {
		name, _ = object["text"].(Text)
	}
	if name.Empty() {
		r.errorf(value.Pos(), "bad-value", "a button of actions lacks its name")
		return Button{}, false
	}
	button := Button{Pos: value.Pos(), Text: name}
	if to, ok := object["transition"].(Text); ok && !to.Empty() {
		target := Target{Pos: value.Pos(), Text: to}
		if written, static := to.Static(); static {
			target.Path = r.targets.resolve(r.holder, written, value.Pos())
		}
		button.Target = &target
	}
	return button, true
}

// vars reads `vars` of HttpRequest: a list of {name, value} whose values are
// expressions.
func (r *actionReader) vars(value Source) []ActionVar {
	parsed, _ := parseLiteral(value, r.report)
	list, ok := plain(parsed).([]any)
	var vars []ActionVar
	for _, item := range list {
		object, _ := item.(map[string]any)
		name, _ := object["name"].(string)
		expression, _ := object["value"].(string)
		if ok = ok && name != ""; ok && expression != "" {
			expression = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(expression), "{{"), "}}")
			vars = append(vars, ActionVar{Name: name, Value: NewSource(expression, value.Pos())})
		}
	}
	if !ok {
		r.errorf(value.Pos(), "bad-value", `vars must be a list such as [{"name": "rate", "value": "$httpResponse.rate"}]`)
	}
	return vars
}

// wait makes the states in which the tag waits for the user.
func (r *actionReader) wait(a *Action) {
	waiting := r.own(r.holder, a, a.Name)
	waiting.Modal = true
	a.Waits = waiting.Path
	taking := r.own(waiting, a, "Input")
	taking.Reactions = []Reaction{&ActionInput{Pos: a.Pos, Action: a, Caller: r.holder.Path}}
	r.trigger(taking, TriggerPattern, "*")
	r.trigger(taking, TriggerEvent, "fileEvent")
	if a.Name == "InputPhoneNumber" {
		r.trigger(taking, TriggerEvent, "telegramSendContact")
	}
}

// transfer makes the states that the two events of a livechat lead to.
func (r *actionReader) transfer(a *Action) {
	for _, end := range []struct{ event, param string }{
		{"noLivechatOperatorsOnline", "noOperatorsOnlineState"}, {"livechatFinished", "dialogCompletedState"},
	} {
		event := end.event
		target, ok := a.Targets[end.param]
		if !ok {
			continue
		}
		s := r.own(r.holder, a, a.Name+" "+event)
		s.Reactions = []Reaction{&Go{Pos: a.Pos, Immediate: true, Target: target}}
		r.trigger(s, TriggerEvent, event)
	}
}

// own adds a state that belongs to an action tag.
func (r *actionReader) own(parent *State, a *Action, name string) *State {
	unused := name
	for n := 2; r.project.States[Resolve(parent.Path, "./"+unused)] != nil; n++ {
		unused = name + " " + strconv.Itoa(n)
	}
	s := r.states.add(parent, unused, a.Pos, false)
	s.Action = a
	return s
}

func (r *actionReader) trigger(s *State, kind TriggerKind, value string) {
	t := &Trigger{Pos: s.Pos, Kind: kind, Value: NewSource(value, s.Pos), Holder: s, Order: len(r.project.Triggers)}
	s.Triggers = append(s.Triggers, t)
	r.project.Triggers = append(r.project.Triggers, t)
}
