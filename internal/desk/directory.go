package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/session"
)

// Directory knows the agents, departments and who is here. It holds an
// immutable snapshot in memory and writes through to the store. Safe for
// concurrent use.
type Directory struct {
	store Store
	clock func() time.Time
	known atomic.Pointer[people]

	others  session.Alone // keeps other nodes out of a write; nil: there are none
	writing sync.Mutex    // one write at a time

	mu        sync.Mutex
	listeners []*listener

	attendance
}

// people is what the directory knows at one moment.
type people struct {
	agents      map[string]*Agent
	ordered     []*Agent // by name, then id
	departments []*Department
	schedules   map[string]*Schedule // by department; those that do not parse are missing: closed
}

// Change tells what a listener hears: the agent or the department as it is
// now. Both are nil where a department was deleted or all was read anew.
type Change struct {
	Agent      *Agent
	Department *Department
	Live       bool // only the agent's live connections changed
}

type listener struct{ hear func(Change) }

// NewDirectory returns an empty directory; Reload fills it.
func NewDirectory(store Store, now func() time.Time) *Directory {
	d := &Directory{store: store, clock: now}
	d.attendance = attendance{live: map[string]int{}, changed: func(agents []string) {
		for _, id := range agents {
			if a, ok := d.Agent(id); ok {
				d.tell(Change{Agent: a, Live: true})
			}
		}
	}}
	d.known.Store(&people{})
	return d
}

// Share makes the directory one of several on the same store: a write is alone
// among all nodes and begins with what they wrote. It is called before any use.
func (d *Directory) Share(alone session.Alone) { d.others = alone }

// alone runs a write, alone among all writers, on what the store has.
func (d *Directory) alone(ctx context.Context, write func(context.Context) error) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if d.others == nil {
		return write(ctx)
	}
	return d.others.Run(ctx, "people", func(ctx context.Context) error {
		if err := d.reload(ctx); err != nil {
			return err
		}
		return write(ctx)
	})
}

// Reload reads the store and tells of every agent who is not as he was. On an
// error the old snapshot stays.
func (d *Directory) Reload(ctx context.Context) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	return d.reload(ctx)
}

func (d *Directory) reload(ctx context.Context) error {
	agents, err := d.store.Agents(ctx)
	if err != nil {
		return fmt.Errorf("read the agents: %w", err)
	}
	departments, err := d.store.Departments(ctx)
	if err != nil {
		return fmt.Errorf("read the departments: %w", err)
	}
	before := d.known.Load()
	d.publish(agents, departments, Change{})
	for _, a := range agents {
		if len(before.agents) > 0 && !reflect.DeepEqual(before.agents[a.ID], a) {
			d.tell(Change{Agent: a})
		}
	}
	return nil
}

// publish replaces the snapshot and tells the listeners. writing is held.
func (d *Directory) publish(agents []*Agent, departments []*Department, c Change) {
	next := &people{agents: map[string]*Agent{}, ordered: agents, departments: departments, schedules: map[string]*Schedule{}}
	for _, a := range agents {
		next.agents[a.ID] = a
	}
	for _, dep := range departments {
		if s, err := dep.Hours.Schedule(); err == nil {
			next.schedules[dep.ID] = s
		}
	}
	slices.SortFunc(next.ordered, func(a, b *Agent) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	d.known.Store(next)
	d.tell(c)
}

// Listen calls hear after every change, in order, from the goroutine that made
// it; hear must not change the directory nor wait. stop ends it.
func (d *Directory) Listen(hear func(Change)) (stop func()) {
	l := &listener{hear}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.listeners = append(d.listeners, l)
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.listeners = slices.DeleteFunc(slices.Clone(d.listeners), func(other *listener) bool { return other == l })
	}
}

func (d *Directory) tell(c Change) {
	d.mu.Lock()
	list := slices.Clip(d.listeners)
	d.mu.Unlock()
	for _, l := range list {
		l.hear(c)
	}
}

// Agents returns all agents, by name. The slice is shared.
func (d *Directory) Agents() []*Agent { return d.known.Load().ordered }

// Agent returns an agent by id, active or not.
func (d *Directory) Agent(id string) (*Agent, bool) {
	a, ok := d.known.Load().agents[id]
	return a, ok
}

// AgentByEmail returns an agent by address, whatever its case.
func (d *Directory) AgentByEmail(email string) (*Agent, bool) {
	all := d.Agents()
	i := slices.IndexFunc(all, func(a *Agent) bool { return strings.EqualFold(a.Email, email) })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// SaveAgent adds or replaces an agent. An address that another one has is
// session.CodeConflict, a department that is not there an invalid field.
func (d *Directory) SaveAgent(ctx context.Context, a *Agent) error {
	return d.alone(ctx, func(ctx context.Context) error { return d.saveAgent(ctx, a.clone()) })
}

// EditAgent changes an agent by edit, alone among all writers, and returns the
// outcome. An unknown agent is session.CodeNotFound; an error of edit changes
// nothing.
func (d *Directory) EditAgent(ctx context.Context, id string, edit func(*Agent) error) (*Agent, error) {
	var a *Agent
	err := d.alone(ctx, func(ctx context.Context) error {
		known, ok := d.Agent(id)
		if !ok {
			return missing("agent")
		}
		made := known.clone()
		if err := edit(made); err != nil {
			return err
		}
		made.ID, a = id, made
		return d.saveAgent(ctx, made)
	})
	return a, err
}

// SetPresence says whether an agent is here.
func (d *Directory) SetPresence(ctx context.Context, id string, p Presence) (*Agent, error) {
	return d.EditAgent(ctx, id, func(a *Agent) error {
		a.Presence = p
		return nil
	})
}

func (d *Directory) saveAgent(ctx context.Context, a *Agent) error {
	if err := d.checkAgent(a); err != nil {
		return err
	}
	if err := d.store.SaveAgent(ctx, a); err != nil {
		return saving("agent", err)
	}
	others := slices.DeleteFunc(slices.Clone(d.Agents()), func(other *Agent) bool { return other.ID == a.ID })
	d.publish(append(others, a), d.Departments(), Change{Agent: a})
	return nil
}

// saving names what an error of the store happened to; a refusal says it itself.
func saving(what string, err error) error {
	if _, refused := errors.AsType[*session.Error](err); refused {
		return err
	}
	return fmt.Errorf("save the %s: %w", what, err)
}

func (d *Directory) checkAgent(a *Agent) error {
	if _, err := session.ParseID(a.ID); err != nil {
		return session.Invalid("id", "must be a UUID")
	}
	if err := a.Check(); err != nil {
		return err
	}
	for _, id := range a.Departments {
		if _, ok := d.Department(id); !ok {
			return session.Invalid("departments", "there is no department %q", id)
		}
	}
	if other, taken := d.AgentByEmail(a.Email); taken && other.ID != a.ID {
		return EmailTaken()
	}
	if _, known := d.Agent(a.ID); !known && len(d.Agents()) >= session.MaxAgents {
		return session.Invalid("agents", "there are already %d", session.MaxAgents)
	}
	return nil
}

func missing(what string) error {
	return &session.Error{Code: session.CodeNotFound, Field: what, Message: "no such " + what}
}
