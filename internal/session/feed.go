package session

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// ringSize is how many of its last events a followed chain keeps in memory.
const ringSize = 32

// hub feeds followers. Each holds (chain, last sequence) and is always given
// the next event after its own; a publication is only a hint to read on, so
// nothing can overtake and nothing is missed.
type hub struct {
	store  Store
	mu     sync.Mutex
	topics map[ID]*topic
	told   int64 // number of the last typing
}

type topic struct {
	followers []*Follower
	ring      []*Event // consecutive, ascending
}

// Follower is one reader of a chain's events.
type Follower struct {
	hub     *hub
	chain   ID
	deliver func(*Event) bool

	// Guarded by hub.mu.
	hear    func(*Typing) // nil: is not told
	after   int64
	running bool
	again   bool
	gone    bool
}

// Follow calls deliver for every event of the chain after the given sequence,
// in order, each once, from one goroutine at a time, until the follower is
// closed or deliver returns false. The first call of deliver may come before
// Follow returns.
func (c *Core) Follow(chain ID, after int64, deliver func(*Event) bool) *Follower {
	return c.hub.follow(chain, after, deliver)
}

func (h *hub) follow(chain ID, after int64, deliver func(*Event) bool) *Follower {
	f := &Follower{hub: h, chain: chain, deliver: deliver, after: after}
	h.mu.Lock()
	if h.topics == nil {
		h.topics = map[ID]*topic{}
	}
	t := h.topics[chain]
	if t == nil {
		t = &topic{}
		h.topics[chain] = t
	}
	t.followers = append(t.followers, f)
	h.mu.Unlock()
	if guardCursor {
		f.nudge()
	}
	return f
}

// Hear makes the follower be told who types, from one goroutine for each who
// does. It must not block.
func (f *Follower) Hear(hear func(*Typing)) *Follower {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	f.hear = hear
	return f
}

// tell passes typing on. The number it gets rises with every one, and over
// restarts with the clock.
func (h *hub) tell(chain ID, t *Typing, atNs int64) (number int64) {
	var all []func(*Typing)
	h.mu.Lock()
	h.told = max(h.told+1, atNs)
	number = h.told
	if topic := h.topics[chain]; topic != nil {
		for _, f := range topic.followers {
			if f.hear != nil {
				all = append(all, f.hear)
			}
		}
	}
	h.mu.Unlock()
	for _, hear := range all {
		hear(t)
	}
	return number
}

// Chain returns the chain that is followed.
func (f *Follower) Chain() ID { return f.chain }

// After returns the sequence of the last delivered event.
func (f *Follower) After() int64 {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	return f.after
}

// Close ends the feed. A delivery that runs is finished.
func (f *Follower) Close() {
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	f.gone = true
	t := h.topics[f.chain]
	if t == nil {
		return
	}
	for i, other := range t.followers {
		if other == f {
			t.followers = append(t.followers[:i:i], t.followers[i+1:]...)
			break
		}
	}
	if len(t.followers) == 0 {
		delete(h.topics, f.chain)
	}
}

// publish notes committed events and sets their followers going.
func (h *hub) publish(events []*Event) {
	var due []*Follower
	h.mu.Lock()
	for _, ev := range events {
		t := h.topics[ev.Chain]
		if t == nil {
			continue
		}
		t.push(ev)
		for _, f := range t.followers {
			if f.start() {
				due = append(due, f)
			}
		}
	}
	h.mu.Unlock()
	for _, f := range due {
		go f.run()
	}
}

// behind hears that a chain has events up to a sequence. Where they are not in
// the ring, it does not know the newest any more, and its followers read on.
func (h *hub) behind(chain ID, sequence int64) {
	var due []*Follower
	h.mu.Lock()
	if t := h.topics[chain]; t != nil && !t.has(sequence) {
		t.ring = t.ring[:0]
		for _, f := range t.followers {
			if f.after < sequence && f.start() {
				due = append(due, f)
			}
		}
	}
	h.mu.Unlock()
	for _, f := range due {
		go f.run()
	}
}

// followed lists the chains that somebody follows.
func (h *hub) followed() []ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Keys(h.topics))
}

// has reports whether the ring's last event is not before a sequence.
func (t *topic) has(sequence int64) bool {
	n := len(t.ring)
	return n > 0 && t.ring[n-1].Sequence >= sequence
}

// push keeps the ring consecutive.
func (t *topic) push(ev *Event) {
	if n := len(t.ring); n > 0 && t.ring[n-1].Sequence+1 != ev.Sequence {
		t.ring = t.ring[:0]
	}
	if len(t.ring) == ringSize { // readers have copies
		t.ring = t.ring[:copy(t.ring, t.ring[1:])]
	}
	t.ring = append(t.ring, ev)
}

// start reports whether the caller has to run the follower; one that runs is
// told to look again.
func (f *Follower) start() bool {
	if f.gone || f.running {
		f.again = true
		return false
	}
	f.running = true
	return true
}

func (f *Follower) nudge() {
	f.hub.mu.Lock()
	run := f.start()
	f.hub.mu.Unlock()
	if run {
		go f.run()
	}
}

// run delivers until nothing is left.
func (f *Follower) run() {
	for {
		events, more := f.next()
		if !more {
			return
		}
		for _, ev := range events {
			if !f.deliver(ev) {
				f.Close()
				return
			}
			f.hub.mu.Lock()
			f.after = ev.Sequence
			f.hub.mu.Unlock()
		}
	}
}

// next returns events after the follower's own: from the ring where it
// reaches back far enough, otherwise from the store. The ring's last event is
// the newest there is, so a follower that has it has nothing to read.
func (f *Follower) next() ([]*Event, bool) {
	h := f.hub
	h.mu.Lock()
	f.again = false
	after := f.after
	list, known := h.topics[f.chain].since(after)
	if !guardCursor { // a publication as the event itself, not as a hint
		list, known = h.topics[f.chain].newest(after), true
	}
	if f.gone || len(list) > 0 || known {
		defer h.mu.Unlock()
		return list, f.keepOn(len(list) > 0)
	}
	h.mu.Unlock()
	list, err := h.store.Events(context.Background(), f.chain, after, ringSize)
	h.mu.Lock()
	defer h.mu.Unlock()
	return list, f.keepOn(err == nil && len(list) > 0)
}

// keepOn decides whether a run goes on. hub.mu is held.
func (f *Follower) keepOn(found bool) bool {
	if !f.gone && (found || f.again) {
		return true
	}
	f.running = false
	return false
}

// since returns the ring's events after a sequence, if the ring holds the
// very next one.
func (t *topic) since(after int64) ([]*Event, bool) {
	if t == nil || len(t.ring) == 0 || t.ring[0].Sequence > after+1 {
		return nil, false
	}
	skip := after + 1 - t.ring[0].Sequence
	if skip >= int64(len(t.ring)) {
		return nil, true
	}
	return append([]*Event(nil), t.ring[skip:]...), true
}

// newest returns the last event, if it is later than a sequence.
func (t *topic) newest(after int64) []*Event {
	if t == nil || len(t.ring) == 0 || t.ring[len(t.ring)-1].Sequence <= after {
		return nil
	}
	return []*Event{t.ring[len(t.ring)-1]}
}
