package desk

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Absence makes agents busy who asked for it and have had no live connection
// for a while. They come back by hand.
type Absence struct {
	people *Directory
	after  time.Duration
	log    *slog.Logger

	mu     sync.Mutex
	timers map[string]*time.Timer // of the agents who are away
	leave  func()
}

// NewAbsence watches the agents of a directory, once started.
func NewAbsence(d *Directory, after time.Duration, log *slog.Logger) *Absence {
	return &Absence{people: d, after: after, log: log, timers: map[string]*time.Timer{}}
}

// Start begins to watch. Nobody has a connection yet after a restart, so
// everybody gets the whole time to come back.
func (w *Absence) Start() {
	w.leave = w.people.Listen(func(c Change) {
		if c.Agent != nil {
			w.look(c.Agent.ID)
		}
	})
	for _, a := range w.people.Agents() {
		w.look(a.ID)
	}
}

// Stop ends the watch.
func (w *Absence) Stop() {
	if w.leave != nil {
		w.leave()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.timers {
		t.Stop()
	}
	clear(w.timers)
}

// look starts or stops the clock of an agent.
func (w *Absence) look(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.timers[id]
	a, known := w.people.Agent(id)
	switch away := known && w.away(a); {
	case away && t == nil:
		w.timers[id] = time.AfterFunc(w.after, func() { w.leaveDesk(id) })
	case !away && t != nil:
		t.Stop()
		delete(w.timers, id)
	}
}

func (w *Absence) away(a *Agent) bool {
	return a.AutoAway && a.Active && a.Presence == PresenceOnline && w.people.Connections(a.ID) == 0
}

// errHere tells that the agent came back while his time ran out.
var errHere = errors.New("the agent is here")

func (w *Absence) leaveDesk(id string) {
	w.mu.Lock()
	delete(w.timers, id)
	w.mu.Unlock()
	_, err := w.people.EditAgent(context.Background(), id, func(a *Agent) error {
		if !w.away(a) {
			return errHere
		}
		a.Presence = PresenceBusy
		return nil
	})
	if err != nil && !errors.Is(err, errHere) {
		w.log.Error("an agent who is away could not be made busy", "agent", id, "err", err)
	}
}
