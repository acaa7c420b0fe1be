package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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

	writing sync.Mutex // one write at a time

	mu        sync.Mutex
	listeners []*listener
	live      map[string]int // live connections of each agent
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
	d := &Directory{store: store, clock: now, live: map[string]int{}}
	d.known.Store(&people{})
	return d
}

// Reload reads the store. On an error the old snapshot stays.
func (d *Directory) Reload(ctx context.Context) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	agents, err := d.store.Agents(ctx)
	if err != nil {
		return fmt.Errorf("read the agents: %w", err)
	}
	departments, err := d.store.Departments(ctx)
	if err != nil {
		return fmt.Errorf("read the departments: %w", err)
	}
	d.publish(agents, departments, Change{})
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
	list := d.listeners[:len(d.listeners):len(d.listeners)]
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
	d.writing.Lock()
	defer d.writing.Unlock()
	return d.saveAgent(ctx, a.clone())
}

// EditAgent changes an agent by edit, alone among all writers, and returns the
// outcome. An unknown agent is session.CodeNotFound; an error of edit changes
// nothing.
func (d *Directory) EditAgent(ctx context.Context, id string, edit func(*Agent) error) (*Agent, error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	known, ok := d.Agent(id)
	if !ok {
		return nil, missing("agent")
	}
	a := known.clone()
	if err := edit(a); err != nil {
		return nil, err
	}
	a.ID = id
	return a, d.saveAgent(ctx, a)
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

// Connect counts a live connection of an agent until leave is called.
func (d *Directory) Connect(agent string) (leave func()) {
	d.count(agent, 1)
	return sync.OnceFunc(func() { d.count(agent, -1) })
}

// Connections returns the number of live connections of an agent.
func (d *Directory) Connections(agent string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.live[agent]
}

func (d *Directory) count(agent string, by int) {
	d.mu.Lock()
	d.live[agent] += by
	if d.live[agent] == 0 {
		delete(d.live, agent)
	}
	d.mu.Unlock()
	if a, ok := d.Agent(agent); ok {
		d.tell(Change{Agent: a, Live: true})
	}
}

func missing(what string) error {
	return &session.Error{Code: session.CodeNotFound, Field: what, Message: "no such " + what}
}
