package dialog

import "encoding/json"

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
