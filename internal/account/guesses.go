package account

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// Guesses slows down who tries passwords: the wrong sign-ins of a name lock it
// for a time that grows. It is kept in memory: a restart forgives, which
// nobody outside can cause. Safe for concurrent use.
type Guesses struct {
	free  int
	mu    sync.Mutex
	names map[string]guessed
}

type guessed struct {
	wrong  int
	at     time.Time // of the last wrong one
	before time.Time // of the one before
}

// NewGuesses returns a memory in which the given number of wrong sign-ins
// locks nothing.
func NewGuesses(free int) *Guesses { return &Guesses{free: free, names: map[string]guessed{}} }

// Begin counts a try before it is known to be wrong, so that a thousand at
// once are a thousand tries. It returns how long the name is still locked; the
// try counts only when that is 0.
func (g *Guesses) Begin(name string, at time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.names[name]
	if at.Sub(s.at) > GuessMemory {
		s = guessed{}
	}
	if wait := s.at.Add(g.lock(s.wrong)).Sub(at); wait > 0 {
		return wait
	}
	g.makeRoom(name, at)
	g.names[name] = guessed{s.wrong + 1, at, s.at}
	return 0
}

// Right forgets the wrong sign-ins of a name.
func (g *Guesses) Right(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.names, name)
}

// Neither takes the last try back: it was not wrong, but proves nothing either.
func (g *Guesses) Neither(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s, ok := g.names[name]; ok && s.wrong > 0 {
		g.names[name] = guessed{wrong: s.wrong - 1, at: s.before}
	}
}

// Locked reports whether the next try of a name would be refused.
func (g *Guesses) Locked(name string, at time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.names[name]
	return s.at.Add(g.lock(s.wrong)).After(at)
}

// lock returns how long a number of wrong sign-ins locks.
func (g *Guesses) lock(wrong int) time.Duration {
	if wrong < g.free {
		return 0
	}
	wait := LockFirst
	for range wrong - g.free {
		if wait *= 2; wait >= LockMost {
			return LockMost
		}
	}
	return wait
}

// makeRoom keeps the memory bounded: what counts no more goes first, then the
// tenth that was wrong longest ago.
func (g *Guesses) makeRoom(name string, at time.Time) {
	if _, known := g.names[name]; known || len(g.names) < GuessedNames {
		return
	}
	maps.DeleteFunc(g.names, func(_ string, s guessed) bool { return at.Sub(s.at) > GuessMemory })
	if len(g.names) < GuessedNames {
		return
	}
	oldest := slices.SortedFunc(maps.Keys(g.names), func(a, b string) int {
		return cmp.Or(g.names[a].at.Compare(g.names[b].at), cmp.Compare(a, b))
	})
	for _, name := range oldest[:GuessedNames/10] {
		delete(g.names, name)
	}
}
