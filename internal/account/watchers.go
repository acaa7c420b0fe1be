package account

import (
	"maps"
	"slices"
	"sync"
)

// watchers are connections that want to hear of the end of their login. The
// zero value is ready.
type watchers struct {
	mu  sync.Mutex
	all map[*watcher]struct{}
}

type watcher struct {
	agent string
	login Hash
	ended chan struct{}
}

func (w *watchers) add(agent string, login Hash) (<-chan struct{}, func()) {
	one := &watcher{agent, login, make(chan struct{})}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[*watcher]struct{}{}
	}
	w.all[one] = struct{}{}
	return one.ended, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, one)
	}
}

// end tells those that match, once each.
func (w *watchers) end(match func(*watcher) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.all {
		if match(one) {
			close(one.ended)
			delete(w.all, one)
		}
	}
}

// logins returns those that are watched, each once.
func (w *watchers) logins() []Hash {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := map[Hash]struct{}{}
	for one := range w.all {
		seen[one.login] = struct{}{}
	}
	return slices.Collect(maps.Keys(seen))
}
