package dialog

import "slices"

// given are the parameters of one tag by name.
type given struct {
	*report
	params map[string]param
}

// known warns of parameters a tag does not have and takes the others.
func known(tag string, params []param, r *report, names ...string) given {
	g := given{report: r, params: map[string]param{}}
	for _, p := range params {
		if !slices.Contains(names, p.name()) {
			r.warnf(p.pos(), "unknown-parameter", "%s has no parameter %q; it is ignored", tag, p.name())
			r.hint(didYouMean(p.name(), append([]string{}, names...)))
			continue
		}
		if _, again := g.params[p.name()]; again {
			r.warnf(p.pos(), "repeated-parameter", "the parameter %q is given twice; the last one counts", p.name())
		}
		g.params[p.name()] = p
	}
	return g
}

// value is a parameter as it was written; ok is false when it is not given.
func (g given) value(name string) (value Source, ok bool) {
	p, ok := g.params[name]
	return p.value, ok
}

// text is the interpolated value of a parameter, nil when it is not given.
func (g given) text(name string) *Text {
	value, ok := g.value(name)
	if !ok {
		return nil
	}
	text := answerText(value, g.report)
	return &text
}

// flag is a boolean parameter, false when it is not given.
func (g given) flag(name string) bool {
	p, ok := g.params[name]
	return ok && p.flag(g.report)
}

// object is a parameter that must be an object, nil when it is none.
func (g given) object(name string) map[string]any {
	p := g.params[name]
	value, ok := parseLiteral(p.value, g.report)
	object, isObject := plain(value).(map[string]any)
	if ok && !isObject {
		g.errorf(p.value.Pos(), "bad-value", "%s must be an object", p.name())
	}
	return object
}
