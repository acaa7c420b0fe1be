package desk

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/account"
	"parley/internal/auth"
	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/face/intake"
	"parley/internal/inbox"
	"parley/internal/mailer"
	"parley/internal/privacy"
	"parley/internal/session"
)

// Base is the path that everything of the face lies under.
const Base = "/desk/api"

// Config of the face. Every field is required except Trusted, PublicURL,
// Observe and BodyTimeout.
type Config struct {
	Core      *session.Core
	Directory *auth.Directory // of integrations
	Accounts  *account.Accounts
	People    *desk.Directory
	Desk      desk.Store // of canned replies and views
	Inbox     *inbox.Inbox
	Files     *blob.Files
	Records   *privacy.Keeper
	Letters   *mailer.Office
	// States lists the states of an integration's bot that a conversation may
	// be returned to; nothing for a bot without.
	States    func(*session.Integration) []string
	Trusted   auth.Networks // proxies whose X-Forwarded-For and -Proto are believed
	PublicURL string        // base URL of links; "" = the Host of the request
	Now       func() time.Time
	Log       *slog.Logger
	// Observe hears of every answered request. route is a pattern, never a path.
	Observe     func(route string, status int, took time.Duration)
	BodyTimeout time.Duration // how long a body may take to arrive; 0: intake.DefaultPatience
}

// Face serves the desk's routes. Safe for concurrent use.
type Face struct {
	cfg      Config
	origins  *http.CrossOriginProtection
	intake   intake.Config
	live     *live
	saving   sync.Mutex // of canned replies and views: one check and write at a time
	draining atomic.Bool
}

// New returns the face. A PublicURL that is no origin is an error.
func New(cfg Config) (*Face, error) {
	if cfg.Observe == nil {
		cfg.Observe = func(string, int, time.Duration) {}
	}
	cfg.PublicURL = strings.TrimSuffix(cfg.PublicURL, "/")
	f := &Face{cfg: cfg, intake: intake.Config{Patience: cfg.BodyTimeout}, origins: http.NewCrossOriginProtection()}
	if cfg.PublicURL != "" {
		origin, err := originOf(cfg.PublicURL)
		if err == nil {
			err = f.origins.AddTrustedOrigin(origin)
		}
		if err != nil {
			return nil, fmt.Errorf("public-url: %w", err)
		}
	}
	f.live = newLive(f)
	return f, nil
}

// Mount adds the face's routes, and "/desk/api/", so that an unknown path is
// answered in the format of the face.
func (f *Face) Mount(mux *http.ServeMux) {
	methods := map[string][]string{}
	for _, rt := range routes() {
		mux.HandleFunc(rt.method+" "+rt.path, f.serve(&rt))
		methods[rt.path] = append(methods[rt.path], rt.method)
	}
	for path, list := range methods {
		mux.HandleFunc(path, f.serve(refusing(path, methodNotAllowed(list))))
	}
	nothing := &session.Error{Code: session.CodeNotFound, Message: "no such route"}
	mux.HandleFunc(Base+"/", f.serve(refusing(Base+"/", nothing)))
}

// Drain makes the face refuse what would change something, with 503, and sends
// the live connections away. It returns when they have gone or ctx ends.
// Reading goes on.
func (f *Face) Drain(ctx context.Context) error {
	f.draining.Store(true)
	return f.live.drain(ctx)
}
