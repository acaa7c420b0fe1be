package socketio

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// webSocket is all this package needs of a websocket library. Read is called by one goroutine and Write by one at a time;
// the others by any.
type webSocket interface {
	// Read returns the next message. It fails with errTooLarge for a message over the limit.
	Read() (data []byte, binary bool, err error)
	// SetReadDeadline makes Read fail at a time; the zero time means never.
	SetReadDeadline(t time.Time)
	// Write sends one message, and fails when that takes longer than the acceptor's timeout.
	Write(f frame) error
	// SayClose sends the close frame; the peer's answer ends Read.
	SayClose()
	// Close closes the network connection.
	Close()
}

var errTooLarge = errors.New("websocket: message too large")

// reasonOf tells why a read failed.
func reasonOf(err error) Reason {
	if errors.Is(err, errTooLarge) {
		return ReasonTransportError
	}
	return ReasonTransportClose
}

// acceptor turns HTTP requests into websockets.
type acceptor struct {
	upgrader     websocket.Upgrader
	maxMessage   int64
	writeTimeout time.Duration
}

// readBuffer is small because an idle connection keeps it; larger messages are read past it.
const readBuffer = 128

func newAcceptor(o Options) *acceptor {
	return &acceptor{
		upgrader: websocket.Upgrader{
			ReadBufferSize:  readBuffer,
			WriteBufferSize: 2048,
			WriteBufferPool: &sync.Pool{},
			CheckOrigin:     func(*http.Request) bool { return true }, // ServeHTTP has checked it
		},
		maxMessage:   int64(o.MaxPayload),
		writeTimeout: o.WriteTimeout,
	}
}

// accept answers the request, with an error status if it is no websocket request.
func (a *acceptor) accept(w http.ResponseWriter, r *http.Request) (webSocket, error) {
	conn, err := a.upgrader.Upgrade(hijacker{w}, r, nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(a.maxMessage)
	return &gorillaSocket{conn: conn, writeTimeout: a.writeTimeout}, nil
}

// hijacker finds the connection under the wrappers a middleware may have put around a writer; the library does not.
type hijacker struct{ http.ResponseWriter }

func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(h.ResponseWriter).Hijack()
}

type gorillaSocket struct {
	conn         *websocket.Conn
	writeTimeout time.Duration
}

func (g *gorillaSocket) Read() ([]byte, bool, error) {
	kind, data, err := g.conn.ReadMessage()
	if errors.Is(err, websocket.ErrReadLimit) {
		err = errTooLarge
	}
	return data, kind == websocket.BinaryMessage, err
}

func (g *gorillaSocket) SetReadDeadline(t time.Time) { _ = g.conn.SetReadDeadline(t) }

func (g *gorillaSocket) Write(f frame) error {
	if err := g.conn.SetWriteDeadline(time.Now().Add(g.writeTimeout)); err != nil {
		return err
	}
	if f.binary {
		return g.conn.WriteMessage(websocket.BinaryMessage, f.data)
	}
	return g.conn.WriteMessage(websocket.TextMessage, f.data)
}

func (g *gorillaSocket) SayClose() {
	text := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = g.conn.WriteControl(websocket.CloseMessage, text, time.Now().Add(g.writeTimeout))
}

func (g *gorillaSocket) Close() { _ = g.conn.Close() }
