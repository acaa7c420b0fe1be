package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// liveSocket is a Socket.IO client on a websocket: just enough of Engine.IO 4 and
// Socket.IO 5 to send events with an acknowledgement and to see what comes back.
// One goroutine uses it at a time.
type liveSocket struct {
	ws      *websocket.Conn
	session string
	acks    int
	frame   []byte
}

// dialSocket connects to the default namespace. Buffers are small: thousands of idle
// sockets live in this process.
func dialSocket(server target) (*liveSocket, error) {
	dialer := websocket.Dialer{HandshakeTimeout: answerTimeout, ReadBufferSize: 2048, WriteBufferSize: 1024}
	ws, response, err := dialer.Dial(server.socketURL(), nil)
	if err != nil {
		if response != nil {
			return nil, fmt.Errorf("%w (status %d)", err, response.StatusCode)
		}
		return nil, err
	}
	s := &liveSocket{ws: ws}
	if err := s.connect(); err != nil {
		ws.Close()
		return nil, err
	}
	return s, nil
}

func (s *liveSocket) close() { s.ws.Close() }

func (s *liveSocket) connect() error {
	packet, err := s.read()
	if err != nil {
		return err
	}
	if len(packet) == 0 || packet[0] != '0' {
		return fmt.Errorf("expected an open packet, got %.80q", packet)
	}
	if err := s.write([]byte("40")); err != nil {
		return err
	}
	packet, err = s.read()
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(packet, []byte("40")) {
		return fmt.Errorf("expected a connect answer, got %.80q", packet)
	}
	return nil
}

// createSession opens a session on this socket.
func (s *liveSocket) createSession() error {
	answer, err := s.emit("session:create",
		fmt.Appendf(nil, `{"context":%s,"timestamp":%d}`, startContext, time.Now().UnixMilli()), nil)
	if err != nil {
		return err
	}
	s.session, err = sessionID(answer)
	return err
}

// join attaches this socket to a session that exists already.
func (s *liveSocket) join(session string) error {
	s.session = session
	_, err := s.emit("session:reconnect", s.payload(""), nil)
	return err
}

// payload of an event on the socket's session; fields is what follows, such as `,"a":1`.
func (s *liveSocket) payload(fields string) []byte {
	return fmt.Appendf(nil, `{"session_id":%q,"timestamp":%d%s}`, s.session, time.Now().UnixMilli(), fields)
}

// emit sends an event, waits for its acknowledgement, and with awaited also for an event
// that contains these bytes, in whichever order the two come. It answers the
// acknowledged object, valid until the next call.
func (s *liveSocket) emit(name string, payload, awaited []byte) ([]byte, error) {
	s.acks++
	s.frame = fmt.Appendf(s.frame[:0], `42%d[%q,%s]`, s.acks, name, payload)
	if err := s.write(s.frame); err != nil {
		return nil, err
	}
	prefix := strconv.AppendInt([]byte("43"), int64(s.acks), 10)
	prefix = append(prefix, '[')
	var answer []byte
	for seen := awaited == nil; answer == nil || !seen; {
		packet, err := s.read()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		switch {
		case bytes.HasPrefix(packet, prefix):
			if answer, err = acknowledged(packet[len(prefix):]); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		case !seen && bytes.HasPrefix(packet, []byte("42")):
			seen = bytes.Contains(packet, awaited)
		}
	}
	return answer, nil
}

// await reads until an event comes that contains these bytes.
func (s *liveSocket) await(awaited []byte) error {
	for {
		packet, err := s.read()
		if err != nil {
			return fmt.Errorf("waiting for an event: %w", err)
		}
		if bytes.HasPrefix(packet, []byte("42")) && bytes.Contains(packet, awaited) {
			return nil
		}
	}
}

// acknowledged answers the one argument of an acknowledgement, or the error it carries.
func acknowledged(arguments []byte) ([]byte, error) {
	object := bytes.TrimSuffix(arguments, []byte("]"))
	if !bytes.Contains(object, []byte(`"error_code"`)) {
		return object, nil
	}
	var refusal struct {
		Code string `json:"error_code"`
	}
	if err := json.Unmarshal(object, &refusal); err == nil && refusal.Code == "" {
		return object, nil
	}
	return nil, fmt.Errorf("refused: %.200s", object)
}

// read answers the next packet that is not a heartbeat, and keeps the heartbeat going.
func (s *liveSocket) read() ([]byte, error) {
	for {
		if err := s.ws.SetReadDeadline(time.Now().Add(answerTimeout)); err != nil {
			return nil, err
		}
		_, packet, err := s.ws.ReadMessage()
		if err != nil {
			return nil, err
		}
		if len(packet) != 1 || packet[0] != '2' {
			return packet, nil
		}
		if err := s.write([]byte("3")); err != nil {
			return nil, err
		}
	}
}

func (s *liveSocket) write(packet []byte) error {
	if err := s.ws.SetWriteDeadline(time.Now().Add(answerTimeout)); err != nil {
		return err
	}
	return s.ws.WriteMessage(websocket.TextMessage, packet)
}
