package load

import (
	"math/rand/v2"
	"sync"

	"parley/e2e/history"
)

// board holds the sessions that are talked about: whoever opens one puts it
// up, everybody takes one from it, so that back ends, sockets and agents meet.
type board struct {
	mu    sync.Mutex
	spots []*spot
	spare int // of sessions that are kept beside those where callers meet
}

// spot is a session that somebody opened, with the newest version heard of.
type spot struct {
	handle  string
	head    string
	version int64
	asked   int
}

const (
	maxSpots = 8  // few, so that they meet
	maxAsked = 60 // then it is left alone
)

func (b *board) put(handle string) {
	if handle == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spots = append(b.spots, &spot{handle: handle, head: handle, version: 1})
	if len(b.spots) > maxSpots+b.spare {
		b.spots = b.spots[1:]
	}
}

// take returns a session, "" when there is none.
func (b *board) take(rng *rand.Rand) spot {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.spots) == 0 {
		return spot{}
	}
	i := rng.IntN(len(b.spots))
	if b.spare > 0 && rng.IntN(2) == 0 {
		i = max(0, len(b.spots)-1-rng.IntN(maxSpots))
	}
	s := b.spots[i]
	if s.asked++; s.asked > maxAsked {
		b.spots = append(b.spots[:i], b.spots[i+1:]...)
	}
	return *s
}

// heard notes what an answer says of a session: gone, or its newest version.
func (b *board) heard(c *history.Call) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, s := range b.spots {
		switch {
		case s.handle != c.Session:
		case c.Outcome == history.Refused && (c.Code == "404" || c.Code == "invalid_session"):
			b.spots = append(b.spots[:i], b.spots[i+1:]...)
			return
		case c.Outcome == history.Done:
			if c.Acting != "" {
				s.head = c.Acting
			}
			s.version = max(s.version, c.Version)
		}
	}
}
