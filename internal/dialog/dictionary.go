package dialog

import (
	"bytes"
	"encoding/json"
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
