package dialog

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
)

// exampleReader reads the files of exampleGroups (dialog-language 1.1): a JSON
// object of lists by name, or a list of objects with a name and a list.
type exampleReader struct {
	*report
	library *library
	project *Project
}

// read reads all files; a group that stands in several has the examples of all.
func (r *exampleReader) read() {
	groups := map[string][]string{}
	for i, name := range r.project.Config.ExampleGroups {
		at, ok := r.find(name, r.project.Config.exampleGroups[i])
		if !ok {
			continue
		}
		data, ok := r.library.read(at, true)
		if !ok {
			continue
		}
		found, err := parseExampleGroups(data)
		if err != nil {
			r.warnf(Pos{File: at.String(), Line: 1, Column: 1}, "bad-example-group", "the example groups cannot be read: %s", err)
			r.hint(`write {"group": ["an example", ...], ...}`)
		}
		for group, examples := range found {
			groups[group] = append(groups[group], examples...)
		}
	}
	r.project.groups = groups
}

// find looks for a file in src, then in the root of the project.
func (r *exampleReader) find(name string, written Source) (location, bool) {
	for _, folder := range []string{"src", "."} {
		at := location{path: path.Join(folder, name)}
		if fs.ValidPath(at.path) && r.library.exists(at) {
			return at, true
		}
	}
	r.warnf(written.Pos(), "bad-example-group", "the file of example groups %s does not exist in src", name)
	r.hint(r.library.near(location{path: path.Join("src", "./"+path.Clean("/"+name))}))
	return location{}, false
}

func parseExampleGroups(data []byte) (map[string][]string, error) {
	var byName map[string][]string
	if err := json.Unmarshal(data, &byName); err == nil {
		return byName, nil
	}
	var list []struct {
		Name     string   `json:"name"`
		Examples []string `json:"examples"`
		Phrases  []string `json:"phrases"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("neither an object of lists nor a list of groups: %w", err)
	}
	byName = map[string][]string{}
	for _, group := range list {
		byName[group.Name] = append(append(byName[group.Name], group.Examples...), group.Phrases...)
	}
	return byName, nil
}

// examplesOf are the example phrases of a trigger.
func (p *Project) examplesOf(t *Trigger) []string {
	switch t.Kind {
	case TriggerExample:
		return []string{t.Value.Text}
	case TriggerExampleGroup:
		return p.groups[t.Value.Text]
	}
	return nil
}

// GroupNames are the example groups of the project, sorted.
func (p *Project) GroupNames() []string {
	names := make([]string, 0, len(p.groups))
	for name := range p.groups {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
