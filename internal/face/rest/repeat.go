package rest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"parley/internal/session"
)

// maxKeyChars bounds an Idempotency-Key.
const maxKeyChars = 255

// running holds the Idempotency-Keys whose first call has not been answered.
type running struct {
	mu   sync.Mutex
	keys map[string]struct{}
}

func (r *running) enter(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, busy := r.keys[key]; busy {
		return false
	}
	if r.keys == nil {
		r.keys = map[string]struct{}{}
	}
	r.keys[key] = struct{}{}
	return true
}

func (r *running) leave(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.keys, key)
}

// once runs an operation under the caller's Idempotency-Key, if there is one:
// contract c.6. The answer is rendered inside the transaction that remembers
// it, and a repeat gets those bytes.
func (c *call) once(render func(*session.Result) answer, run func(*session.Repeat) (*session.Result, error)) (answer, error) {
	key, err := idempotencyKey(c.r.Header)
	if err != nil {
		return answer{}, err
	}
	if key == "" {
		out, err := run(nil)
		if err != nil {
			return answer{}, err
		}
		return render(out), nil
	}
	place := c.in.ID + "\x00" + c.route.path + "\x00" + key
	if !c.face.running.enter(place) {
		return answer{}, &session.Error{Code: session.CodeRequestInProgress, Field: "Idempotency-Key", Message: "the first request with this key is still running"}
	}
	defer c.face.running.leave(place)
	var first answer
	out, err := run(&session.Repeat{Route: c.route.path, Key: key, Hash: c.hash(), Answer: func(out *session.Result) []byte {
		first = render(out)
		return first.keep(c.id)
	}})
	switch {
	case err != nil:
		return answer{}, err
	case out.Repeated != nil:
		return recall(out.Repeated)
	}
	return first, nil
}

// idempotencyKey returns the key, "" when there is none.
func idempotencyKey(h http.Header) (string, error) {
	values := h["Idempotency-Key"]
	if len(values) == 0 {
		return "", nil
	}
	key := values[0]
	if len(values) > 1 || key == "" || len(key) > maxKeyChars {
		return "", session.Invalid("Idempotency-Key", "must be one value of 1 to %d characters", maxKeyChars)
	}
	for _, b := range []byte(key) {
		if b < ' ' || b > '~' {
			return "", session.Invalid("Idempotency-Key", "must be printable ASCII")
		}
	}
	return key, nil
}

// hash tells a repeat from another request: its session and its body.
func (c *call) hash() []byte {
	h := sha256.New()
	h.Write(c.session[:])
	h.Write(c.body.Bytes)
	return h.Sum(nil)
}

// keep packs an answer: a line with status, request_id and ETag ("-" for
// none), then the body.
func (a *answer) keep(request session.ID) []byte {
	tag := a.etag
	if tag == "" {
		tag = "-"
	}
	line := fmt.Sprintf("%d %s %s\n", a.status, request, tag)
	return append([]byte(line), a.body...)
}

// recall unpacks what keep packed.
func recall(kept []byte) (answer, error) {
	line, body, _ := bytes.Cut(kept, []byte("\n"))
	parts := bytes.Split(line, []byte(" "))
	if len(parts) != 3 {
		return answer{}, fmt.Errorf("remembered answer: %d parts in its first line", len(parts))
	}
	status, err := strconv.Atoi(string(parts[0]))
	if err != nil {
		return answer{}, fmt.Errorf("remembered answer: %w", err)
	}
	a := answer{status: status, request: string(parts[1]), body: body}
	if tag := string(parts[2]); tag != "-" {
		a.etag = tag
	}
	return a, nil
}
