package desk

import (
	"encoding/json"
	"slices"

	"parley/internal/desk"
	"parley/internal/session"
)

// Views are saved filters of the list: their owner's, or everybody's.

func listViews(c *call) (answer, error) {
	all, err := c.face.cfg.Desk.Views(c.ctx)
	if err != nil {
		return answer{}, err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(v *desk.View) bool { return !mayUse(c, v.Owner) })
	return ok(map[string]any{"views": list(all)})
}

// viewFields are what a request may say of a view.
type viewFields struct {
	Name   *string         `json:"name"`
	Filter json.RawMessage `json:"filter"`
	Shared *bool           `json:"shared"` // everybody's
	whole
}

func createView(c *call) (answer, error) {
	return saveView(c, &desk.View{ID: c.id.String(), Filter: []byte("{}"), Owner: c.caller.Agent.ID}, created)
}

func changeView(c *call) (answer, error) {
	v, err := viewOf(c)
	if err != nil {
		return answer{}, err
	}
	return saveView(c, v, ok)
}

// saveView saves what a view is after the request.
func saveView(c *call, was *desk.View, answers func(any) (answer, error)) (answer, error) {
	var in viewFields
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	v := *was
	assign(&v.Name, in.Name)
	if in.Filter != nil {
		v.Filter = in.Filter
	}
	var err error
	if v.Owner, err = ownerOf(c, was.Owner, in.Shared); err != nil {
		return answer{}, err
	}
	if err := v.Check(); err != nil {
		return answer{}, err
	}
	c.face.saving.Lock() // the count holds until it is saved
	defer c.face.saving.Unlock()
	all, err := c.face.cfg.Desk.Views(c.ctx)
	if err != nil {
		return answer{}, err
	}
	known := slices.ContainsFunc(all, func(other *desk.View) bool { return other.ID == v.ID })
	if !known && len(all) >= session.MaxViews {
		return answer{}, session.Invalid("views", "there are already %d", session.MaxViews)
	}
	if err := c.face.cfg.Desk.SaveView(c.ctx, &v); err != nil {
		return answer{}, err
	}
	return answers(v)
}

// viewOf finds the one of the path, if the caller may use it.
func viewOf(c *call) (*desk.View, error) {
	all, err := c.face.cfg.Desk.Views(c.ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(v *desk.View) bool { return v.ID == c.r.PathValue("view_id") && mayUse(c, v.Owner) })
	if i < 0 {
		return nil, gone("view")
	}
	return all[i], nil
}

func deleteView(c *call) (answer, error) {
	v, err := viewOf(c)
	if err == nil && v.Owner == "" {
		err = c.caller.May(desk.PermissionManage)
	}
	if err == nil {
		err = c.face.cfg.Desk.DeleteView(c.ctx, v.ID)
	}
	if err != nil {
		return answer{}, err
	}
	return done()
}
