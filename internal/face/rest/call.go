package rest

import (
	"cmp"
	"context"
	"net/http"
	"net/netip"
	"time"

	"parley/internal/face/intake"
	"parley/internal/session"
)

// call is one request on its way to the core.
type call struct {
	face  *Face
	route *route
	r     *http.Request
	ctx   context.Context // a caller that leaves cancels nothing it asked for
	at    time.Time
	id    session.ID // request_id

	in      *session.Integration // nil on public routes
	session session.ID           // as named in the path
	body    body
}

func (f *Face) newCall(rt *route, w http.ResponseWriter, r *http.Request) *call {
	at := f.cfg.Now()
	return &call{
		face: f, route: rt, r: r, ctx: context.WithoutCancel(r.Context()), at: at, id: session.NewID(at),
		body: body{intake.New(f.intake, w, r)},
	}
}

// core is the one entrance to sessions.
func (c *call) core() *session.Core { return c.face.cfg.Core }

// run takes the steps of contract a.0 in their order.
func (c *call) run() (answer, error) {
	if err := c.admit(); err != nil {
		return answer{}, err
	}
	if c.route.reach != noSession {
		id, err := session.ParseID(c.r.PathValue("session_id"))
		if err != nil {
			return answer{}, noSuchSession()
		}
		c.session = id
	}
	out, err := c.route.do(c)
	if err != nil {
		return answer{}, c.sessionFirst(err)
	}
	return out, nil
}

// admit checks size, server, key and address, and reads the body. A body that
// nobody wants is measured, not kept: a stranger's, and that of a call without
// one.
func (c *call) admit() error {
	if c.route.takes == content && c.face.draining.Load() {
		return session.Unavailable("the server is going away")
	}
	if c.route.takes == content {
		return nil // the operation measures it
	}
	if c.r.ContentLength > session.MaxBody {
		return intake.TooLarge()
	}
	if c.route.public {
		return c.admitAnyone()
	}
	remote := c.face.cfg.Trusted.ClientAddr(c.r)
	in, err := c.caller(remote)
	if err != nil {
		return cmp.Or(c.body.Measure(), err)
	}
	c.in = in
	return c.takeBody()
}

// admitAnyone reads the body of a public route that acts on something.
func (c *call) admitAnyone() error {
	if c.route.takes == nothing {
		return c.body.Measure()
	}
	return c.takeBody()
}

func (c *call) takeBody() error {
	if c.face.draining.Load() && c.changes() {
		return cmp.Or[error](c.body.Measure(), session.Unavailable("the server is going away"))
	}
	if c.route.takes == nothing {
		return c.body.Measure()
	}
	return c.body.Read()
}

// caller finds the integration that a key belongs to. Clients of the Chat API
// have it in the path, which therefore stands in no log.
func (c *call) caller(remote netip.Addr) (*session.Integration, error) {
	if c.route.family == chatAPI {
		return c.face.cfg.Directory.CheckKey(c.r.PathValue("token"), remote)
	}
	return c.face.cfg.Directory.Check(c.r.Header.Get("Authorization"), c.r.PathValue("integration_id"), remote)
}

// changes reports whether the call may change something: in the Chat API a GET
// may say something too.
func (c *call) changes() bool {
	return c.route.family == chatAPI || c.r.Method != http.MethodGet && c.r.Method != http.MethodHead
}

// sessionFirst keeps the order of contract a.0 without a read before every
// call: a fault of the body counts only when the session is there. All other
// refusals of the core come after it found the session.
func (c *call) sessionFirst(fault error) error {
	switch session.CodeOf(fault) {
	case session.CodeInvalidPayload, session.CodeInvalidAttachment:
	default:
		return fault
	}
	var err error
	switch c.route.reach {
	case noSession:
		return fault
	case openSession:
		_, err = c.core().View(c.ctx, c.in, c.session)
	case opens:
		_, err = c.lookToOpen()
	case reads:
		exact, _ := c.query().flag("exact") // a malformed one asks for no ended session
		_, err = c.look(exact)
	}
	if err != nil {
		return err
	}
	return fault
}

// look returns the session to read: the open one that the id stands for
// (architecture, Session life 4), or exactly that of the id, also after its
// end.
func (c *call) look(exact bool) (*session.View, error) {
	if exact {
		return c.core().At(c.ctx, c.in, c.session)
	}
	return c.core().View(c.ctx, c.in, c.session)
}

// lookToOpen returns the session that a call would act on or open a successor
// of.
func (c *call) lookToOpen() (*session.View, error) {
	v, err := c.core().Look(c.ctx, c.in, c.session)
	if err == nil && !v.Session.Handle() {
		err = noSuchSession()
	}
	return v, err
}

func noSuchSession() error {
	return &session.Error{Code: session.CodeSessionNotFound, Message: "no such session, or it has ended"}
}
