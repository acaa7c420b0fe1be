package socketio

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// polling is HTTP long-polling as the transport of a connection: a GET brings what is queued to the client, a POST brings its packets.
// conn.mu guards the fields below conn.
type polling struct {
	conn     *Conn
	waiting  chan []byte // the GET that waits for an answer; nil is the answer to refuse it
	posting  bool        // a POST is being handled
	upgrade  *upgrade    // that is under way
	farewell [][]byte    // the answers to the GETs that come after the close, one each
	parting  bool        // the server closed, and the client may not know yet
	repeats  repeats
}

// probeHold is how long a GET waits for the upgrade packet that it may have overtaken.
const probeHold = 20 * time.Millisecond

// agreedLinger is how long a poll that a close packet overtook still finds its answer.
const agreedLinger = 500 * time.Millisecond

func (p *polling) dispatch() {
	if p.waiting != nil {
		p.answer(p.payload())
	}
}

// payload empties the queue into the body of a response.
func (p *polling) payload() []byte {
	frames := p.conn.queue.drain()
	p.conn.server.counters.sent(frames)
	return encodePayload(frames)
}

// answer gives the waiting GET, if any, its response.
func (p *polling) answer(body []byte) {
	if p.waiting != nil {
		p.waiting <- body
		p.waiting = nil
		p.repeats.answered(body)
	}
}

// replaced tells whether the client went on as websocket.
func (p *polling) replaced() bool { return p.conn.transport != transport(p) }

func (p *polling) end(how ending) time.Duration {
	if p.upgrade != nil {
		go p.upgrade.ws.Close()
	}
	last := []byte{packetClose}
	if how == endAgreed {
		last = []byte{packetNoop}
	}
	if p.waiting != nil {
		p.answer(last) // nothing is queued while a poll waits
		return 0
	}
	switch how {
	case endAgreed:
		p.farewell = [][]byte{last}
		return agreedLinger
	case endFinish:
		// The close comes by an answer of its own: clients act on it before they look at messages beside it.
		if !p.conn.queue.empty() {
			p.farewell = append(p.farewell, p.payload())
		}
		p.farewell = append(p.farewell, last)
		p.parting = true
		return p.conn.server.options.WriteTimeout
	}
	return 0
}

// serveGet answers a poll.
func (p *polling) serveGet(w http.ResponseWriter, r *http.Request) {
	body, waiting, refusal := p.open(r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	if waiting != nil {
		body = p.await(r.Context(), waiting)
	}
	if body == nil {
		refuseRequest.write(w)
		return
	}
	p.conn.server.writeText(w, body)
}

// open answers a poll at once or registers it as the one that waits.
func (p *polling) open(r *http.Request) (body []byte, waiting chan []byte, refusal *refusal) {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	if p.replaced() {
		return nil, nil, refuseRequest
	}
	if body := p.repeats.again(r); body != nil {
		return body, nil, nil
	}
	defer func() { p.repeats.answered(body) }()
	switch {
	case !p.conn.alive():
		if len(p.farewell) == 0 {
			return nil, nil, refuseSID
		}
		body, p.farewell = p.farewell[0], p.farewell[1:]
		return body, nil, nil // parting stays: the answer is on its way
	case p.waiting != nil:
		p.conn.shutLocked(ReasonTransportError, endCut)
		return nil, nil, refuseRequest
	case !p.conn.queue.empty():
		return p.payload(), nil, nil
	}
	p.waiting = make(chan []byte, 1)
	return nil, p.waiting, nil
}

// await waits for the answer to a poll. A client that goes away meanwhile loses its connection.
func (p *polling) await(ctx context.Context, waiting chan []byte) []byte {
	hold := p.holdTimer(waiting)
	if hold != nil {
		defer hold.Stop()
	}
	select {
	case body := <-waiting:
		return body
	case <-ctx.Done():
	}
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	if p.waiting == waiting {
		p.waiting = nil
	}
	p.conn.shutLocked(ReasonTransportError, endCut)
	return nil
}

// holdTimer ends a poll with a noop soon when the client has probed a websocket: it waits for its poll before it switches.
func (p *polling) holdTimer(waiting chan []byte) *time.Timer {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	if p.upgrade == nil || !p.upgrade.probed {
		return nil
	}
	return time.AfterFunc(probeHold, func() {
		p.conn.mu.Lock()
		defer p.conn.mu.Unlock()
		if p.waiting == waiting {
			p.answer([]byte{packetNoop})
		}
	})
}

// servePost takes the packets of a POST.
func (p *polling) servePost(w http.ResponseWriter, r *http.Request) {
	taken, refusal := p.beginPost(r)
	if taken {
		refusal = p.takeBody(w, r)
		p.endPost(nameOf(r)) // before the answer, which lets the client send the next one
	}
	if refusal != nil {
		refusal.write(w)
		return
	}
	p.conn.server.writeText(w, []byte("ok"))
}

func (p *polling) takeBody(w http.ResponseWriter, r *http.Request) *refusal {
	body, refusal := p.conn.server.readBody(w, r)
	if refusal != nil {
		p.conn.shut(ReasonTransportError, endCut)
		return refusal
	}
	for packet, err := range decodePayload(body) {
		if err == nil {
			err = p.conn.take(packet)
		}
		if err != nil {
			p.conn.shut(ReasonParseError, endCut)
			return refuseRequest
		}
	}
	return nil
}

// beginPost tells whether the packets of a POST are taken. What a client sends before it can know of the server's close is dropped, not
// refused: to a client a refusal is a broken transport, and it would not look at the close any more.
func (p *polling) beginPost(r *http.Request) (taken bool, why *refusal) {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	switch {
	case p.replaced():
		return false, refuseRequest
	case !p.conn.alive():
		if p.parting {
			return false, nil
		}
		return false, refuseSID
	case p.repeats.twice(r):
		return false, nil
	case p.posting, strings.HasPrefix(r.Header.Get("Content-Type"), "application/octet-stream"):
		p.conn.shutLocked(ReasonTransportError, endCut)
		return false, refuseRequest
	}
	p.posting = true
	return true, nil
}

func (p *polling) endPost(name string) {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	p.posting, p.repeats.post = false, name
}
