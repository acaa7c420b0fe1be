package desk

import (
	"context"
	"time"

	"parley/internal/session"
)

// Held is a conversation whose client waits for the answer of the agent who has
// it.
type Held struct {
	Line
	Session session.ID
	Agent   string // id
	SinceMs int64  // since when the client waits
}

// requeue takes what waits for agents who are away back to the queue, the longest
// waiting first, and notes when more will be due. It is computed from what is stored,
// so a restart loses nothing.
func (r *Router) requeue(ctx context.Context) error {
	r.due = time.Time{}
	people, now := r.cfg.People.known.Load(), r.cfg.Now()
	if !r.anybodyAway(people, now) {
		return nil
	}
	held, err := r.cfg.Queue.Held(ctx)
	if err != nil {
		return err
	}
	for _, h := range held {
		in, known := r.cfg.Integration(h.Integration)
		a := people.agents[h.Agent]
		if !known || !in.Settings.Desk || a == nil || !r.away(a, now) {
			continue // of another desk, or the agent is there
		}
		after := session.RequeueAfter
		if dep := people.departmentOf(h.Integration, h.Department); dep != nil {
			after = time.Duration(dep.RequeueAfter) * time.Second
		}
		due := time.UnixMilli(h.SinceMs).Add(after)
		switch {
		case after == 0:
		case due.After(now):
			r.expect(due)
		default:
			if err := r.settled(r.cfg.Requeue(ctx, in, h.Session, h.Agent)); err != nil {
				return err
			}
		}
	}
	return nil
}

// expect notes a moment at which something will be due.
func (r *Router) expect(at time.Time) {
	if r.due.IsZero() || at.Before(r.due) {
		r.due = at
	}
}

func (r *Router) anybodyAway(p *people, now time.Time) bool {
	found := false
	for _, a := range p.ordered {
		found = r.away(a, now) || found // all of them: each may say when it is due
	}
	return found
}

// away reports whether an agent answers nobody: he is offline, may not answer any
// more, or auto-away took him and he has not come back. After a start everybody gets
// the time of auto-away to connect again.
func (r *Router) away(a *Agent, now time.Time) bool {
	switch {
	case !a.Active || !a.Role.Allows(PermissionAnswer) || a.Presence == PresenceOffline:
		return true
	case a.Presence != PresenceBusy || !a.AutoAway || r.cfg.People.Connections(a.ID) > 0:
		return false
	}
	back := r.began.Add(session.AutoAwayTime)
	if now.Before(back) {
		r.expect(back)
		return false
	}
	return true
}
