package desk

import (
	"errors"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/account"
	"parley/internal/desk"
	"parley/internal/session"
)

// Codes with which a live connection is closed, beside those of RFC 6455.
const (
	closeSignedOut = 4001 // the person signed out, or may no longer be here
	closeSlow      = 4008 // the page does not read; it catches up by its cursors
	closeFlood     = 4029 // too many refused frames
)

// connection is one page's live connection.
type connection struct {
	live    *live
	ws      *websocket.Conn
	out     *outbox
	caller  *account.Caller // who opened it; his login is asked for again
	agent   atomic.Pointer[desk.Agent]
	refused int  // frames in a row; the reader's own
	pace    pace // of the reader

	mu      sync.Mutex
	threads map[session.ID]*subscription
	list    *listing // nil until the page asks for it

	end struct {
		once   sync.Once
		over   atomic.Bool // nothing more is heard of the page
		told   bool        // the page has closeTime to agree; mu is held
		code   int
		reason string
		last   []byte // a frame before the end; may be nil
	}
}

// masked reports whether the person sees some fields as ***.
func (c *connection) masked() bool { return masks(c.agent.Load()) }

// serve runs the connection to its end.
func (c *connection) serve() {
	defer func() { _ = c.ws.Close() }()
	defer c.leave()
	written := make(chan struct{})
	go func() { defer close(written); c.write() }()
	feed := c.live.face.cfg.Inbox.Feed()
	c.offer(hello{Type: "hello", Cursor: feed.Cursor(), Boot: feed.Boot()})
	c.read()
	c.finish(websocket.CloseNormalClosure, "", nil)
	<-written
}

// finish ends the connection with a code, after what is being written.
func (c *connection) finish(code int, reason string, last []byte) {
	c.end.once.Do(func() {
		c.end.code, c.end.reason, c.end.last = code, reason, last
		c.end.over.Store(true)
		c.out.close()
	})
}

// write sends what waits, until the end.
func (c *connection) write() {
	for {
		f, ok := c.out.take()
		if !ok {
			break
		}
		if c.put(f) != nil {
			c.finish(websocket.CloseAbnormalClosure, "", nil)
			_ = c.ws.Close() // wakes the reader
			return
		}
	}
	if c.end.last != nil {
		_ = c.put(c.end.last) // the close says the same
	}
	bye := websocket.FormatCloseMessage(c.end.code, c.end.reason)
	_ = c.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(writeTime))
	c.part()
}

// closeTime is how long a page has to answer a close. To close the socket under
// a page that is still writing would take from it the close and what came
// before (RFC 6455, 7.1.1).
const closeTime = time.Second

// part leaves the reader the time that the page has to answer the close.
func (c *connection) part() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end.told = true
	_ = c.ws.SetReadDeadline(time.Now().Add(closeTime)) // a closed connection fails in read
}

// await bounds the wait for the next frame. Silence longer than two pings is a
// broken connection.
func (c *connection) await() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.end.told {
		_ = c.ws.SetReadDeadline(time.Now().Add(2*session.PingInterval + session.PingTimeout)) // see part
	}
}

// writeTime is how long a page may take nothing before it is given up.
const writeTime = 10 * time.Second

func (c *connection) put(f []byte) error {
	_ = c.ws.SetWriteDeadline(time.Now().Add(c.live.slow)) // a closed connection fails below
	return c.ws.WriteMessage(websocket.TextMessage, f)
}

// read hears the page until the connection breaks or is closed.
func (c *connection) read() {
	c.ws.SetReadLimit(session.MaxSocketPayload)
	for {
		c.await()
		kind, r, err := c.ws.NextReader()
		if err != nil {
			return
		}
		raw, err := io.ReadAll(io.LimitReader(r, session.MaxDeskFrame+1))
		if err == nil && len(raw) > session.MaxDeskFrame {
			_, err = io.Copy(io.Discard, r) // it is told what was wrong, and may go on
		}
		if err != nil {
			return
		}
		if !c.end.over.Load() {
			c.hear(kind, raw)
		}
	}
}

