package dialog

import (
	"path"
	"strings"
)

// actions are the action tags that a project uses and those it defines itself.
type actions struct {
	*report
	library *library
	used    []*Action
	custom  map[string]*descriptor // by name
}

func (a *actions) use(action *Action) { a.used = append(a.used, action) }

// define reads which action tags the bot defines itself: each descriptor names
// its tag, else the file does.
func (a *actions) define(descriptors []Source) {
	for _, descriptor := range descriptors {
		at := location{path: path.Join("src", descriptor.Text)}
		if !a.library.exists(at) {
			at.path = path.Clean(descriptor.Text)
		}
		if !a.library.exists(at) {
			a.errorf(descriptor.Pos(), "missing-file", "the descriptor %s does not exist", descriptor.Text)
			continue
		}
		data, ok := a.library.read(at, true)
		if !ok {
			continue
		}
		d := a.descriptor(at.path, data)
		for _, name := range []string{strings.TrimSuffix(path.Base(at.path), path.Ext(at.path)), d.Name, d.TagName, d.Tag} {
			a.custom[name] = d
		}
	}
}

// check reports the action tags that nothing defines: neither the language, nor
// chatbot.yaml, nor a state /Blocks/<Tag>.
func (a *actions) check(states map[string]*State) {
	for _, used := range a.used {
		if d := a.custom[used.Name]; d != nil && !isActionTag(used.Name) {
			a.checkParams(used, d)
		}
		if isActionTag(used.Name) || a.custom[used.Name] != nil || states["/Blocks/"+used.Name] != nil {
			continue
		}
		a.errorf(used.Pos, "unknown-tag", "unknown tag %q", used.Name)
		if near := nearTag(used.Name, inState); near != "" {
			a.hint(`did you mean "` + near + `"?`)
		}
	}
}

// Param gives the value of a parameter of the action; ok is false when it is not
// given.
func (a *Action) Param(name string) (value Text, ok bool) {
	for _, p := range a.Params {
		if p.Name == name {
			return p.Value, true
		}
	}
	return Text{}, false
}

// failures keeps the texts of failureMessage and failureMessageHtml.
func (a *Action) failures(name string, texts []Text) {
	if name == "failureMessage" {
		a.Failures = texts
	} else {
		a.FailuresHTML = texts
	}
}
