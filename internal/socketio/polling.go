package socketio

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// polling is what a connection needs only while its client polls. Conn.mu guards it; it is not looked at when there is a websocket.
type polling struct {
	waiting  chan []byte // the GET that waits for an answer; nil is the answer to refuse it
	posting  bool        // a POST is being handled
	probe    webSocket   // the websocket of an upgrade that is under way
	probed   bool        // the probe was answered: the client will ask to switch
	farewell [][]byte    // the answers to the GETs that come after the close, one each
}

// probeHold is how long a GET waits for the upgrade packet that it may have overtaken.
const probeHold = 20 * time.Millisecond

// answer gives the waiting GET its response.
func (p *polling) answer(body []byte) {
	p.waiting <- body
	p.waiting = nil
}

// endPolling ends the polling transport; see endTransport.
func (c *Conn) endPolling(how ending) time.Duration {
	last := []byte{packetClose}
	if how == endAgreed {
		last = []byte{packetNoop}
	}
	if c.poll.waiting != nil {
		c.poll.answer(last) // nothing is queued while a poll waits
		return 0
	}
	switch how {
	case endAgreed:
		c.poll.farewell = [][]byte{last}
		return agreedLinger
	case endFinish:
		// The close comes by an answer of its own: clients act on it before they look at messages beside it.
		if len(c.queue) > 0 {
			c.poll.farewell = append(c.poll.farewell, c.takePayload())
		}
		c.poll.farewell = append(c.poll.farewell, last)
		return c.server.options.WriteTimeout
	}
	return 0
}

// serveGet answers a poll.
func (c *Conn) serveGet(w http.ResponseWriter, r *http.Request) {
	body, waiting, refusal := c.openPoll()
	if refusal != nil {
		refusal.write(w)
		return
	}
	if waiting != nil {
		body = c.awaitPoll(r.Context(), waiting)
	}
	if body == nil {
		refuseRequest.write(w)
		return
	}
	c.server.writeText(w, body)
}

// openPoll answers at once or registers the poll as the one that waits.
func (c *Conn) openPoll() (body []byte, waiting chan []byte, refusal *refusal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ws != nil:
		return nil, nil, refuseRequest
	case !c.alive():
		if len(c.poll.farewell) == 0 {
			return nil, nil, refuseSID
		}
		body, c.poll.farewell = c.poll.farewell[0], c.poll.farewell[1:]
		return body, nil, nil
	case c.poll.waiting != nil:
		c.shutLocked(ReasonTransportError, endCut)
		return nil, nil, refuseRequest
	case len(c.queue) > 0:
		return c.takePayload(), nil, nil
	}
	c.poll.waiting = make(chan []byte, 1)
	return nil, c.poll.waiting, nil
}

// alive tells whether the connection is open, and closes it if its client has missed the heartbeat: a request may come before the
// timer does. mu is held.
func (c *Conn) alive() bool {
	if !c.closed && c.heartbeat.awaiting && c.heartbeat.overdue(c.server.elapsed(), &c.server.options) {
		c.shutLocked(ReasonPingTimeout, endCut)
	}
	return !c.closed
}

// awaitPoll waits for the answer to a poll. A client that goes away meanwhile loses its connection.
func (c *Conn) awaitPoll(ctx context.Context, waiting chan []byte) []byte {
	hold := c.holdTimer(waiting)
	if hold != nil {
		defer hold.Stop()
	}
	select {
	case body := <-waiting:
		return body
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.poll.waiting == waiting {
		c.poll.waiting = nil
	}
	c.shutLocked(ReasonTransportError, endCut)
	return nil
}

// holdTimer ends a poll with a noop soon when the client has probed a websocket: it waits for its poll before it switches.
func (c *Conn) holdTimer(waiting chan []byte) *time.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.poll.probed {
		return nil
	}
	return time.AfterFunc(probeHold, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.poll.waiting == waiting {
			c.poll.answer([]byte{packetNoop})
		}
	})
}

// servePost takes the packets of a POST.
func (c *Conn) servePost(w http.ResponseWriter, r *http.Request) {
	refusal := c.beginPost(r)
	if refusal == nil {
		refusal = c.takeBody(w, r)
		c.endPost() // before the answer, which lets the client send the next one
	}
	if refusal != nil {
		refusal.write(w)
		return
	}
	c.server.writeText(w, []byte("ok"))
}

func (c *Conn) takeBody(w http.ResponseWriter, r *http.Request) *refusal {
	body, refusal := c.readBody(w, r)
	if refusal != nil {
		c.shut(ReasonTransportError, endCut)
		return refusal
	}
	for p, err := range decodePayload(body) {
		if err == nil {
			err = c.take(p)
		}
		if err != nil {
			c.shut(ReasonParseError, endCut)
			return refuseRequest
		}
	}
	return nil
}

func (c *Conn) beginPost(r *http.Request) *refusal {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ws != nil:
		return refuseRequest
	case !c.alive():
		return refuseSID
	case c.poll.posting, strings.HasPrefix(r.Header.Get("Content-Type"), "application/octet-stream"):
		c.shutLocked(ReasonTransportError, endCut)
		return refuseRequest
	}
	c.poll.posting = true
	return nil
}

func (c *Conn) endPost() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.poll.posting = false
}

func (c *Conn) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	limit := int64(c.server.options.MaxPayload)
	if r.ContentLength > limit {
		return nil, refuseSize
	}
	control := http.NewResponseController(w) // its errors mean a writer without deadlines, as in tests
	_ = control.SetReadDeadline(time.Now().Add(c.server.options.ReadTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	_ = control.SetReadDeadline(time.Time{})
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuseSize
	case err != nil:
		return nil, refuseRequest
	}
	return body, nil
}

// writeText answers with a body that must leave within the write timeout, however slowly the client reads.
func (s *Server) writeText(w http.ResponseWriter, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=UTF-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(s.options.WriteTimeout))
	_, _ = w.Write(body) // a client that went away shows at its next request
	_ = control.Flush()
	_ = control.SetWriteDeadline(time.Time{}) // the next request on this connection may be another handler's
}
