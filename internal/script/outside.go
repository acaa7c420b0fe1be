package script

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"parley/internal/egress"
	"parley/internal/session"
)

// outside is what the turns of a bot reach of the world: HTTP services, mail
// servers, a language model. It is safe for concurrent use.
type outside struct {
	guard  egress.Guard
	client *http.Client
	cache  httpCache
}

// maxRedirects bounds the redirects of one call; the guard sees each of them.
const maxRedirects = 5

func newOutside(guard egress.Guard) *outside {
	guard.AllowHTTP = true // many public services that bots ask have no TLS
	o := &outside{guard: guard, cache: httpCache{kept: map[string]cachedAnswer{}}}
	transport := guard.Transport()
	transport.DisableCompression = false
	o.client = &http.Client{
		Transport: guard.Wrap(transport),
		CheckRedirect: func(next *http.Request, passed []*http.Request) error {
			if len(passed) > maxRedirects {
				return fmt.Errorf("more than %d redirects", maxRedirects)
			}
			if first := passed[0]; next.URL.Host != first.URL.Host {
				forget(next.Header)
			}
			_, err := guard.CheckURL(next.URL.String())
			return err
		},
	}
	return o
}

// forget takes from the headers of a call what is meant for the first host only:
// keys of scripts have names of their own.
func forget(header http.Header) {
	for name := range header {
		switch name {
		case "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "User-Agent", "Idempotency-Key", "X-Parley-Attempt":
		default:
			header.Del(name)
		}
	}
}

// spent is what a turn has used of its calls and of its time for waiting. The
// error handlers of the turn go on counting.
type spent struct {
	calls  int
	waited time.Duration
}

// caller makes the calls of a turn to the outside world.
type caller struct{ *run }

// errWaited is the cause of a context that ended the turn's time for waiting.
var errWaited = errors.New("waited too long")

// waiting runs a call to the outside world, at most as long as limit and as what is
// left of session.ScriptWaitTime. When the turn has no time left, it ends.
func (r caller) waiting(limit time.Duration, call func(ctx context.Context) error) error {
	left := session.ScriptWaitTime - r.spent.waited
	cause := context.DeadlineExceeded
	if left < limit {
		limit, cause = left, errWaited
	}
	ctx, cancel := context.WithTimeoutCause(r.ctx, limit, cause)
	defer cancel()
	began := time.Now()
	err := r.wait(func() error { return call(ctx) })
	r.spent.waited += time.Since(began)
	if errors.Is(context.Cause(ctx), errWaited) {
		return &stopped{code: "deadline", message: fmt.Sprintf("the turn waited longer than %s for its calls", session.ScriptWaitTime)}
	}
	return err
}

// mayCall counts a call of the turn (script-api 2.4).
func (r caller) mayCall() bool {
	if r.spent.calls >= session.HTTPCallsPerTurn {
		return false
	}
	r.spent.calls++
	return true
}

// callKey names a call of the turn for receivers that must not do it twice
// (architecture, Recovery).
func (r caller) callKey() string { return fmt.Sprintf("%s-%d", r.turn.RequestID, r.spent.calls) }

// answering is who answers the calls of a turn in a test.
type answering struct {
	// http answers a call; false when nothing is prepared for it.
	http func(*httpRequest) (*httpAnswer, bool)
	// real lets calls that nothing is prepared for go out.
	real bool
}

// did is what a turn did outside, as tests look at it.
type did struct {
	calls []httpCall
	mails []mail
}

// httpCall is one call of $http, $gpt or another service over HTTP.
type httpCall struct {
	request *httpRequest
	mocked  bool // a test had an answer
	real    bool // it went out
}

func (d *did) add(more did) {
	d.calls, d.mails = append(d.calls, more.calls...), append(d.mails, more.mails...)
}
