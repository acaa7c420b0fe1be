package desk

import (
	"encoding/json"

	"parley/internal/session"
)

// View is a saved filter of the desk's list.
type View struct {
	ID     string          `json:"id"` // UUID
	Name   string          `json:"name"`
	Filter json.RawMessage `json:"filter"` // an object, of the desk page
	Owner  string          `json:"owner"`  // agent id, "" for all
}

// Check refuses a view that cannot be stored, naming the field.
func (v *View) Check() error {
	if err := checkName("name", v.Name); err != nil {
		return err
	}
	return checkObject("filter", v.Filter, session.MaxViewBytes)
}
