package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/desk"
)

// Revisions that writes of the desk and the accounts bump.
const (
	revisionPeople   = "people"
	revisionAccounts = "accounts"
)

// bump is the last step of a write that other nodes keep in memory.
func bump(revision string) *step { return &step{name: "BumpRevision", args: []any{revision}} }

// Desk is a desk.Store.
type Desk struct{ store *Store }

// Desk returns the port of the desk's people.
func (s *Store) Desk() *Desk { return &Desk{store: s} }

// listed reads all rows of a table of the desk. scan returns what is broken in
// a row.
func listed[T any](ctx context.Context, s *Store, query string, scan func(*row) (*T, error)) (list []*T, err error) {
	var broken error
	err = s.reading(ctx, func(c *conn) error {
		list, err = all(c, query, func(r *row) *T {
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
	return listed(ctx, d.store, "ListAgents", scanPerson)
}

// SaveAgent is desk.Store's.
func (d *Desk) SaveAgent(ctx context.Context, a *desk.Agent) error {
	departments, err := ids(a.Departments)
	if err != nil {
		return err
	}
	save := &step{name: "SaveAgent", args: []any{
		a.ID, a.Email, a.Name, a.Avatar, string(a.Role), a.Capacity, departments, string(a.Presence), a.AutoAway, a.Active,
		a.CreatedMs, a.Locale, text(a.Preferences),
	}}
	err = d.store.write(ctx, save, bump(revisionPeople))
	if e, refused := errors.AsType[*pgconn.PgError](err); refused && e.ConstraintName == "agents_email" {
		return desk.EmailTaken()
	}
	return err
}

// ids writes ids as JSON, none as an empty list.
func ids(list []string) (text, error) {
	raw, err := json.Marshal(append([]string{}, list...))
	return raw, err
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
	return listed(ctx, d.store, "ListDepartments", scanDepartment)
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
	integrations, err := ids(dep.Integrations)
	if err != nil {
		return err
	}
	save := &step{name: "SaveDepartment", args: []any{
		dep.ID, dep.Name, string(dep.Strategy), dep.Sticky, text(hours), integrations, dep.Default, dep.CreatedMs, dep.RequeueAfter,
	}}
	return d.store.write(ctx, save, bump(revisionPeople))
}

// DeleteDepartment is desk.Store's.
func (d *Desk) DeleteDepartment(ctx context.Context, id string) error {
	return d.store.write(ctx, &step{name: "DeleteDepartment", args: []any{id}}, bump(revisionPeople))
}

// CannedReplies is desk.Store's.
func (d *Desk) CannedReplies(ctx context.Context) ([]*desk.CannedReply, error) {
	return listed(ctx, d.store, "ListCannedReplies", func(r *row) (*desk.CannedReply, error) {
		return &desk.CannedReply{ID: r.text(), Shortcut: r.text(), Text: r.text(), Department: r.text(), Owner: r.text()}, nil
	})
}

// SaveCannedReply is desk.Store's.
func (d *Desk) SaveCannedReply(ctx context.Context, reply *desk.CannedReply) error {
	return d.store.write(ctx, &step{name: "SaveCannedReply", args: []any{reply.ID, reply.Shortcut, reply.Text, reply.Department, reply.Owner}})
}

// DeleteCannedReply is desk.Store's.
func (d *Desk) DeleteCannedReply(ctx context.Context, id string) error {
	return d.store.write(ctx, &step{name: "DeleteCannedReply", args: []any{id}})
}

// Views is desk.Store's.
func (d *Desk) Views(ctx context.Context) ([]*desk.View, error) {
	return listed(ctx, d.store, "ListViews", func(r *row) (*desk.View, error) {
		return &desk.View{ID: r.text(), Name: r.text(), Filter: r.json(), Owner: r.text()}, nil
	})
}

// SaveView is desk.Store's.
func (d *Desk) SaveView(ctx context.Context, v *desk.View) error {
	return d.store.write(ctx, &step{name: "SaveView", args: []any{v.ID, v.Name, text(v.Filter), v.Owner}})
}

// DeleteView is desk.Store's.
func (d *Desk) DeleteView(ctx context.Context, id string) error {
	return d.store.write(ctx, &step{name: "DeleteView", args: []any{id}})
}
