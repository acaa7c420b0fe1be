package desk

import "sync"

// outbox is what waits to be written to one live connection. Feeds that can
// read again later wait for room; what cannot wait is offered, and a page so
// slow that there is no room for it is sent away.
type outbox struct {
	mu     sync.Mutex
	change *sync.Cond
	frames [][]byte
	closed bool
}

const (
	feedRoom    = 64  // frames that may wait before a feed waits
	offeredRoom = 256 // frames that may wait at all
)

func newOutbox() *outbox {
	o := &outbox{}
	o.change = sync.NewCond(&o.mu)
	return o
}

// feed adds a frame when there is room. It returns false when the connection
// is over.
func (o *outbox) feed(f []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.frames) >= feedRoom && !o.closed {
		o.change.Wait()
	}
	return o.add(f)
}

// offer adds a frame at once. It returns false when there is no room for it.
func (o *outbox) offer(f []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed || len(o.frames) < offeredRoom && o.add(f)
}

// add appends a frame. mu is held.
func (o *outbox) add(f []byte) bool {
	if o.closed {
		return false
	}
	o.frames = append(o.frames, f)
	o.change.Broadcast()
	return true
}

// take returns the next frame; false when the connection is over.
func (o *outbox) take() ([]byte, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.frames) == 0 && !o.closed {
		o.change.Wait()
	}
	if o.closed {
		return nil, false
	}
	f := o.frames[0]
	o.frames = o.frames[1:]
	o.change.Broadcast()
	return f, true
}

// close drops what waits.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.frames = true, nil
	o.change.Broadcast()
}
