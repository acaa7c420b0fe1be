package live

import (
	"context"
	"errors"
	"log/slog"

	"parley/internal/session"
	"parley/internal/socketio"
)

func asError(err error) (*session.Error, bool) { return errors.AsType[*session.Error](err) }

// call is one event of a client on its way through the face.
type call struct {
	*peer
	in    *session.Integration
	event *socketio.Event
	// failed is the name of the error event, "" where none is documented.
	failed string
	ctx    context.Context // of the face, and of the trace
}

// handler serves one event. It returns what the acknowledgement says.
type handler struct {
	failed string
	serve  func(*call, request) (any, error)
}

// handlers is the list of events of contract c.2.
func handlerOf(name string) (handler, bool) {
	switch name {
	case "session:create":
		return handler{"session:create:error", (*call).create}, true
	case "session:context:update":
		return handler{"session:context:update:error", (*call).update}, true
	case "session:reconnect":
		return handler{"session:reconnect:error", (*call).reconnect}, true
	case "session:close":
		return handler{"", (*call).end}, true
	case "message:send":
		return handler{"message:send:error", (*call).send}, true
	case "message:compose":
		return handler{"", compose}, true
	case "message:read":
		return handler{"", read}, true
	case "message:delivered":
		return handler{"", delivered}, true
	case "message:rate":
		return handler{"message:rate:error", rateMessage}, true
	case "conversation:rate":
		return handler{"conversation:rate:error", rateConversation}, true
	case "session:file:upload:request":
		return handler{"session:file:upload:error", upload}, true
	case "conversation:standing":
		return handler{"", standing}, true
	case "conversation:reopen":
		return handler{"conversation:reopen:error", (*call).reopen}, true
	}
	return handler{}, false
}

// event serves one event of a client. Shapes other than exactly one object
// are ignored, events nobody knows too; the protocol layer counts them.
func (f *Face) event(s *socketio.Socket, e *socketio.Event) {
	p, ok := s.Data.(*peer)
	h, known := handlerOf(e.Name)
	if !ok || !known {
		return
	}
	c := &call{peer: p, event: e, failed: h.failed, ctx: f.ctx}
	in, ok := f.cfg.Directory.Integration(p.integration)
	if !ok || !in.Active {
		c.refuse(session.Unavailable("the integration was switched off"), "")
		return
	}
	c.in = in
	req, err := decode(e.Args)
	if err != nil {
		c.refuse(err, req.named())
		return
	}
	answer, err := c.followed(h, req)
	if err != nil {
		c.refuse(err, req.named())
		return
	}
	if answer != nil && e.WantsAck() {
		_ = e.Ack(answer)
	}
}

// refuse answers with the error event and the acknowledgement. A session that
// is over or not the client's is told by session:expired too.
func (c *call) refuse(err error, named string) {
	out := c.refusal(err, named)
	if c.failed != "" {
		_ = c.socket.Emit(c.errorEvent(out.Code), out)
	}
	if out.Code == "invalid_session" {
		c.expired(named)
	}
	if c.event.WantsAck() {
		_ = c.event.Ack(out)
	}
}

// errorEvent is the event that carries an error; an identity token that does
// not verify has a name of its own at creation.
func (c *call) errorEvent(code string) string {
	if c.failed == "session:create:error" && code == "invalid_identity_token" {
		return c.failed + ":" + code
	}
	return c.failed
}

func (c *call) expired(named string) {
	_ = c.socket.Emit("session:expired", map[string]any{
		"session_id": named, "timestamp": c.face.cfg.Now().UnixMilli(), "error_code": "invalid_session",
	})
}

// refused answers an event over the rate: contract (f), socket flood.
func (f *Face) refused(s *socketio.Socket, e *socketio.Event) {
	p, ok := s.Data.(*peer)
	h, known := handlerOf(e.Name)
	if !ok || !known {
		return
	}
	c := &call{peer: p, event: e, failed: h.failed}
	c.refuse(&session.Error{Code: session.CodeRateLimited, Message: "too many events from this socket"}, "")
}

// followed serves an event as a step of the trace that the client named in the
// field traceparent.
func (c *call) followed(h handler, req request) (answer any, err error) {
	parent, _ := req.fields["traceparent"].(string)
	var end func(error)
	c.ctx, end = c.face.cfg.Tracing.Begin(c.ctx, "socket "+c.event.Name, parent, slog.String("parley.integration", c.in.ID))
	answer, err = h.serve(c, req)
	end(err)
	return answer, err
}
