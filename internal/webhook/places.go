package webhook

import "sync"

// places are the attempts that may be under way at the same time. An
// integration that holds as many as are free gets no more: one whose receiver
// hangs holds at most two thirds, a second one two thirds of the rest, and
// there is a place for those whose receivers answer.
type places struct {
	slots chan struct{} // holds one for each attempt under way

	mu   sync.Mutex
	held map[string]int // of an integration; no zeros
}

func newPlaces(n int) *places {
	return &places{slots: make(chan struct{}, n), held: map[string]int{}}
}

// open returns how many rows to claim, and the integrations to pass over. It is
// for the one who fills the places, while there is a free one.
func (p *places) open() (limit int, full []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	free := cap(p.slots) - len(p.slots)
	for integration, n := range p.held {
		if n >= free {
			full = append(full, integration)
		}
	}
	return (free + 1) / 2, full
}

func (p *places) take(integration string) {
	p.slots <- struct{}{}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held[integration]++
}

func (p *places) give(integration string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held[integration]--; p.held[integration] == 0 {
		delete(p.held, integration)
	}
	<-p.slots
}
