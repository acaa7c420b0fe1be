package socketio

import (
	"net/http"
	"strings"
)

// repeats knows the requests of a polling client that come a second time. A browser sends a request again, by itself and whatever its method,
// when the connection that it used broke before an answer came (RFC 9110, 9.2.2). Nobody is told: the answer to a poll would be lost, and
// the packets of a POST would be doubled, without a trace. Clients give each request a name of its own, the parameter t; a repeated one has the
// same. conn.mu guards the fields.
type repeats struct {
	handshake string // its name; who gives others the same, or has none, names none
	poll      string // name of the last poll
	answer    []byte // to it, until the next one shows that the client has it; nil before
	post      string // name of the last POST whose packets were taken
}

// nameLimit is how long a name may be, bytes; a longer one is none.
const nameLimit = 64

// nameOf returns what the parameter t says. Digits alone are a clock, and no name: there are clients that count whole seconds.
func nameOf(r *http.Request) string {
	t := r.URL.Query().Get("t")
	if len(t) > nameLimit || strings.Trim(t, "0123456789.") == "" {
		return ""
	}
	return t
}

// of returns the name of a request, "" when it has none.
func (k *repeats) of(r *http.Request) string {
	name := nameOf(r)
	if k.handshake == "" || name == k.handshake {
		return ""
	}
	return name
}

// again returns the answer to a poll that comes a second time; nil to a new one.
func (k *repeats) again(r *http.Request) []byte {
	name := k.of(r)
	if name != "" && name == k.poll {
		return k.answer
	}
	k.poll, k.answer = name, nil
	return nil
}

// answered keeps the answer to a poll, if it could come again.
func (k *repeats) answered(body []byte) {
	if k.poll != "" {
		k.answer = body
	}
}

// twice tells whether the packets of a POST were taken already.
func (k *repeats) twice(r *http.Request) bool {
	name := k.of(r)
	return name != "" && name == k.post
}