// hear acts on one frame. A fault of ours is told as one and ends nothing.
func (c *connection) hear(kind int, raw []byte) {
	defer func() {
		if p := recover(); p != nil {
			c.live.log.Error("a live frame stopped the program's flow", "panic", p, "stack", string(debug.Stack()))
			c.refuse(frame{}, errors.New("broken"))
		}
	}()
	if kind != websocket.TextMessage {
		c.refuse(frame{}, session.Invalid("", "frames are JSON text"))
		return
	}
	if !c.pace.take(time.Now()) {
		c.refuse(frame{}, &session.Error{Code: session.CodeRateLimited, Message: "too many frames at once"})
		return
	}
	f, err := parseFrame(raw)
	if err == nil {
		err = c.act(f)
	}
	if err != nil {
		c.refuse(f, err)
		return
	}
	c.refused = 0
}

// pace bounds the frames of a page. The zero value has its whole burst.
type pace struct {
	taken float64
	at    time.Time
}

// take asks for one frame.
func (p *pace) take(now time.Time) bool {
	p.taken = max(0, p.taken-session.SocketEventsPerSecond*now.Sub(p.at).Seconds())
	p.at = now
	if p.taken+1 > session.SocketEventsBurst {
		return false
	}
	p.taken++
	return true
}

// act does what a frame asks.
func (c *connection) act(f frame) error {
	switch f.kind {
	case frameList:
		return c.follow(f)
	case frameOpen:
		return c.open(f)
	case frameShut:
		c.shut(f.thread)
	case frameTyping:
		return c.typing(f)
	}
	return nil
}

// refuse tells the page what was wrong with its frame. One that goes on
// regardless is sent away.
func (c *connection) refuse(f frame, err error) {
	told := refusal{Type: "error", Frame: f.kind, Code: session.CodeInternal, Message: "the server could not do this"}
	if !f.thread.IsZero() {
		told.Thread = f.thread.String()
	}
	if e, ok := errors.AsType[*session.Error](err); ok && e.Code != session.CodeInternal {
		told.Code, told.Field, told.Message = e.Code, e.Field, e.Message
	} else {
		c.live.log.Error("a live frame failed", "frame", f.kind, "error", err.Error())
	}
	if c.refused++; c.refused >= session.SocketRefusals {
		c.finish(closeFlood, "too many refused frames", encode(told))
		return
	}
	c.offer(told)
}

// offer sends what cannot wait; a page that has no room for it is too slow.
func (c *connection) offer(v any) { c.offerRaw(encode(v)) }

func (c *connection) offerRaw(f []byte) {
	if !c.out.offer(f) {
		c.finish(closeSlow, "too slow", nil)
	}
}

// signOut ends the connection of a person who may no longer be here.
func (c *connection) signOut() {
	c.finish(closeSignedOut, "signed out", encode(notice{Type: "signed_out"}))
}

// leave gives back everything the connection held.
func (c *connection) leave() {
	c.mu.Lock()
	threads, list := c.threads, c.list
	c.mu.Unlock()
	list.close()
	for id, s := range threads {
		s.close()
		c.live.rooms.leave(id, c)
	}
	c.live.remove(c)
}

// The frames of the server, as the page reads them.
type (
	notice struct {
		Type string `json:"type"`
	}
	hello struct {
		Type   string `json:"type"`
		Cursor int64  `json:"cursor"`
		Boot   string `json:"boot"`
	}
	refusal struct {
		Type    string       `json:"type"`
		Frame   string       `json:"frame,omitempty"` // what was refused
		Thread  string       `json:"thread,omitempty"`
		Code    session.Code `json:"code"`
		Field   string       `json:"field,omitempty"`
		Message string       `json:"message"`
	}
	shownEvent struct {
		Type   string `json:"type"`
		Thread string `json:"thread"`
		Event  event  `json:"event"`
	}
	reloadThread struct {
		Type   string `json:"type"`
		Thread string `json:"thread"`
	}
)
