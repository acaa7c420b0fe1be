package dialog

// requirement is one require tag (dialog-language 1.3).
type requirement struct {
	tag      *block
	value    Source
	written  string // the path after substitution
	params   map[string]string
	injector map[string]any // given here or to the requiring file; nil for none
}

// readRequirement reads the tag in a file that has a substitution and was itself
// given an injector; ok is false after a reported error.
func readRequirement(b *block, s substitution, injector map[string]any) (r requirement, ok bool) {
	if !b.needValue("the path of a file", s.report) {
		return requirement{}, false
	}
	value, params := declared(b.value, s.report)
	given := known("require", append(params, lineParams(b, s.report)...), s.report, tagParams["require"]...)
	r = requirement{tag: b, value: value, params: s.params(given), injector: injector}
	if _, ok := given.value("injector"); ok {
		r.injector = merge(injector, given.object("injector"))
	}
	r.written, ok = s.text(value)
	return r, ok
}
