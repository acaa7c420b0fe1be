package live_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"parley/internal/face/live/asyncapi"
)

// Everything that these tests receive is held against api/asyncapi.yaml, and
// together they have to see everything that it says of sockets.

var description = sync.OnceValue(func() *asyncapi.Spec {
	s, err := asyncapi.Load("../../../api/asyncapi.yaml")
	if err != nil {
		panic(err) // no test can say anything without it
	}
	return s
})

// described checks what a client reports: an event of the server, or the
// acknowledgement of an event.
func described(acknowledged, event string, payload json.RawMessage) error {
	switch {
	case acknowledged != "":
		return description().CheckAck(acknowledged, payload)
	case event == "" || event == "connect" || event == "connect_error" || event == "disconnect":
		return nil // the client library's own
	}
	return description().Check(asyncapi.Told, event, payload)
}

// sent notes an event of a client that is as described; many tests send others
// on purpose.
func sent(event string, payload object) {
	raw, err := json.Marshal(payload)
	if err == nil {
		_ = description().Check(asyncapi.Heard, event, raw)
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, d := range []asyncapi.Direction{asyncapi.Heard, asyncapi.Told} {
			if unseen := description().Unseen(d); len(unseen) > 0 {
				fmt.Fprintf(os.Stderr, "api/asyncapi.yaml: no test has seen %v (%s)\n", unseen, d)
				code = 1
			}
		}
	}
	os.Exit(code)
}
