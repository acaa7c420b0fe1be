package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/gorilla/websocket"
)

// webSocket is a line that speaks the protocol of Socket.IO by itself.
type webSocket struct {
	conn *websocket.Conn
	mu   sync.Mutex // of writing
}

// Dial connects a socket to an integration. A new one is dialled after every
// cut.
func Dial(ctx context.Context, name, url string, in Integration, rec *Recorder) (*Socket, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	address := "ws" + strings.TrimPrefix(url, "http") + "/v1/web/" + in.ID + "/ws/?EIO=4&transport=websocket"
	conn, _, err := new(websocket.Dialer).DialContext(ctx, address, nil)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	w := &webSocket{conn: conn}
	for _, want := range []string{"0", "40"} {
		_, packet, err := conn.ReadMessage()
		if err != nil || !strings.HasPrefix(string(packet), want) {
			return nil, errors.Join(fmt.Errorf("%s: got %q, want %s", name, packet, want), err, conn.Close())
		}
		if want == "0" {
			if err := w.write("40"); err != nil {
				return nil, errors.Join(err, conn.Close())
			}
		}
	}
	stop()
	s := newSocket(name, rec, w)
	go w.read(s)
	return s, nil
}

func (w *webSocket) cut() { _ = w.conn.NetConn().Close() }

func (w *webSocket) write(packet string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.conn.WriteMessage(websocket.TextMessage, []byte(packet))
}

func (w *webSocket) emit(number int, name string, body map[string]any) error {
	raw, err := json.Marshal([]any{name, body})
	if err != nil {
		return err
	}
	return w.write("42" + strconv.Itoa(number) + string(raw))
}

// read gives what comes to the socket until the connection ends.
func (w *webSocket) read(s *Socket) {
	defer close(s.gone)
	defer w.conn.Close()
	for {
		_, packet, err := w.conn.ReadMessage()
		if err != nil {
			return
		}
		text := string(packet)
		switch {
		case text == "2":
			_ = w.write("3")
		case strings.HasPrefix(text, "43"): // 43ID[object]
			number, list, _ := strings.Cut(text[2:], "[")
			id, _ := strconv.Atoi(number)
			s.acknowledge(id, decode([]byte(strings.TrimSuffix(list, "]"))))
		case strings.HasPrefix(text, "42"): // 42[name,object]
			var parts []json.RawMessage
			var name string
			if json.Unmarshal([]byte(text[2:]), &parts) == nil && len(parts) == 2 && json.Unmarshal(parts[0], &name) == nil {
				s.event(name, parts[1])
			}
		}
	}
}
