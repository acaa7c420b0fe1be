package script

import (
	"strings"

	"parley/internal/dialog"
)

// question is what an action tag says to the user before it waits.
type question struct {
	prompt  *template
	html    *template
	rich    *template // htmlEnabled
	buttons *buttonsStep
}

// say asks it, in the name of the running state.
func (q *question) say(r *run) error {
	if err := sayRich(r, q.prompt, q.html, q.rich); err != nil {
		return err
	}
	if len(q.buttons.items) == 0 {
		return nil
	}
	return q.buttons.do(r)
}

// sayRich answers with a text and, where htmlEnabled is true, its html.
func sayRich(r *run, text, html, enabled *template) error {
	said, err := text.optional(r)
	if err != nil {
		return err
	}
	on, err := enabled.optional(r)
	if err != nil {
		return err
	}
	if html == nil || !strings.EqualFold(strings.TrimSpace(on), "true") {
		return speaker{r}.say(said, nil)
	}
	rich, err := html.eval(r)
	if err != nil {
		return err
	}
	return speaker{r}.say(said, map[string]any{"html": rich, "markup": "html"})
}

// optional is the text of a parameter that may be missing.
func (t *template) optional(r *run) (string, error) {
	if t == nil {
		return "", nil
	}
	return t.eval(r)
}

// askStep is an action tag that waits for the user (dialog-language 3.6).
type askStep struct {
	dialog.Pos
	question *question
	waits    string
}

func (s *askStep) do(r *run) error {
	if err := s.question.say(r); err != nil {
		return err
	}
	r.steer(s.waits, false)
	return nil
}

// noStep is an action tag that has no effect here.
type noStep struct {
	dialog.Pos
	name string
}

func (s *noStep) do(r *run) error {
	r.log.Warn("an action tag has no effect here", "bot", r.bot.name, "session", r.sessionID(), "state", r.state, "tag", s.name, "where", s.String())
	return nil
}

// blockStep enters the state of a bot's own action tag, which finds the parameters
// in $request.data.args.
type blockStep struct {
	dialog.Pos
	path    string
	args    []field
	targets map[string]*target
}

func (s *blockStep) do(r *run) error {
	args := map[string]any{}
	if err := evalFields(r, s.args, args); err != nil {
		return err
	}
	for name, to := range s.targets {
		path, err := to.resolve(r)
		if err != nil {
			return err
		}
		args[name] = path
	}
	r.extra.Args, r.extra.Block = []byte(marshal(args)), s.path
	if err := r.call("args", marshal(args)); err != nil {
		return err
	}
	r.steer(s.path, false)
	return nil
}

// callStep makes a call to the outside and goes on in one of two states.
type callStep struct {
	dialog.Pos
	entry   string // of the prelude: it tells whether the call went well
	fields  []field
	vars    []*code
	ok, bad *target
}

func (s *callStep) do(r *run) error {
	options := map[string]any{}
	if err := evalFields(r, s.fields, options); err != nil {
		return err
	}
	v, err := r.vm.Call(s.entry, marshal(options))
	if err != nil {
		return err
	}
	next := s.bad
	if v.truth {
		next = s.ok
		for _, assign := range s.vars {
			if _, err := r.vm.Run(assign); err != nil {
				return err
			}
		}
	}
	return follow(r, next)
}

// follow enters the state of a parameter, if it is given.
func follow(r *run, to *target) error {
	if to == nil {
		return nil
	}
	path, err := to.resolve(r)
	if err == nil {
		r.steer(path, false)
	}
	return err
}

// transferStep hands the dialog over to people (script-api 5.3).
type transferStep struct {
	dialog.Pos
	fields []field
}

func (s *transferStep) do(r *run) error {
	options := map[string]any{}
	if err := evalFields(r, s.fields, options); err != nil {
		return err
	}
	return r.call("transfer", marshal(options))
}
