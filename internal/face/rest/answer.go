package rest

import (
	"maps"
	"net/http"
	"runtime/debug"
	"strconv"
)

// answer is what a call is told.
type answer struct {
	status  int
	etag    string
	body    []byte
	request string      // request_id of the first answer, when this is a repeat
	header  http.Header // further headers; may be nil
	kind    string      // media type; "" is application/json
	// stream writes an answer that is not held in memory, its status too.
	stream func(http.ResponseWriter)
}

// serve answers one route.
func (f *Face) serve(rt *route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := f.newCall(rt, w, r)
		out := c.answer()
		c.write(w, &out)
		c.body.Release()
		f.note(c, &out)
	}
}

// answer runs the call. A fault of ours becomes a 500 and a line in the log.
func (c *call) answer() (out answer) {
	defer func() {
		if p := recover(); p != nil {
			c.face.cfg.Log.Error("a request stopped the program's flow", "route", c.route.path, "request_id", c.id.String(), "panic", p, "stack", string(debug.Stack()))
			out = c.refuse(errBroken)
		}
	}()
	out, err := c.run()
	if err != nil {
		return c.refuse(err)
	}
	return out
}

// write sends the answer. X-Request-Id is always the request_id of the body.
func (c *call) write(w http.ResponseWriter, out *answer) {
	h := w.Header()
	maps.Copy(h, out.header)
	id := out.request
	if id == "" {
		id = c.id.String()
	}
	h["X-Request-Id"] = []string{id}
	h["Cache-Control"] = []string{"no-store"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["Content-Security-Policy"] = []string{"default-src 'none'; frame-ancestors 'none'"}
	if c.body.Unread {
		h["Connection"] = []string{"close"} // otherwise net/http waits for the rest before it answers
	}
	if out.stream != nil {
		h.Del("Cache-Control")
		out.stream(w)
		return
	}
	if out.etag != "" {
		h["Etag"] = []string{out.etag}
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
