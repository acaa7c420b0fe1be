package desk

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/internal/session"
)

// RouterConfig says what a router works on. Every field is required.
type RouterConfig struct {
	People      *Directory
	Queue       Queue
	Integration func(id string) (*session.Integration, bool)
	// Assign gives a conversation to an agent while the queue still owns it;
	// session.CodeConflict otherwise. It is session.Core's Assign.
	Assign func(ctx context.Context, in *session.Integration, session session.ID, to session.Agent) error
	// Requeue takes a conversation from an agent who has it still;
	// session.CodeConflict otherwise. It is session.Core's Requeue.
	Requeue func(ctx context.Context, in *session.Integration, session session.ID, from string) error
	Now     func() time.Time
	Log     *slog.Logger
}

// Router gives waiting conversations to agents. It is woken by what changes
// either side: a conversation that enters the queue, capacity that becomes
// free, an agent who comes online, hours that open. Assigning is a
// compare-and-set in the core, so routers and hands may race.
type Router struct {
	cfg    RouterConfig
	wakeup chan struct{}

	// Used by the running pass alone.
	turn  int64             // counts assignments
	given map[string]int64  // turn at which an agent was given something last
	last  map[string]string // who was last in a department's turn
	due   time.Time         // when a client will have waited too long; zero: nobody is known
	began time.Time

	stop context.CancelFunc
	done sync.WaitGroup
}

// NewRouter returns a router; Start sets it to work.
func NewRouter(cfg RouterConfig) *Router {
	return &Router{cfg: cfg, wakeup: make(chan struct{}, 1), given: map[string]int64{}, last: map[string]string{}}
}

// Start begins to route, with what waits already.
func (r *Router) Start(ctx context.Context) {
	ctx, r.stop = context.WithCancel(ctx)
	r.began = r.cfg.Now()
	leave := r.cfg.People.Listen(func(c Change) {
		if !c.Live {
			r.Wake()
		}
	})
	r.Wake()
	r.done.Go(func() {
		defer leave()
		r.run(ctx)
	})
}

// Stop waits until the assignment that runs has ended.
func (r *Router) Stop() {
	if r.stop != nil {
		r.stop()
	}
	r.done.Wait()
}

// Wake makes the router look at the queue. It does not wait.
func (r *Router) Wake() {
	select {
	case r.wakeup <- struct{}{}:
	default: // a look is due already
	}
}

// Committed hears of every batch of the core. It does not wait. What a bot has
// had from the beginning changes nothing for people.
func (r *Router) Committed(b *session.Batch) {
	if slices.ContainsFunc(b.Conversations, func(c *session.Conversation) bool {
		return c.Owner != session.OwnerBot || c.LastAgent.ID != ""
	}) {
		r.Wake()
	}
}

// A clock that is set forward, and a store that could not be read, are noticed
// after at most these times.
const (
	maxRest = time.Minute
	retry   = time.Second
)

func (r *Router) run(ctx context.Context) {
	for {
		rest := r.rest()
		timer := time.NewTimer(rest)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-r.wakeup:
		case <-timer.C:
		}
		timer.Stop()
		if err := r.pass(ctx); err != nil && ctx.Err() == nil {
			r.cfg.Log.ErrorContext(ctx, "the queue could not be routed", "err", err)
			time.AfterFunc(retry, r.Wake)
		}
	}
}

// rest returns how long nothing changes by itself.
func (r *Router) rest() time.Duration {
	now := r.cfg.Now()
	next := r.cfg.People.known.Load().change(now)
	if next.IsZero() || !r.due.IsZero() && r.due.Before(next) {
		next = r.due
	}
	if next.IsZero() || next.Sub(now) > maxRest {
		return maxRest
	}
	return max(next.Sub(now), 0)
}

// pass gives away what can be given away now, oldest first.
func (r *Router) pass(ctx context.Context) error {
	if err := r.requeue(ctx); err != nil {
		return err
	}
	lines, err := r.cfg.Queue.Lines(ctx)
	if err != nil || len(lines) == 0 {
		return err
	}
	load, err := r.cfg.Queue.Load(ctx)
	if err != nil {
		return err
	}
	people := r.cfg.People.known.Load()
	shift, queue := newShift(people, load, r.cfg.Now()), r.merge(people, lines)
	for shift.room() {
		w, line, err := queue.next(ctx)
		if err != nil || w == nil {
			return err
		}
		candidates := shift.candidates(line.department, line.Integration)
		if len(candidates) == 0 {
			line.drop() // nobody takes those behind it either
			continue
		}
		if err := r.assign(ctx, w, line, r.choose(candidates, line.department, w.LastAgent)); err != nil {
			return err
		}
	}
	return nil
}

// merge takes the lines that are ours: an integration without a desk has
// people elsewhere.
func (r *Router) merge(p *people, lines []Line) *merge {
	m := &merge{queue: r.cfg.Queue}
	for _, l := range lines {
		if in, known := r.cfg.Integration(l.Integration); known && in.Settings.Desk {
			m.lines = append(m.lines, &queueing{Line: l, integration: in, department: p.departmentOf(l.Integration, l.Department)})
		}
	}
	return m
}

// assign gives one conversation to one agent.
func (r *Router) assign(ctx context.Context, w *Waiting, line *queueing, s *seat) error {
	err := r.cfg.Assign(ctx, line.integration, w.Session, s.agent.Public())
	if err != nil {
		return r.settled(err)
	}
	s.open++
	r.turn++
	r.given[s.agent.ID] = r.turn
	if line.department != nil {
		r.last[line.department.ID] = s.agent.ID
	}
	return nil
}

// settled takes the error of an operation: somebody who was faster, or an end of the
// session, is no failure.
func (r *Router) settled(err error) error {
	if err == nil || session.CodeOf(err) == session.CodeConflict || session.CodeOf(err) == session.CodeSessionNotFound {
		return nil
	}
	return err
}
