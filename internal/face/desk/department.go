package desk

import (
	"encoding/json"

	"parley/internal/desk"
	"parley/internal/session"
)

// listDepartments returns all of them; there are few.
func listDepartments(c *call) (answer, error) {
	return ok(map[string]any{"departments": list(c.face.cfg.People.Departments())})
}

// list shows nothing as [], not as null.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// departmentFields are what a request may say of a department.
type departmentFields struct {
	Name         *string         `json:"name"`
	Strategy     *desk.Strategy  `json:"strategy"`
	Sticky       *bool           `json:"sticky"`
	Hours        json.RawMessage `json:"hours"` // null: always open
	Integrations *[]string       `json:"integrations"`
	Default      *bool           `json:"default"`
	RequeueAfter *int64          `json:"requeue_after"`
	whole
}

// whole are fields that a page which sends back what it got also sends; they
// cannot be changed.
type whole struct {
	ID      json.RawMessage `json:"id"`
	Created json.RawMessage `json:"created_at"`
	Owner   json.RawMessage `json:"owner"`
}

// put writes what was said.
func (f *departmentFields) put(d *desk.Department) error {
	assign(&d.Name, f.Name)
	assign(&d.Strategy, f.Strategy)
	assign(&d.Sticky, f.Sticky)
	assign(&d.Integrations, f.Integrations)
	assign(&d.Default, f.Default)
	assign(&d.RequeueAfter, f.RequeueAfter)
	if f.Hours == nil {
		return nil
	}
	d.Hours = nil
	if err := json.Unmarshal(f.Hours, &d.Hours); err != nil {
		return session.Invalid("hours", "must be an object with time_zone, weekly and holidays, or null")
	}
	return nil
}

func createDepartment(c *call) (answer, error) {
	var in departmentFields
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	d := &desk.Department{ID: c.id.String(), Strategy: desk.StrategyLongestWaiting, RequeueAfter: int64(session.RequeueAfter.Seconds()), CreatedMs: c.at.UnixMilli()}
	if err := in.put(d); err != nil {
		return answer{}, err
	}
	if err := c.face.cfg.People.SaveDepartment(c.ctx, d); err != nil {
		return answer{}, err
	}
	saved, found := c.face.cfg.People.Department(d.ID)
	if !found {
		return answer{}, gone("department")
	}
	return departmentDone(c, created, "department_created", saved)
}

func changeDepartment(c *call) (answer, error) {
	var in departmentFields
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	saved, err := c.face.cfg.People.EditDepartment(c.ctx, c.r.PathValue("department_id"), in.put)
	if err != nil {
		return answer{}, err
	}
	return departmentDone(c, ok, "department_changed", saved)
}

func departmentDone(c *call, answers func(any) (answer, error), action string, d *desk.Department) (answer, error) {
	if err := c.note(action, d.ID, d.Name); err != nil {
		return answer{}, err
	}
	return answers(d)
}

func deleteDepartment(c *call) (answer, error) {
	id := c.r.PathValue("department_id")
	if err := c.face.cfg.People.DeleteDepartment(c.ctx, id); err != nil {
		return answer{}, err
	}
	if err := c.note("department_deleted", id, ""); err != nil {
		return answer{}, err
	}
	return done()
}

func gone(what string) error {
	return &session.Error{Code: session.CodeNotFound, Message: "no such " + what}
}
