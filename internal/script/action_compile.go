package script

import (
	"parley/internal/dialog"
)

// action compiles a block tag (dialog-language 3.6).
func (c *compiler) action(a *dialog.Action, holder string) step {
	switch a.Name {
	case "EndSession":
		return &endSessionStep{Pos: a.Pos}
	case "InputText", "InputNumber", "InputPhoneNumber", "InputFile", "Confirmation":
		return &askStep{Pos: a.Pos, question: c.question(a, holder), waits: a.Waits}
	case "HttpRequest":
		return &callStep{Pos: a.Pos, entry: "httpRequest", fields: c.params(a), vars: c.assignments(a), ok: c.leads(a, holder, "okState"), bad: c.leads(a, holder, "errorState")}
	case "Email":
		return &callStep{Pos: a.Pos, entry: "email", fields: c.params(a), ok: c.leads(a, holder, "okState", "then"), bad: c.leads(a, holder, "errorState")}
	case "TransferToOperator":
		return &transferStep{Pos: a.Pos, fields: c.params(a)}
	case "GoogleSheets", "Sms", "TelegramPayment", "TransferCallToOperator":
		return &noStep{Pos: a.Pos, name: a.Name}
	}
	block := &blockStep{Pos: a.Pos, path: "/Blocks/" + a.Name, args: c.params(a), targets: map[string]*target{}}
	for name, to := range a.Targets {
		block.targets[name] = c.target(to, holder)
	}
	return block
}

func (c *compiler) params(a *dialog.Action) []field {
	var fields []field
	for _, p := range a.Params {
		fields = append(fields, field{name: p.Name, value: c.text(p.Value)})
	}
	return fields
}

// param compiles one parameter, nil when it is not given.
func (c *compiler) param(a *dialog.Action, name string) *template {
	value, ok := a.Param(name)
	if !ok {
		return nil
	}
	return c.text(value)
}

// leads is the first of some parameters that names a state, nil for none.
func (c *compiler) leads(a *dialog.Action, holder string, names ...string) *target {
	for _, name := range names {
		if to, ok := a.Targets[name]; ok {
			return c.target(to, holder)
		}
	}
	return nil
}

func (c *compiler) question(a *dialog.Action, holder string) *question {
	buttons := a.Buttons
	if use, ok := a.Param("useButtons"); ok && use.String() == "true" {
		for _, b := range []struct{ label, state string }{{"agreeButton", "agreeState"}, {"disagreeButton", "disagreeState"}} {
			label, given := a.Param(b.label)
			to, leads := a.Targets[b.state]
			if !given {
				continue
			}
			button := dialog.Button{Pos: a.Pos, Text: label}
			if leads {
				button.Target = &to
			}
			buttons = append(buttons, button)
		}
	}
	list, _ := c.buttons(&dialog.Buttons{Pos: a.Pos, Items: buttons}, holder).(*buttonsStep)
	return &question{prompt: c.param(a, "prompt"), html: c.param(a, "html"), rich: c.param(a, "htmlEnabled"), buttons: list}
}

// input compiles what takes the user's answer to a question.
func (c *compiler) input(in *dialog.ActionInput) step {
	a := in.Action
	s := &inputStep{
		Pos: in.Pos, kind: a.Name, caller: in.Caller, waits: a.Waits, question: c.question(a, in.Caller), variable: c.param(a, "varName"),
		least: c.param(a, "minValue"), most: c.param(a, "maxValue"), then: c.leads(a, in.Caller, "then"),
		agree: c.leads(a, in.Caller, "agreeState"), disagree: c.leads(a, in.Caller, "disagreeState"),
	}
	for i, text := range a.Failures {
		f := failure{text: c.text(text)}
		if i < len(a.FailuresHTML) {
			f.html = c.text(a.FailuresHTML[i])
		}
		s.failures = append(s.failures, f)
	}
	return s
}

// assignments set the variables that HttpRequest keeps of the answer.
func (c *compiler) assignments(a *dialog.Action) []*code {
	var list []*code
	for _, v := range a.Vars {
		text := "$session[" + marshal(v.Name) + "] = (" + v.Value.Text + ")"
		if compiled := c.code(codeBlock, dialog.NewSource(text, v.Value.Pos())); compiled != nil {
			list = append(list, compiled)
		}
	}
	return list
}
