package dialog

import "strings"

// dictionaryTable holds the dictionaries of a project while it grows.
type dictionaryTable struct {
	*report
	library   *library
	project   *Project
	variables *variableTable
	read      map[string]*Dictionary
}

// require takes a required csv file. It is read once for each name it is given; of
// several files with one name the one required last counts, read before or not.
func (t *dictionaryTable) require(at location, r requirement) {
	name := strings.TrimPrefix(r.params["name"], "$")
	d := &Dictionary{
		Pos: Pos{File: at.String(), Line: 1, Column: 1}, Name: name, Var: r.params["var"],
		Strict: r.params["strict"] == "true",
	}
	if name == "" && d.Var == "" {
		t.warnf(r.tag.pos, "missing-parameter", "without the parameters name and var the dictionary %s is not reachable", r.written)
		return
	}
	key := d.File + "\x00csv\x00" + name + "\x00" + d.Var
	if before := t.read[key]; before != nil {
		t.use(before)
		return
	}
	data, ok := t.library.read(at, false)
	if !ok {
		return
	}
	reader := entryReader{report: t.report, file: d.File}
	d.Entries = reader.all(data)
	t.read[key] = d
	t.use(d)
}

// use makes a dictionary that of its name and variable.
func (t *dictionaryTable) use(d *Dictionary) {
	if d.Var != "" {
		t.variables.set(d.Var, d.Pos, d.variable())
	}
	if d.Name != "" {
		t.add(d)
	}
}

// add keeps one dictionary for each name, the last one.
func (t *dictionaryTable) add(d *Dictionary) {
	for i, before := range t.project.Dictionaries {
		if before == d {
			return
		}
		if before.Name == d.Name {
			t.warnf(d.Pos, "duplicate-dictionary", "the dictionary %q of %s is replaced by this one", d.Name, before.File)
			t.project.Dictionaries[i] = d
			return
		}
	}
	t.project.Dictionaries = append(t.project.Dictionaries, d)
}
