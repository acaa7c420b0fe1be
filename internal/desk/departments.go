package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/internal/session"
)

// The departments of the directory.

// Departments returns all departments in order of creation. The slice is shared.
func (d *Directory) Departments() []*Department { return d.known.Load().departments }

// Department returns a department by id.
func (d *Directory) Department(id string) (*Department, bool) {
	all := d.Departments()
	i := slices.IndexFunc(all, func(dep *Department) bool { return dep.ID == id })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// SaveDepartment adds or replaces a department. A name that another one has is
// session.CodeConflict.
func (d *Directory) SaveDepartment(ctx context.Context, dep *Department) error {
	return d.alone(ctx, func(ctx context.Context) error { return d.saveDepartment(ctx, dep.clone()) })
}

// EditDepartment changes a department as [Directory.EditAgent] does an agent.
func (d *Directory) EditDepartment(ctx context.Context, id string, edit func(*Department) error) (*Department, error) {
	var dep *Department
	err := d.alone(ctx, func(ctx context.Context) error {
		known, ok := d.Department(id)
		if !ok {
			return missing("department")
		}
		made := known.clone()
		if err := edit(made); err != nil {
			return err
		}
		made.ID, dep = id, made
		return d.saveDepartment(ctx, made)
	})
	return dep, err
}

func (d *Directory) saveDepartment(ctx context.Context, dep *Department) error {
	if err := d.checkDepartment(dep); err != nil {
		return err
	}
	if err := d.store.SaveDepartment(ctx, dep); err != nil {
		return saving("department", err)
	}
	list := slices.Clone(d.Departments())
	if i := slices.IndexFunc(list, func(other *Department) bool { return other.ID == dep.ID }); i >= 0 {
		list[i] = dep
	} else {
		list = append(list, dep)
	}
	d.publish(slices.Clone(d.Agents()), list, Change{Department: dep})
	return nil
}

func (d *Directory) checkDepartment(dep *Department) error {
	if _, err := session.ParseID(dep.ID); err != nil {
		return session.Invalid("id", "must be a UUID")
	}
	if err := dep.Check(); err != nil {
		return err
	}
	for _, other := range d.Departments() {
		if other.ID != dep.ID && strings.EqualFold(other.Name, dep.Name) {
			return &session.Error{Code: session.CodeConflict, Field: "name", Message: "another department has this name"}
		}
	}
	if _, known := d.Department(dep.ID); !known && len(d.Departments()) >= session.MaxDepartments {
		return session.Invalid("departments", "there are already %d", session.MaxDepartments)
	}
	return nil
}

// DeleteDepartment removes a department from the desk and from its agents.
// What waits for it then waits for the general queue.
func (d *Directory) DeleteDepartment(ctx context.Context, id string) error {
	return d.alone(ctx, func(ctx context.Context) error { return deleteDepartment(ctx, d, id) })
}

func deleteDepartment(ctx context.Context, d *Directory, id string) error {
	if _, ok := d.Department(id); !ok {
		return missing("department")
	}
	agents := slices.Clone(d.Agents())
	for i, a := range agents {
		if !a.In(id) {
			continue
		}
		a = a.clone()
		a.Departments = slices.DeleteFunc(a.Departments, func(other string) bool { return other == id })
		if err := d.store.SaveAgent(ctx, a); err != nil {
			return fmt.Errorf("take an agent out of the department: %w", err)
		}
		agents[i] = a
	}
	if err := d.store.DeleteDepartment(ctx, id); err != nil {
		return fmt.Errorf("delete the department: %w", err)
	}
	rest := slices.DeleteFunc(slices.Clone(d.Departments()), func(dep *Department) bool { return dep.ID == id })
	d.publish(agents, rest, Change{})
	return nil
}

func (d *Department) clone() *Department {
	c := *d
	c.Integrations = append([]string{}, d.Integrations...) // JSON shows a list, not null
	if d.Hours != nil {
		hours := *d.Hours
		hours.Weekly = append([]Opening{}, hours.Weekly...)
		hours.Holidays = append([]string{}, hours.Holidays...)
		c.Hours = &hours
	}
	return &c
}
