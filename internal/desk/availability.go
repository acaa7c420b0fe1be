package desk

import (
	"slices"
	"time"

	"parley/internal/session"
)

// Availability is session.Desk's.
func (d *Directory) Availability(in *session.Integration, department string) session.Availability {
	p := d.known.Load()
	dep := p.departmentOf(in.ID, department)
	if !p.open(dep, d.clock()) {
		return session.OutsideHours
	}
	works := func(a *Agent) bool { return a.Online() && p.works(a, dep, in.ID) }
	if !slices.ContainsFunc(p.ordered, works) {
		return session.NoAgents
	}
	return session.Queued
}

// Available is session.Desk's.
func (d *Directory) Available(in *session.Integration, agent, department string) bool {
	p := d.known.Load()
	dep, a := p.departmentOf(in.ID, department), p.agents[agent]
	return a != nil && a.Online() && p.works(a, dep, in.ID) && p.open(dep, d.clock())
}

// DepartmentOf returns the department that takes an integration's conversation
// when a handover names this one, by id or name; nil is the general queue,
// which every agent who works for the integration serves at all hours.
func (d *Directory) DepartmentOf(integration, named string) *Department {
	return d.known.Load().departmentOf(integration, named)
}

// departmentOf: a name that nobody knows must not make a client wait for ever,
// so it means the default department, or the general queue.
func (p *people) departmentOf(integration, named string) *Department {
	var standard *Department
	for _, dep := range p.departments {
		if !dep.Serves(integration) {
			continue
		}
		if named != "" && dep.named(named) {
			return dep
		}
		if dep.Default && standard == nil {
			standard = dep
		}
	}
	return standard
}

// works reports whether an agent takes conversations of a department. The
// general queue is for those who are in no department, or in one that serves
// the integration.
func (p *people) works(a *Agent, dep *Department, integration string) bool {
	if dep != nil {
		return a.In(dep.ID)
	}
	return len(a.Departments) == 0 || slices.ContainsFunc(p.departments, func(dep *Department) bool {
		return a.In(dep.ID) && dep.Serves(integration)
	})
}

// open reports whether a department works at a moment. Hours that cannot be
// read are closed.
func (p *people) open(dep *Department, at time.Time) bool {
	if dep == nil {
		return true
	}
	s, readable := p.schedules[dep.ID]
	return readable && s.Open(at)
}

// change returns when the next department opens or closes, the zero time when
// none will.
func (p *people) change(at time.Time) (next time.Time) {
	for _, s := range p.schedules {
		if t := s.Change(at); !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}
