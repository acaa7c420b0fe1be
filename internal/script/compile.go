package script

import (
	"errors"
	"regexp"
	"strings"

	"parley/internal/dialog"
)

// state is a state ready to run.
type state struct {
	node   *dialog.State
	steps  []step
	result *template
}

// compiler turns the tree of a project into steps and gathers what is wrong with
// its JavaScript.
type compiler struct {
	bot   *Bot
	dir   string // of the project
	units []*code
	found []dialog.Diagnostic
}

func (c *compiler) project() {
	p := c.bot.project
	c.startup()
	for _, n := range p.Patterns {
		if n.Converter != nil {
			c.bot.converters[n.Name] = c.code(codeExpression, *n.Converter)
		}
	}
	for path, s := range p.States {
		c.bot.states[path] = &state{node: s, result: c.optional(s.SessionResult), steps: c.steps(s.Reactions, s.Path)}
	}
	c.warnShared(c.units)
}

// startup compiles what runs once when a machine is made.
func (c *compiler) startup() {
	modules := c.modules()
	for _, s := range c.bot.project.Startup {
		if s.Kind == dialog.StartupES6 {
			if len(modules) > 0 {
				c.bot.startup = append(c.bot.startup, modules[0])
				modules = modules[1:]
			}
			continue
		}
		if compiled := c.code(codeStartup, s.Code); compiled != nil {
			c.bot.startup = append(c.bot.startup, compiled)
		}
	}
}

// modules bundles the files of type scriptEs6, in their order.
func (c *compiler) modules() []*code {
	var files []dialog.Startup
	for _, s := range c.bot.project.Startup {
		if s.Kind == dialog.StartupES6 {
			files = append(files, s)
		}
	}
	bundled, found := bundleModules(c.dir, files)
	c.found = append(c.found, found...)
	if bundled == nil {
		return nil
	}
	list, wrong := c.bot.engine.CompileBundle(bundled, files)
	if wrong != nil {
		c.found = append(c.found, *wrong)
	}
	return list
}

// code compiles a piece of JavaScript. In place of one with a syntax error it
// gives code that throws the error, nil for start-up code.
func (c *compiler) code(kind codeKind, source dialog.Source) *code {
	compiled, wrong := c.bot.engine.Compile(unit{kind: kind, source: source})
	if wrong != nil {
		c.found = append(c.found, *wrong)
		return c.refused(kind, wrong)
	}
	c.units = append(c.units, compiled)
	return compiled
}

// refused stands in for code that does not compile: it throws when it is reached.
func (c *compiler) refused(kind codeKind, wrong *dialog.Diagnostic) *code {
	text := "throw new SyntaxError(" + marshal(wrong.Message) + ")"
	switch kind {
	case codeStartup:
		return nil
	case codeExpression:
		text = "(function(){" + text + "})()"
	}
	compiled, _ := c.bot.engine.Compile(unit{kind: kind, source: dialog.NewSource(text, wrong.Pos())})
	return compiled
}

func (c *compiler) steps(reactions []dialog.Reaction, holder string) []step {
	var steps []step
	for _, r := range reactions {
		if s := c.step(r, holder); s != nil {
			steps = append(steps, s)
		}
	}
	return steps
}

func (c *compiler) step(r dialog.Reaction, holder string) step {
	switch r := r.(type) {
	case *dialog.Answer:
		return c.answer(r)
	case *dialog.Image:
		return c.media(r.Pos, "image", "imageUrl", r.URL, "text", r.Text)
	case *dialog.Audio:
		return c.media(r.Pos, "audio", "audioUrl", r.URL, "audioName", r.Name)
	case *dialog.Video:
		return c.media(r.Pos, "video", "videoUrl", r.URL, "videoName", r.Name)
	case *dialog.Buttons:
		return c.buttons(r, holder)
	case *dialog.Go:
		return &jumpStep{Pos: r.Pos, target: c.target(r.Target, holder), immediate: r.Immediate}
	case *dialog.If:
		return c.branches(r, holder)
	case *dialog.Random:
		return &randomStep{Pos: r.Pos, steps: c.each(r.Reactions, holder)}
	case *dialog.Script:
		return c.script(r)
	case *dialog.Timeout:
		return &timeoutStep{Pos: r.Pos, target: c.target(r.Target, holder), interval: c.text(r.Interval), duration: r.Duration}
	case *dialog.NewSession:
		return &newSessionStep{Pos: r.Pos, message: c.optional(r.Message), data: c.value(r.Data), given: r.Data != nil, deferred: r.Deferred}
	case *dialog.Action:
		return c.action(r, holder)
	case *dialog.ActionInput:
		return c.input(r)
	}
	return nil
}

