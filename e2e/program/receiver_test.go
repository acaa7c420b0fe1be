package program

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/internal/face/live/asyncapi"
	"parley/internal/signing"
)

// secret signs the webhooks of these tests.
const secret = "a secret of the shop"

// hit is one webhook request, as it came.
type hit struct {
	header http.Header
	raw    string
	body   object
	at     time.Time
}

func (h hit) kind() string { return text(h.body, "event_type") }

// receiver is a customer's webhook endpoint. Every request is held against
// api/asyncapi.yaml, and its signature is checked.
type receiver struct {
	t      *testing.T
	url    string
	unsign bool // the integration has no secret

	mu    sync.Mutex
	hits  []hit
	sums  map[string]int                                             // of what was forgotten, by event type
	reply func(w http.ResponseWriter, r *http.Request, h hit, n int) // n: how many came before
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t}
	server := httptest.NewServer(r)
	r.url = server.URL + "/hook"
	t.Cleanup(server.Close)
	return r
}

// settings are those of an integration that sends its webhooks here.
func (r *receiver) settings(more object) object {
	set := object{"webhook_url": r.url, "webhook_secret": secret}
	maps.Copy(set, more)
	return set
}

// answers sets what the receiver does.
func (r *receiver) answers(f func(w http.ResponseWriter, req *http.Request, h hit, n int)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reply = f
}

// statuses answers the first requests with these, the others with 200.
func (r *receiver) statuses(list ...int) {
	r.answers(func(w http.ResponseWriter, _ *http.Request, _ hit, n int) {
		if n < len(list) {
			w.WriteHeader(list[n])
		}
	})
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	h := hit{header: req.Header.Clone(), raw: string(raw), at: time.Now()}
	r.check(&h)
	r.mu.Lock()
	n, reply := len(r.hits), r.reply
	r.hits = append(r.hits, h)
	r.mu.Unlock()
	if reply != nil {
		reply(w, req, h, n)
	}
}

func (r *receiver) check(h *hit) {
	if err := json.Unmarshal([]byte(h.raw), &h.body); err != nil {
		r.t.Errorf("webhook: %v: %s", err, h.raw)
	}
	if err := description().CheckWebhook(h.header, []byte(h.raw)); err != nil {
		r.t.Error(err)
	}
	if got := h.header.Get("X-Moveo-Signature"); !r.unsign && got != signing.Moveo(secret, []byte(h.raw)) {
		r.t.Errorf("%s: signature %q", h.kind(), got)
	}
}

// all returns the requests so far, those of some event types or of every.
func (r *receiver) all(kinds ...string) []hit {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []hit
	for _, h := range r.hits {
		for _, kind := range kinds {
			if h.kind() == kind {
				list = append(list, h)
			}
		}
		if len(kinds) == 0 {
			list = append(list, h)
		}
	}
	return list
}

// forget drops the requests so far and keeps their number.
func (r *receiver) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sums == nil {
		r.sums = map[string]int{}
	}
	for _, h := range r.hits {
		r.sums[h.kind()]++
	}
	r.hits = nil
}

// sum returns how many of an event type came, the forgotten ones included.
func (r *receiver) sum(kind string) int {
	r.forget()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sums[kind]
}

// want waits for the nth request (from 1) of an event type.
func (r *receiver) want(kind string, nth int) hit {
	r.t.Helper()
	eventually(r.t, fmt.Sprintf("webhook %s number %d", kind, nth), func() bool { return len(r.all(kind)) >= nth })
	return r.all(kind)[nth-1]
}

// kinds returns the event types in the order in which they came.
func (r *receiver) kinds() []string {
	list := []string{}
	for _, h := range r.all() {
		list = append(list, h.kind())
	}
	return list
}

// description is loaded once for all tests, which together have to see every
// webhook that it names.
var description = sync.OnceValue(func() *asyncapi.Spec {
	s, err := asyncapi.Load("../../api/asyncapi.yaml")
	if err != nil {
		panic(err) // no test can say anything without it
	}
	return s
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, _ := binary(); path != "" {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		if unseen := description().Unseen(asyncapi.Notified); len(unseen) > 0 {
			fmt.Fprintf(os.Stderr, "api/asyncapi.yaml: no test has seen %v\n", unseen)
			code = 1
		}
	}
	os.Exit(code)
}
