package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// audience is the agents' pages: each a WebSocket that follows the list.
type audience struct {
	sockets []*websocket.Conn
	sought  atomic.Pointer[probe]
	frames  atomic.Int64 // rows heard by all together
	closing atomic.Bool
	reading sync.WaitGroup
	mu      sync.Mutex
	failure error
}

// probe is a text that every agent's page has to hear of.
type probe struct {
	text  []byte
	heard []atomic.Bool // by agent
	left  atomic.Int32
	last  chan time.Time // when the last one heard it
}

// gather connects everybody's page as the page does: the list first, then the feed after it.
func gather(ctx context.Context, agents []*person) (*audience, error) {
	a := &audience{}
	for i, agent := range agents {
		if err := a.admit(ctx, i, agent); err != nil {
			return nil, errors.Join(fmt.Errorf("agent %d: %w", i, err), a.leave())
		}
	}
	return a, nil
}

func (a *audience) admit(ctx context.Context, i int, agent *person) error {
	list, err := agent.firstPage(ctx, "all")
	if err != nil {
		return err
	}
	cookie, err := agent.cookie()
	if err != nil {
		return err
	}
	dialer := websocket.Dialer{HandshakeTimeout: answerTimeout, ReadBufferSize: 4096, WriteBufferSize: 512}
	header := http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}, "Origin": {agent.base.String()}}
	ws, _, err := dialer.DialContext(ctx, "ws://"+agent.base.Host+"/desk/api/live", header)
	if err != nil {
		return err
	}
	if err := ws.WriteJSON(map[string]any{"type": "list", "after": list.Cursor, "boot": list.Boot}); err != nil {
		return err
	}
	a.sockets = append(a.sockets, ws)
	a.reading.Go(func() {
		if err := a.read(i, ws); !a.closing.Load() {
			a.mu.Lock()
			a.failure = errors.Join(a.failure, fmt.Errorf("agent %d: %w", i, err))
			a.mu.Unlock()
		}
	})
	return nil
}

// read hears frames until the line ends, and returns why it did.
func (a *audience) read(i int, ws *websocket.Conn) error {
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			return err
		}
		switch {
		case bytes.HasPrefix(frame, []byte(`{"type":"row"`)):
			a.frames.Add(1)
			if p := a.sought.Load(); p != nil {
				p.look(i, frame)
			}
		case bytes.HasPrefix(frame, []byte(`{"type":"ping"`)):
			if err := ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"pong"}`)); err != nil {
				return err
			}
		case bytes.HasPrefix(frame, []byte(`{"type":"reset"`)), bytes.HasPrefix(frame, []byte(`{"type":"error"`)):
			return fmt.Errorf("the server said %.200s", frame)
		}
	}
}

func (p *probe) look(i int, frame []byte) {
	if !bytes.Contains(frame, p.text) || p.heard[i].Swap(true) {
		return
	}
	if p.left.Add(-1) == 0 {
		p.last <- time.Now()
	}
}

// seek makes everybody look for a text; it has to be called before the text is sent.
func (a *audience) seek(text string) *probe {
	p := &probe{text: []byte(text), heard: make([]atomic.Bool, len(a.sockets)), last: make(chan time.Time, 1)}
	p.left.Store(int32(len(a.sockets)))
	a.sought.Store(p)
	return p
}

// heard waits until the last one has heard it.
func (a *audience) heard(ctx context.Context, p *probe) (time.Time, error) {
	late := time.NewTimer(answerTimeout)
	defer late.Stop()
	select {
	case at := <-p.last:
		return at, nil
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	case <-late.C:
		a.mu.Lock()
		defer a.mu.Unlock()
		return time.Time{}, errors.Join(fmt.Errorf("%d of %d agents did not hear %q", p.left.Load(), len(a.sockets), p.text), a.failure)
	}
}

// leave ends the lines. The error is of lines that ended before.
func (a *audience) leave() error {
	a.closing.Store(true)
	for _, ws := range a.sockets {
		_ = ws.Close()
	}
	a.reading.Wait()
	return a.failure
}
