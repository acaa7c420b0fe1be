package dialog

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Dictionary is a required csv file: `$entity<Name>` in patterns, and a global
// variable when the require has `var`.
type Dictionary struct {
	Pos
	Name string
	// Var is the global variable, "" for none (Project.Variables holds its value).
	Var string
	// Strict switches off the recognition of inflected forms.
	Strict  bool
	Entries []Entry
}

// Entry is one line of a dictionary. Value is JSON: what the line holds, or its
// text as a JSON string.
type Entry struct {
	ID    string
	Names []string
	Value json.RawMessage
	Line  int
}

// dictionary takes a required csv file: `id;name,synonym;value` a line.
func (u *unit) dictionary(at location, r required) {
	name := strings.TrimPrefix(r.params["name"], "$")
	d := &Dictionary{
		Pos: Pos{File: at.String(), Line: 1, Column: 1}, Name: name, Var: r.params["var"],
		Strict: r.params["strict"] == "true",
	}
	if name == "" && d.Var == "" {
		u.warnf(r.tag.pos, "missing-parameter", "without the parameters name and var the dictionary %s is not reachable", r.written)
		return
	}
	key := d.File + "\x00csv\x00" + name + "\x00" + d.Var
	if u.loaded[key] {
		return
	}
	u.loaded[key] = true
	data, ok := u.read(at, false)
	if !ok {
		return
	}
	u.entries(d, data)
	if d.Var != "" {
		u.setVariable(d.Var, d.Pos, d.variable())
	}
	if name != "" {
		u.addDictionary(d)
	}
}

// addDictionary keeps one dictionary for each name, the last one.
func (u *unit) addDictionary(d *Dictionary) {
	for i, before := range u.project.Dictionaries {
		if before.Name == d.Name {
			u.warnf(d.Pos, "duplicate-dictionary", "the dictionary %q of %s is replaced by this one", d.Name, before.File)
			u.project.Dictionaries[i] = d
			return
		}
	}
	u.project.Dictionaries = append(u.project.Dictionaries, d)
}

func (u *unit) entries(d *Dictionary, data []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		reportEncoding(d.File, data, &u.report)
		data = bytes.ToValidUTF8(data, []byte("\ufffd"))
	}
	seen := map[string]int{}
	for number, row := range strings.Split(string(data), "\n") {
		if row = strings.Trim(row, space); row == "" || row[0] == '#' {
			continue
		}
		pos := Pos{File: d.File, Line: number + 1, Column: 1}
		entry, ok := u.entry(pos, row)
		if !ok {
			continue
		}
		if before, again := seen[entry.ID]; again {
			u.warnf(pos, "duplicate-entry", "the id %s stands in line %d already", entry.ID, before)
		}
		seen[entry.ID] = entry.Line
		d.Entries = append(d.Entries, entry)
	}
}

// entry reads one line.
func (u *unit) entry(pos Pos, row string) (Entry, bool) {
	fields := splitRow(row)
	if len(fields) < 2 || fields[0] == "" {
		u.errorf(pos, "bad-entry", "a line of a dictionary is written as id;name,synonym;value")
		return Entry{}, false
	}
	entry := Entry{ID: fields[0], Names: []string{}, Line: pos.Line}
	for _, name := range strings.Split(fields[1], ",") {
		if name = strings.Trim(name, space); name != "" {
			entry.Names = append(entry.Names, name)
		}
	}
	value := ""
	if len(fields) > 2 {
		value = fields[2]
	}
	entry.Value = u.entryValue(pos, value)
	return entry, true
}

// splitRow cuts a line at its first two semicolons; a field may stand in quotes,
// a quote in it doubled.
func splitRow(row string) []string {
	var fields []string
	for len(fields) < 2 {
		field, rest, more := cutField(row)
		fields = append(fields, field)
		if !more {
			return fields
		}
		row = rest
	}
	if value, rest, _ := cutField(row); strings.HasPrefix(row, `"`) && strings.Trim(rest, space+";") == "" {
		return append(fields, value)
	}
	return append(fields, strings.Trim(row, space))
}

func cutField(row string) (field, rest string, more bool) {
	row = strings.TrimLeft(row, space)
	if strings.HasPrefix(row, `"`) {
		for i := 1; i < len(row); i++ {
			if row[i] != '"' {
				continue
			}
			if strings.HasPrefix(row[i+1:], `"`) {
				i++
				continue
			}
			_, rest, more = strings.Cut(row[i+1:], ";")
			return strings.ReplaceAll(row[1:i], `""`, `"`), rest, more
		}
	}
	field, rest, more = strings.Cut(row, ";")
	return strings.Trim(field, space), rest, more
}

// entryValue is the JSON of a value: JSON as it is, an object written as
// JavaScript, or plain text.
func (u *unit) entryValue(pos Pos, value string) json.RawMessage {
	if json.Valid([]byte(value)) {
		return json.RawMessage(value)
	}
	if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
		var quiet report
		if read, ok := parseLiteral(NewSource(value, pos), &quiet); ok {
			if encoded, err := json.Marshal(plain(read)); err == nil {
				return encoded
			}
		}
		u.warnf(pos, "bad-json", "the value is no valid JSON; it is kept as text")
	}
	encoded, _ := json.Marshal(value) // a string always can be
	return encoded
}

// variable is the value of the variable: the entries by id, the last of each.
func (d *Dictionary) variable() json.RawMessage {
	type entry struct {
		ID             string          `json:"id"`
		AlternateNames []string        `json:"alternameNames"` // the spelling that scripts rely on
		Value          json.RawMessage `json:"value"`
	}
	last := make(map[string]int, len(d.Entries))
	for i, e := range d.Entries {
		last[e.ID] = i
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for i, e := range d.Entries {
		if last[e.ID] != i {
			continue
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		id, _ := json.Marshal(e.ID)
		body, err := json.Marshal(entry{ID: e.ID, AlternateNames: e.Names, Value: e.Value})
		if err != nil {
			body = []byte("null")
		}
		out.Write(id)
		out.WriteByte(':')
		out.Write(body)
	}
	out.WriteByte('}')
	return out.Bytes()
}