// each compiles reactions one by one, so that random counts all of them.
func (c *compiler) each(reactions []dialog.Reaction, holder string) []step {
	steps := make([]step, len(reactions))
	for i, r := range reactions {
		steps[i] = c.step(r, holder)
	}
	return steps
}

func (c *compiler) answer(a *dialog.Answer) step {
	s := &answerStep{Pos: a.Pos, text: c.text(a.Text)}
	add := func(name string, t *dialog.Text, enabled bool) {
		if t != nil && enabled {
			s.extra = append(s.extra, field{name: name, value: c.text(*t)})
		}
	}
	add("html", a.HTML, a.HTMLEnabled || a.HTML != nil)
	add("tts", a.TTS, a.TTSEnabled || a.TTS != nil)
	add("lang", a.Lang, true)
	add("markdown", a.Markdown, true)
	s.markup = a.HTMLEnabled
	s.listens = a.AutoListening
	return s
}

func (c *compiler) media(at dialog.Pos, kind, urlField string, url dialog.Text, nameField string, name *dialog.Text) step {
	s := &mediaStep{Pos: at, kind: kind, fields: []field{{name: urlField, value: c.text(url)}}}
	if name != nil {
		s.fields = append(s.fields, field{name: nameField, value: c.text(*name)})
	}
	return s
}

func (c *compiler) buttons(b *dialog.Buttons, holder string) step {
	s := &buttonsStep{Pos: b.Pos, kind: "buttons"}
	if b.Inline {
		s.kind = "inlineButtons"
	}
	for _, item := range b.Items {
		fields := map[string]any{"text": c.text(item.Text)}
		for name, value := range item.Fields {
			fields[name] = c.value(value)
		}
		if item.Target != nil {
			fields["transition"] = c.target(*item.Target, holder)
		}
		s.items = append(s.items, fields)
	}
	return s
}

func (c *compiler) branches(r *dialog.If, holder string) step {
	s := &ifStep{Pos: r.Pos}
	for _, b := range r.Branches {
		branch := arm{Pos: b.Pos, steps: c.steps(b.Reactions, holder)}
		if b.Condition != nil {
			branch.condition = c.code(codeExpression, trimEnd(*b.Condition))
		}
		s.arms = append(s.arms, branch)
	}
	return s
}

func (c *compiler) script(r *dialog.Script) step {
	if r.ES6 {
		return &scriptStep{Pos: r.Pos, code: c.code(codeAsync, r.Code)}
	}
	return &scriptStep{Pos: r.Pos, code: c.code(codeBlock, r.Code)}
}

func (c *compiler) target(t dialog.Target, holder string) *target {
	return &target{Pos: t.Pos, path: t.Path, text: c.text(t.Text), holder: holder}
}

func (c *compiler) optional(t *dialog.Text) *template {
	if t == nil {
		return nil
	}
	return c.text(*t)
}

func (c *compiler) text(t dialog.Text) *template {
	out := &template{Pos: t.Pos}
	for _, p := range t.Parts {
		if p.Expr == nil {
			out.parts = append(out.parts, piece{text: p.Literal})
			continue
		}
		out.parts = append(out.parts, piece{code: c.code(codeExpression, trimEnd(*p.Expr))})
	}
	return out
}

// value compiles the texts inside a literal.
func (c *compiler) value(v any) any {
	switch v := v.(type) {
	case dialog.Text:
		return c.text(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = c.value(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			object[name] = c.value(v[name])
		}
		return object
	}
	return v
}

// trimEnd takes the semicolons off that authors put behind an expression.
func trimEnd(s dialog.Source) dialog.Source {
	s.Text = strings.TrimRight(s.Text, "; \t\r\n")
	return s
}

// placeOf is where an error happened, or the place of what ran.
func placeOf(err error, at dialog.Pos) dialog.Pos {
	where := ""
	if t, ok := errors.AsType[*thrown](err); ok {
		where = t.where
	} else if s, ok := errors.AsType[*stopped](err); ok {
		where = s.where
	}
	m := placeParts.FindStringSubmatch(where)
	if m == nil {
		return at
	}
	return dialog.Pos{File: m[1], Line: number(m[2]), Column: number(m[3])}
}

var placeParts = regexp.MustCompile(`^(.*):(\d+):(\d+)$`)

func number(digits string) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}
