package rest

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/auth"
	"parley/internal/blob"
	"parley/internal/face/intake"
	"parley/internal/privacy"
	"parley/internal/session"
)

// Config of the face. Every field is required except Trusted, Observe and
// the times.
type Config struct {
	Core      *session.Core
	Directory *auth.Directory
	People    *privacy.Keeper
	Files     *blob.Files
	Trusted   auth.Networks // proxies whose X-Forwarded-For is believed
	Now       func() time.Time
	Log       *slog.Logger
	// Observe hears of every answered request. route is a pattern, never a
	// path, so that no id becomes a label.
	Observe     func(route string, status int, took time.Duration)
	BodyTimeout time.Duration // how long a body may take to arrive; 0: intake.DefaultPatience
	// ChatPatience is how long a request of the Chat API waits for its answer; 0:
	// session.ChatAnswerTime.
	ChatPatience time.Duration
}

// Face serves the REST routes of all integrations. Safe for concurrent use.
type Face struct {
	cfg      Config
	running  running
	intake   intake.Config
	draining atomic.Bool
}

// New returns the face.
func New(cfg Config) *Face {
	if cfg.Observe == nil {
		cfg.Observe = func(string, int, time.Duration) {}
	}
	if cfg.BodyTimeout == 0 {
		cfg.BodyTimeout = intake.DefaultPatience
	}
	if cfg.ChatPatience == 0 {
		cfg.ChatPatience = session.ChatAnswerTime
	}
	buffers := &sync.Pool{New: func() any { return new(bytes.Buffer) }}
	return &Face{cfg: cfg, intake: intake.Config{Patience: cfg.BodyTimeout, Buffers: buffers}}
}

// Mount adds the face's routes. It takes "/" too, so that an unknown path is
// answered in the format of the face; more specific patterns of others win.
func (f *Face) Mount(mux *http.ServeMux) {
	methods := map[string][]string{}
	families := map[string]family{}
	for _, rt := range routes() {
		mux.HandleFunc(rt.method+" "+rt.path, f.serve(&rt))
		methods[rt.path] = append(methods[rt.path], rt.method)
		families[rt.path] = rt.family
	}
	for path, list := range methods {
		rt := refusing(path, families[path], methodNotAllowed(list))
		mux.HandleFunc(path, f.serve(&rt))
	}
	for path, fam := range map[string]family{"/": moveo, "/api/": own, "/chatapi/": chatAPI, "/chatadapter/": chatAPI} {
		rt := refusing(path, fam, &session.Error{Code: session.CodeNotFound, Message: "no such route"})
		mux.HandleFunc(path, f.serve(&rt))
	}
}

// Drain makes the face refuse what would change something, with 503. Reading
// goes on.
func (f *Face) Drain() { f.draining.Store(true) }

// methodNotAllowed refuses what is not among the methods of a path.
func methodNotAllowed(methods []string) error {
	list := strings.Join(methods, ", ")
	return &methodError{allow: strings.Replace(list, http.MethodGet, "GET, HEAD", 1)}
}

// methodError is the refusal of a method that a route does not have.
type methodError struct{ allow string }

func (e *methodError) Error() string { return "use " + e.allow }
