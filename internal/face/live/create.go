package live

import (
	"parley/internal/session"
)

// create serves session:create.
func (c *call) create(r request) (any, error) {
	who, err := c.identity(r)
	if err != nil {
		return nil, err
	}
	req, err := c.creation(r)
	if err != nil {
		return nil, err
	}
	if who != nil {
		req.ChannelUserID = who.Subject
		if who.Context != nil {
			if req.Trusted, err = session.ParseDocument(who.Context, "identity_token.context"); err != nil {
				return nil, err
			}
		}
	}
	if err := c.room(session.ID{}); err != nil {
		return nil, err
	}
	out, err := c.face.cfg.Core.Create(c.ctx, c.in, req)
	if err != nil {
		return nil, err
	}
	p := describe(c.in, out.Session, nil, out.Document, out.Version)
	p.Sequence, p.Timestamp, p.Ignored = out.Chain.Sequence, out.Session.CreatedMs, out.Ignored
	err = c.socket.Emit("session:created", p)
	c.attach(out.Chain.ID, out.Session.ID, out.Chain.Sequence)
	return p, err
}

func (c *call) creation(r request) (session.Create, error) {
	req := session.Create{Channel: session.KindWeb, Connection: c.connection}
	if err := r.checkTimestamp(); err != nil {
		return req, err
	}
	patch, err := r.object("context")
	if err != nil {
		return req, err
	}
	if patch != nil {
		req.Context = &session.Update{Patch: patch, Face: socketFace()}
	}
	if req.IsTest, err = r.flag("is_test"); err != nil {
		return req, err
	}
	req.OptOut, err = r.flag("opt_out")
	return req, err
}

// socketFace: answers are masked, and the client is not trusted.
func socketFace() session.Face { return session.Face{Masked: true, Client: true} }

// update serves session:context:update. context.user must be there, {} is
// enough, unless the integration is lenient (contract (g) 3).
func (c *call) update(r request) (any, error) {
	id, err := c.own(r)
	if err != nil {
		return nil, err
	}
	if err := r.checkTimestamp(); err != nil {
		return nil, err
	}
	patch, err := r.object("context")
	if err != nil {
		return nil, err
	}
	if patch == nil {
		return nil, session.Invalid("context", "is missing")
	}
	if _, ok := patch["user"]; !ok && !c.in.Settings.LenientContext {
		return nil, session.Invalid("context.user", "is missing; an empty object is enough")
	}
	u := &session.Update{Patch: patch, Face: socketFace()}
	version, given, err := r.number("if_version")
	if err != nil {
		return nil, err
	}
	if given {
		u.IfMatch = &session.IfMatch{Version: version}
	}
	out, err := c.face.cfg.Core.Merge(c.ctx, c.in, id, u)
	if err != nil {
		return nil, err
	}
	return c.updated(out)
}

// updated answers the sender. A change reaches it as an event of the chain; an
// update that changed nothing is answered as usual, without a sequence.
func (c *call) updated(out *session.Result) (any, error) {
	p := contextPayload{
		SessionID: out.Session.ID.String(), Context: c.mask(c.in, out.Document),
		Version: out.Version, Ignored: out.Ignored,
	}
	if out.Changed {
		p.Sequence = out.Chain.Sequence
		return p, nil
	}
	return p, c.socket.Emit("session:context:updated", p)
}
