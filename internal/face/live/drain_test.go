package live_test

import (
	"testing"
	"time"
)

// A node that stops tells each client when it will be sent away, keeps its word
// and leaves the transport closed, not the socket: clients come back by
// themselves only then.
func TestDrain_TellsWhenToReconnect(t *testing.T) {
	t.Parallel()
	h, d := newHouse(t), newDriver(t)
	forms := []form{{lib: "4"}, {lib: "3"}, {lib: "4", transports: []string{"polling"}}, {lib: "4", transports: []string{"websocket"}, namespace: true}}
	var clients []*client
	for _, f := range forms {
		c := d.connect(h, f)
		c.create(nil)
		clients = append(clients, c)
	}
	const spread = 500 * time.Millisecond
	drained := make(chan error, 1)
	go func() { drained <- h.face.Drain(t.Context(), spread) }()
	for i, c := range clients {
		in, ok := c.want("server:draining")["reconnect_in"].(float64)
		if !ok || in < 0 || in >= float64(spread.Milliseconds()) {
			t.Errorf("%v: told to reconnect in %v ms", forms[i], in)
		}
		h.equal("reason", c.want("disconnect")["reason"], "transport close")
		c.want("connect_error") // it tried again at once; this node takes nobody
	}
	if err := <-drained; err != nil {
		t.Error(err)
	}
}
