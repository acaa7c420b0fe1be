package dialog

// variableTable holds the global variables of a project while it grows.
type variableTable struct {
	*report
	library *library
	project *Project
	index   map[string]int // in project.Variables
}

// yaml takes a required yaml file: its content becomes a variable.
func (t *variableTable) yaml(at location, r requirement) {
	pos := Pos{File: at.String(), Line: 1, Column: 1}
	name := r.params["var"]
	if name == "" {
		name = r.params["name"]
	}
	if name == "" {
		t.warnf(r.tag.pos, "missing-parameter", "without the parameter var the content of %s is not reachable", r.written)
		return
	}
	data, ok := t.library.read(at, true)
	if !ok {
		return
	}
	document, err := parseYAML(data)
	if err != nil {
		reportYAML(pos.File, err, t.report)
		return
	}
	value, err := document.encode(document.root)
	if err != nil {
		t.errorf(pos, "bad-yaml", "%s", err)
		return
	}
	t.set(name, pos, value)
}

// set makes a global variable; the last value of a name counts.
func (t *variableTable) set(name string, pos Pos, value []byte) {
	v := Variable{Pos: pos, Name: name, Value: value}
	if index, again := t.index[name]; again {
		t.project.Variables[index] = v
		return
	}
	t.index[name] = len(t.project.Variables)
	t.project.Variables = append(t.project.Variables, v)
}
