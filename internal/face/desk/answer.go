package desk

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"runtime/debug"
	"strconv"
)

// answer is what a call is told.
type answer struct {
	status int
	body   []byte
	header http.Header // further headers; may be nil
	kind   string      // media type; "" is application/json
}

// ok answers 200 with JSON.
func ok(v any) (answer, error) { return answer{status: http.StatusOK, body: encode(v)}, nil }

// created answers 201 with JSON.
func created(v any) (answer, error) { return answer{status: http.StatusCreated, body: encode(v)}, nil }

// done answers 204.
func done() (answer, error) { return answer{status: http.StatusNoContent}, nil }

// redirect answers 303, which makes a GET of whatever it was.
func redirect(to string) answer {
	return answer{status: http.StatusSeeOther, header: http.Header{"Location": {to}}}
}

// set adds a cookie to an answer.
func (a *answer) set(cookie *http.Cookie) {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Add("Set-Cookie", cookie.String())
}

// errBroken stands for a fault of ours whose details are in the log.
var errBroken = errors.New("broken")

// serve answers one route.
func (f *Face) serve(rt *route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := f.newCall(rt, w, r)
		out, taken := c.answer(w)
		if !taken {
			c.write(w, &out)
		}
		f.record(c, &out)
	}
}

// answer runs the call; taken tells that the connection was taken over. A fault
// of ours becomes a 500 and a line in the log.
func (c *call) answer(w http.ResponseWriter) (out answer, taken bool) {
	defer func() {
		if p := recover(); p != nil {
			c.face.cfg.Log.Error("a request stopped the program's flow", "route", c.route.path, "request_id", c.id.String(), "panic", p, "stack", string(debug.Stack()))
			out = c.refuse(errBroken)
		}
	}()
	if err := c.admit(); err != nil {
		return c.refuse(err), false
	}
	if c.route.open != nil {
		taken = true //nolint:wastedassign // a panic of open leaves it
		c.route.open(c, w)
		return answer{status: http.StatusSwitchingProtocols}, true
	}
	out, err := c.route.do(c)
	if err != nil {
		return c.refuse(err), false
	}
	return out, false
}

// write sends the answer.
func (c *call) write(w http.ResponseWriter, out *answer) {
	h := w.Header()
	h["X-Request-Id"] = []string{c.id.String()}
	h["Cache-Control"] = []string{"no-store"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["Content-Security-Policy"] = []string{"default-src 'none'; frame-ancestors 'none'; sandbox"}
	h["Referrer-Policy"] = []string{"no-referrer"}
	maps.Copy(h, out.header)
	if c.body.Unread {
		h["Connection"] = []string{"close"} // otherwise net/http waits for the rest before it answers
	}
	if out.body != nil {
		kind := out.kind
		if kind == "" {
			kind = "application/json"
		}
		h["Content-Type"] = []string{kind}
		h["Content-Length"] = []string{strconv.Itoa(len(out.body))}
	}
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body) // a caller that has gone needs no answer
}

// encode renders what cannot fail to render: plain structs.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return []byte("{}") // unreachable: callers pass structs of texts, numbers and valid JSON
	}
	return raw
}
