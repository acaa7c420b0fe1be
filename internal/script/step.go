package script

import (
	"encoding/json"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

// step is a reaction ready to run.
type step interface {
	At() dialog.Pos
	do(r *run) error
}

// template is a text with expressions.
type template struct {
	dialog.Pos
	parts []piece
}

// piece is a literal or, when code is not nil, an expression.
type piece struct {
	text string
	code *code
}

// eval joins the parts, evaluating the expressions now.
func (t *template) eval(r *run) (string, error) {
	if len(t.parts) == 1 && t.parts[0].code == nil {
		return t.parts[0].text, nil
	}
	out := ""
	for _, p := range t.parts {
		if p.code == nil {
			out += p.text
			continue
		}
		text, err := r.print(p.code)
		if err != nil {
			return "", err
		}
		out += text
	}
	return out, nil
}

// target is where a jump leads.
type target struct {
	dialog.Pos
	path   string // known at load
	text   *template
	holder string
}

func (t *target) resolve(r *run) (string, error) {
	if t.path != "" {
		return t.path, nil
	}
	written, err := t.text.eval(r)
	if err != nil {
		return "", err
	}
	return dialog.Resolve(t.holder, written), nil
}

type field struct {
	name  string
	value *template
}

func evalFields(r *run, fields []field, into map[string]any) error {
	for _, f := range fields {
		text, err := f.value.eval(r)
		if err != nil {
			return err
		}
		into[f.name] = text
	}
	return nil
}

// evalValue evaluates the templates inside a literal.
func evalValue(r *run, v any) (any, error) {
	switch v := v.(type) {
	case *template:
		return v.eval(r)
	case *target:
		return v.resolve(r)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			item, err := evalValue(r, v[i])
			if err != nil {
				return nil, err
			}
			list[i] = item
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			member, err := evalValue(r, v[name])
			if err != nil {
				return nil, err
			}
			object[name] = member
		}
		return object, nil
	}
	return v, nil
}

func marshal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null" // unreachable: only JSON values are given
	}
	return string(text)
}

type answerStep struct {
	dialog.Pos
	text    *template
	extra   []field
	markup  bool
	listens bool
}

func (s *answerStep) do(r *run) error {
	text, err := s.text.eval(r)
	if err != nil {
		return err
	}
	if len(s.extra) == 0 && !s.markup && !s.listens {
		return speaker{r}.say(text, nil)
	}
	extra := map[string]any{}
	if err := evalFields(r, s.extra, extra); err != nil {
		return err
	}
	if s.markup {
		extra["markup"] = "html"
	}
	if s.listens {
		extra["auto_listening"] = true
	}
	return speaker{r}.say(text, extra)
}

type mediaStep struct {
	dialog.Pos
	kind   string
	fields []field
}

func (s *mediaStep) do(r *run) error {
	reply := map[string]any{"type": s.kind}
	if err := evalFields(r, s.fields, reply); err != nil {
		return err
	}
	return r.call("reply", marshal(reply))
}

type buttonsStep struct {
	dialog.Pos
	kind  string
	items []map[string]any
}

func (s *buttonsStep) do(r *run) error {
	list := make([]any, len(s.items))
	for i, item := range s.items {
		button, err := evalValue(r, item)
		if err != nil {
			return err
		}
		list[i] = button
	}
	return r.call("offer", s.kind, marshal(list))
}

type jumpStep struct {
	dialog.Pos
	target    *target
	immediate bool
}

func (s *jumpStep) do(r *run) error {
	path, err := s.target.resolve(r)
	if err != nil {
		return err
	}
	r.steer(path, !s.immediate)
	return nil
}

type ifStep struct {
	dialog.Pos
	arms []arm
}

type arm struct {
	dialog.Pos
	condition *code
	steps     []step
}

func (s *ifStep) do(r *run) error {
	for _, a := range s.arms {
		if a.condition != nil {
			yes, err := r.truth(a.condition)
			if err != nil {
				return err
			}
			if !yes {
				continue
			}
		}
		return walker{r}.steps(a.steps)
	}
	return nil
}

type randomStep struct {
	dialog.Pos
	steps []step
}

func (s *randomStep) do(r *run) error {
	if len(s.steps) == 0 {
		return nil
	}
	i, err := chance{r}.tagRandom(len(s.steps), s.Pos.String())
	if err != nil || s.steps[i] == nil {
		return err
	}
	return walker{r}.steps(s.steps[i : i+1])
}

type scriptStep struct {
	dialog.Pos
	code *code
}

func (s *scriptStep) do(r *run) error {
	if _, err := r.vm.Run(s.code); err != nil {
		return err
	}
	return r.takeSteer()
}

type timeoutStep struct {
	dialog.Pos
	target   *target
	interval *template
	duration time.Duration
}

func (s *timeoutStep) do(r *run) error {
	path, err := s.target.resolve(r)
	if err != nil {
		return err
	}
	after := s.duration
	if after == 0 {
		written, err := s.interval.eval(r)
		if err != nil {
			return err
		}
		if after, err = (timeouts{r}).interval(written); err != nil {
			return &dialogError{message: err.Error()}
		}
	}
	if after > 0 {
		r.timeout = &session.Timeout{After: after, TargetState: path}
	}
	return nil
}

type newSessionStep struct {
	dialog.Pos
	message  *template
	data     any
	given    bool
	deferred bool
}

func (s *newSessionStep) do(r *run) error {
	options := map[string]any{}
	if s.message != nil {
		text, err := s.message.eval(r)
		if err != nil {
			return err
		}
		options["message"] = text
	}
	if s.given {
		data, err := evalValue(r, s.data)
		if err != nil {
			return err
		}
		options["data"] = data
	}
	if s.deferred {
		r.extra.Restart = json.RawMessage(marshal(options))
		return nil
	}
	return r.call("restart", marshal(options))
}

type endSessionStep struct{ dialog.Pos }

func (s *endSessionStep) do(r *run) error { return r.call("stop") }

// dialogError is a mistake of the dialog, not of its JavaScript.
type dialogError struct {
	code    string // of session.Failure, "" is "dialog"
	message string
	where   string
}

func (e *dialogError) Error() string { return e.message }

func stateNotFound(path string, at dialog.Pos) error {
	where := ""
	if at.File != "" {
		where = at.String()
	}
	return &dialogError{message: "State not found for path " + path, where: where}
}
