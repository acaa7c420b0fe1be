package cluster

import (
	"context"
	"log/slog"
	"maps"
	"sync"
)

// listeners are told what a beat brought, one after the other and apart from the
// beats: a sign of life waits for nobody.
type listeners struct {
	log  *slog.Logger
	wake chan struct{}

	change map[string][]func(context.Context) error
	death  []func(context.Context, Node)
	lead   []func(context.Context)

	mu        sync.Mutex
	revisions map[string]int64 // as they are
	dead      []Node           // nobody was told of yet
	took      bool

	done map[string]int64 // revisions that were told
}

func (l *listeners) init(log *slog.Logger) {
	l.log, l.wake = log, make(chan struct{}, 1)
	l.change, l.done = map[string][]func(context.Context) error{}, map[string]int64{}
}

func (l *listeners) onChange(name string, do func(context.Context) error) {
	l.change[name] = append(l.change[name], do)
}

func (l *listeners) onDeath(do func(context.Context, Node)) { l.death = append(l.death, do) }

func (l *listeners) onLead(do func(context.Context)) { l.lead = append(l.lead, do) }

// hear takes what a beat brought.
func (l *listeners) hear(v *view, revisions map[string]int64) {
	l.mu.Lock()
	l.revisions = revisions
	l.dead = append(l.dead, v.dead...)
	l.took = l.took || v.took
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *listeners) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
			l.tell(ctx)
		}
	}
}

func (l *listeners) tell(ctx context.Context) {
	l.mu.Lock()
	revisions, dead, took := maps.Clone(l.revisions), l.dead, l.took
	l.dead, l.took = nil, false
	l.mu.Unlock()
	for _, node := range dead {
		for _, do := range l.death {
			do(ctx, node)
		}
	}
	if took {
		for _, do := range l.lead {
			do(ctx)
		}
	}
	for name, n := range revisions {
		if l.done[name] < n && l.changed(ctx, name) {
			l.done[name] = n
		}
	}
}

func (l *listeners) changed(ctx context.Context, name string) (all bool) {
	all = true
	for _, do := range l.change[name] {
		if err := do(ctx); err != nil {
			l.log.WarnContext(ctx, "a change of another node was not read", "what", name, "error", err.Error())
			all = false
		}
	}
	return all
}
