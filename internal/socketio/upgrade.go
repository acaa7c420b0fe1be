package socketio

import (
	"net/http"
	"time"
)

// serveUpgrade takes the websocket with which a polling client wants to go on.
func (c *Conn) serveUpgrade(w http.ResponseWriter, r *http.Request) {
	ws, err := c.server.acceptor.accept(w, r)
	if err != nil {
		return // accept has answered
	}
	if !c.beginProbe(ws) {
		// A client library takes an HTTP error for a broken server, so a websocket too many is accepted and closed.
		ws.SayClose()
		ws.Close()
		return
	}
	go c.runProbe(ws)
}

func (c *Conn) beginProbe(ws webSocket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.ws != nil || c.poll.probe != nil {
		return false
	}
	c.poll.probe = ws
	return true
}

// runProbe leads the upgrade through its two steps and then reads the websocket.
func (c *Conn) runProbe(ws webSocket) {
	ws.SetReadDeadline(time.Now().Add(c.server.options.UpgradeTimeout))
	upgraded := expect(ws, "2probe") && c.answerProbe(ws) && expect(ws, "5") && c.switchTo(ws)
	if !upgraded {
		c.endProbe()
		ws.Close()
		return
	}
	c.read(ws)
}

func expect(ws webSocket, packet string) bool {
	data, binary, err := ws.Read()
	return err == nil && !binary && string(data) == packet
}

// answerProbe answers the probe and ends the poll under way, for which the client waits before it switches.
func (c *Conn) answerProbe(ws webSocket) bool {
	c.mu.Lock()
	c.poll.probed = true
	if c.poll.waiting != nil {
		c.poll.answer([]byte{packetNoop})
	}
	c.mu.Unlock()
	return ws.Write(textFrame("3probe")) == nil
}

// switchTo makes the websocket the transport. A poll that overtook the switch is refused.
func (c *Conn) switchTo(ws webSocket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.ws = ws
	c.poll.probe, c.poll.probed = nil, false
	if c.poll.waiting != nil {
		c.poll.answer(nil)
	}
	ws.SetReadDeadline(time.Time{})
	c.server.counters.upgrades.Add(1)
	c.dispatch()
	return true
}

func (c *Conn) endProbe() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.poll.probe, c.poll.probed = nil, false
}

// read takes what comes over the websocket until it ends. After the connection was closed it waits for the client's answer to the
// close frame, so that the client reads to the end.
func (c *Conn) read(ws webSocket) {
	defer ws.Close()
	for {
		data, binary, err := ws.Read()
		if err != nil {
			c.shut(reasonOf(err), endCut)
			return
		}
		p := enginePacket{kind: packetMessage, data: data, binary: true}
		if !binary {
			p, err = decodeEnginePacket(data)
		}
		if err == nil {
			err = c.take(p)
		}
		if err != nil {
			c.shut(ReasonParseError, endFinish)
		}
	}
}
