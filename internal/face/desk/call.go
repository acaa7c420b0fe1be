package desk

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"parley/internal/account"
	"parley/internal/face/intake"
	"parley/internal/session"
)

// call is one request on its way to what answers it.
type call struct {
	face  *Face
	route *route
	r     *http.Request
	ctx   context.Context // a caller that leaves cancels nothing it asked for
	at    time.Time
	id    session.ID // request_id

	caller *account.Caller // nil on public routes
	body   intake.Body
}

func (f *Face) newCall(rt *route, w http.ResponseWriter, r *http.Request) *call {
	at := f.cfg.Now()
	return &call{
		face: f, route: rt, r: r, ctx: context.WithoutCancel(r.Context()), at: at, id: session.NewID(at),
		body: intake.New(f.intake, w, r),
	}
}

func (c *call) accounts() *account.Accounts { return c.face.cfg.Accounts }

// from says where the request comes from.
func (c *call) from() account.From {
	return account.From{Address: c.face.cfg.Trusted.ClientAddr(c.r), Browser: c.r.UserAgent()}
}

// admit checks size, origin, caller and permission, in this order, and reads
// the body. Of a refused call the body is measured, not kept.
func (c *call) admit() error {
	if c.r.ContentLength > session.MaxBody {
		return intake.TooLarge()
	}
	if err := cmp.Or(c.checkOrigin(), c.identify()); err != nil {
		return cmp.Or(c.body.Measure(), err)
	}
	if c.face.draining.Load() && c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		return cmp.Or[error](c.body.Measure(), session.Unavailable("the server is going away"))
	}
	if c.route.takes == nothing {
		return c.body.Measure()
	}
	return c.body.Read()
}

// identify finds who calls, where the route is not public.
func (c *call) identify() error {
	if c.route.needs == public {
		return nil
	}
	caller, err := c.signedIn()
	if err != nil {
		return err
	}
	c.caller = caller
	return caller.May(c.route.needs)
}

// signedIn returns who holds the cookie of the request.
func (c *call) signedIn() (*account.Caller, error) {
	cookie := ""
	if held, err := c.r.Cookie(cookieName); err == nil {
		cookie = held.Value
	}
	return c.accounts().Caller(c.ctx, cookie, c.from())
}

// note adds a line to the audit log.
func (c *call) note(action, subject, detail string) error {
	return c.accounts().Note(c.ctx, c.caller, action, subject, detail)
}
