package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/desk"
)

// Desk is a desk.Store.
type Desk struct{ store *Store }

// Desk returns the port of the desk's people.
func (s *Store) Desk() *Desk { return &Desk{store: s} }

// listed reads all rows of a table of the desk. scan returns what is broken in
// a row.
func listed[T any](ctx context.Context, s *Store, query string, scan func(*row) (*T, error)) (list []*T, err error) {
	var broken error
	err = s.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, query, func(r *row) *T {
			v, err := scan(r)
			broken = errors.Join(broken, err)
			return v
		})
		return err
	})
	return list, errors.Join(err, broken)
}

func scanPerson(r *row) (*desk.Agent, error) {
	a := &desk.Agent{
		ID: r.text(), Email: r.text(), Name: r.text(), Avatar: r.text(), Role: desk.Role(r.text()), Capacity: int(r.int()),
	}
	err := json.Unmarshal(r.json(), &a.Departments)
	a.Presence, a.AutoAway, a.Active = desk.Presence(r.text()), r.flag(), r.flag()
	a.CreatedMs, a.Locale, a.Preferences = r.int(), r.text(), r.json()
	return a, named(err, "departments of agent", a.ID)
}

func named(err error, what, id string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", what, id, err)
}

// Agents is desk.Store's.
func (d *Desk) Agents(ctx context.Context) ([]*desk.Agent, error) {
	return listed(ctx, d.store, `SELECT id, email, name, avatar, role, capacity, departments, presence, auto_away, active,
		created_ms, locale, preferences FROM agents ORDER BY created_ms, id`, scanPerson)
}

// SaveAgent is desk.Store's.
func (d *Desk) SaveAgent(ctx context.Context, a *desk.Agent) error {
	departments, err := list(a.Departments)
	if err != nil {
		return err
	}
	return d.store.do(ctx, func(c *conn) error {
		_, err := c.exec(`INSERT INTO agents (id, email, name, avatar, role, capacity, departments, presence, auto_away, active,
			created_ms, locale, preferences) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, avatar = excluded.avatar,
			role = excluded.role, capacity = excluded.capacity, departments = excluded.departments, presence = excluded.presence,
			auto_away = excluded.auto_away, active = excluded.active, created_ms = excluded.created_ms,
			locale = excluded.locale, preferences = excluded.preferences`,
			a.ID, a.Email, a.Name, a.Avatar, string(a.Role), int64(a.Capacity), departments, string(a.Presence), a.AutoAway,
			a.Active, a.CreatedMs, a.Locale, text(a.Preferences))
		if isTaken(err, "agents.email") {
			return desk.EmailTaken()
		}
		return err
	})
}

// list writes ids as JSON, none as an empty list.
func list(ids []string) (string, error) {
	raw, err := json.Marshal(append([]string{}, ids...))
	return string(raw), err
}

func scanDepartment(r *row) (*desk.Department, error) {
	d := &desk.Department{ID: r.text(), Name: r.text(), Strategy: desk.Strategy(r.text()), Sticky: r.flag()}
	var hours error
	if raw := r.json(); raw != nil {
		hours = json.Unmarshal(raw, &d.Hours)
	}
	integrations := json.Unmarshal(r.json(), &d.Integrations)
	d.Default, d.CreatedMs, d.RequeueAfter = r.flag(), r.int(), r.int()
	return d, named(errors.Join(hours, integrations), "department", d.ID)
}

// Departments is desk.Store's.
func (d *Desk) Departments(ctx context.Context) ([]*desk.Department, error) {
	return listed(ctx, d.store, `SELECT id, name, strategy, sticky, hours, integrations, standard, created_ms, requeue_after
		FROM departments ORDER BY created_ms, id`, scanDepartment)
}

// SaveDepartment is desk.Store's.
func (d *Desk) SaveDepartment(ctx context.Context, dep *desk.Department) error {
	var hours []byte
	var err error
	if dep.Hours != nil {
		if hours, err = json.Marshal(dep.Hours); err != nil {
			return err
		}
	}
	integrations, err := list(dep.Integrations)
	if err != nil {
		return err
	}
	return d.store.do(ctx, func(c *conn) error {
		_, err := c.exec(`INSERT INTO departments (id, name, strategy, sticky, hours, integrations, standard, created_ms, requeue_after)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, strategy = excluded.strategy, sticky = excluded.sticky,
			hours = excluded.hours, integrations = excluded.integrations, standard = excluded.standard,
			created_ms = excluded.created_ms, requeue_after = excluded.requeue_after`,
			dep.ID, dep.Name, string(dep.Strategy), dep.Sticky, text(hours), integrations, dep.Default, dep.CreatedMs, dep.RequeueAfter)
		return err
	})
}

// DeleteDepartment is desk.Store's.
func (d *Desk) DeleteDepartment(ctx context.Context, id string) error {
	return d.remove(ctx, `DELETE FROM departments WHERE id = ?`, id)
}

func (d *Desk) remove(ctx context.Context, statement, id string) error {
	return d.store.do(ctx, func(c *conn) error {
		_, err := c.exec(statement, id)
		return err
	})
}

// CannedReplies is desk.Store's.
func (d *Desk) CannedReplies(ctx context.Context) ([]*desk.CannedReply, error) {
	return listed(ctx, d.store, `SELECT id, shortcut, text, department, owner FROM canned_replies ORDER BY shortcut, id`,
		func(r *row) (*desk.CannedReply, error) {
			return &desk.CannedReply{ID: r.text(), Shortcut: r.text(), Text: r.text(), Department: r.text(), Owner: r.text()}, nil
		})
}

// SaveCannedReply is desk.Store's.
func (d *Desk) SaveCannedReply(ctx context.Context, reply *desk.CannedReply) error {
	return d.store.do(ctx, func(c *conn) error {
		_, err := c.exec(`INSERT INTO canned_replies (id, shortcut, text, department, owner) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET shortcut = excluded.shortcut, text = excluded.text,
			department = excluded.department, owner = excluded.owner`,
			reply.ID, reply.Shortcut, reply.Text, reply.Department, reply.Owner)
		return err
	})
}

// DeleteCannedReply is desk.Store's.
func (d *Desk) DeleteCannedReply(ctx context.Context, id string) error {
	return d.remove(ctx, `DELETE FROM canned_replies WHERE id = ?`, id)
}

// Views is desk.Store's.
func (d *Desk) Views(ctx context.Context) ([]*desk.View, error) {
	return listed(ctx, d.store, `SELECT id, name, filter, owner FROM views ORDER BY name, id`, func(r *row) (*desk.View, error) {
		return &desk.View{ID: r.text(), Name: r.text(), Filter: r.json(), Owner: r.text()}, nil
	})
}

// SaveView is desk.Store's.
func (d *Desk) SaveView(ctx context.Context, v *desk.View) error {
	return d.store.do(ctx, func(c *conn) error {
		_, err := c.exec(`INSERT INTO views (id, name, filter, owner) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, filter = excluded.filter, owner = excluded.owner`,
			v.ID, v.Name, text(v.Filter), v.Owner)
		return err
	})
}

// DeleteView is desk.Store's.
func (d *Desk) DeleteView(ctx context.Context, id string) error {
	return d.remove(ctx, `DELETE FROM views WHERE id = ?`, id)
}
