package socketio

import (
	"net/http"
	"time"
)

// upgrade is the websocket with which a polling client wants to go on, from the probe to the switch.
type upgrade struct {
	conn   *Conn
	ws     webSocket
	probed bool // the probe was answered: the client will ask to switch; guarded by conn.mu
}

// serveUpgrade takes the websocket with which a polling client wants to go on.
func (s *Server) serveUpgrade(w http.ResponseWriter, r *http.Request, c *Conn) {
	ws, err := s.acceptor.accept(w, r)
	if err != nil {
		return // accept has answered
	}
	u := &upgrade{conn: c, ws: ws}
	if !u.begin() {
		// A client library takes an HTTP error for a broken server, so a websocket too many is accepted and closed.
		ws.SayClose()
		ws.Close()
		return
	}
	go u.run()
}

func (u *upgrade) begin() bool {
	u.conn.mu.Lock()
	defer u.conn.mu.Unlock()
	p := u.conn.polling
	if u.conn.closed || p == nil || p.replaced() || p.upgrade != nil {
		return false
	}
	p.upgrade = u
	return true
}

// run leads the upgrade through its two steps and then reads the websocket.
func (u *upgrade) run() {
	u.ws.SetReadDeadline(time.Now().Add(u.conn.server.options.UpgradeTimeout))
	next := &stream{conn: u.conn, ws: u.ws}
	if u.expect("2probe") && u.answer() && u.expect("5") && u.switchTo(next) {
		next.read()
		return
	}
	u.fail()
}

func (u *upgrade) expect(packet string) bool {
	data, binary, err := u.ws.Read()
	return err == nil && !binary && string(data) == packet
}

// answer answers the probe and ends the poll under way, for which the client waits before it switches.
func (u *upgrade) answer() bool {
	u.conn.mu.Lock()
	u.probed = true
	u.conn.polling.answer([]byte{packetNoop})
	u.conn.mu.Unlock()
	return u.ws.Write(textFrame("3probe")) == nil
}

// switchTo makes the websocket the transport. A poll that overtook the switch is refused.
func (u *upgrade) switchTo(next *stream) bool {
	c := u.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.transport = next
	c.polling.upgrade = nil
	c.polling.answer(nil)
	u.ws.SetReadDeadline(time.Time{})
	c.server.counters.upgrades.Add(1)
	if !c.queue.empty() {
		c.transport.dispatch()
	}
	return true
}

func (u *upgrade) fail() {
	u.conn.mu.Lock()
	u.conn.polling.upgrade = nil
	u.conn.mu.Unlock()
	u.ws.Close()
}
