package dialog

import (
	"encoding/json"
	"slices"
)

// descriptor describes an action tag of the bot's own (dialog-language 3.6).
type descriptor struct {
	Name, TagName, Tag string
	Parameters         json.RawMessage

	params []descriptorParam // nil: any
}

// descriptorParam is one parameter that the tag takes.
type descriptorParam struct {
	Name     string
	Required bool
}

// descriptor reads a file. One that describes its parameters in another form than
// a list of {name, required} leaves them unchecked.
func (a *actions) descriptor(file string, data []byte) *descriptor {
	d := &descriptor{}
	at := Pos{File: file, Line: 1, Column: 1}
	if err := json.Unmarshal(data, d); err != nil {
		a.errorf(at, "bad-json", "the descriptor is no JSON: %s", err)
	}
	if len(d.Parameters) == 0 {
		return d
	}
	err := json.Unmarshal(d.Parameters, &d.params)
	if err != nil || slices.ContainsFunc(d.params, func(p descriptorParam) bool { return p.Name == "" }) {
		a.warnf(at, "bad-descriptor", "parameters is no list of {name, required}; the parameters of the tag are not checked")
		d.params = nil
	}
	return d
}

// checkParams holds the parameters of a tag of the bot's own against its
// descriptor.
func (a *actions) checkParams(used *Action, d *descriptor) {
	if d.params == nil {
		return
	}
	names := []string{"boundsTo"}
	for _, p := range d.params {
		names = append(names, p.Name)
		_, isPath := used.Targets[p.Name]
		if value, ok := used.Param(p.Name); p.Required && !isPath && (!ok || value.Empty()) {
			a.errorf(used.Pos, "missing-parameter", "%q needs the parameter %s", used.Name, p.Name)
		}
	}
	for _, p := range used.Params {
		if !slices.Contains(names, p.Name) {
			a.warnf(p.Pos, "unknown-parameter", "%s has no parameter %q in its descriptor", used.Name, p.Name)
			a.hint(didYouMean(p.Name, names))
		}
	}
}
