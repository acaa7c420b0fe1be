package live

import (
	"crypto/sha256"

	"parley/internal/session"
)

// send serves message:send. An empty message is allowed here and answered with
// no responses (contract c.2); attachments must be files uploaded to us.
func (c *call) send(r request) (any, error) {
	id, err := c.own(r)
	if err != nil {
		return nil, err
	}
	req, err := c.incoming(r, id)
	if err != nil {
		return nil, err
	}
	out, err := c.accept(req)
	if err != nil {
		return nil, err
	}
	return acceptedPayload{out.Session.ID.String(), out.Message.ID.String(), out.Message.ClientMessageID}, nil
}

type acceptedPayload struct {
	SessionID string `json:"session_id"`
	MessageID string `json:"message_id"`
	ClientID  string `json:"client_message_id,omitempty"`
}

func (c *call) incoming(r request, id session.ID) (session.Incoming, error) {
	req := session.Incoming{Handle: id, Raw: r.raw}
	if err := r.checkTimestamp(); err != nil {
		return req, err
	}
	in, text, err := r.input()
	if err != nil {
		return req, err
	}
	sum := sha256.Sum256(text)
	req.Input, req.InputHash = in, sum[:]
	if err := attachments(c, &req, r); err != nil {
		return req, err
	}
	if req.ClientMessageID, err = r.text("client_message_id"); err != nil {
		return req, err
	}
	patch, err := r.object("context")
	if err == nil && patch != nil {
		req.Context = &session.Update{Patch: patch, Face: socketFace()}
	}
	return req, err
}

// accept notes the message as the socket's own before its event can arrive.
func (c *call) accept(req session.Incoming) (*session.Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out, err := c.face.cfg.Core.Accept(c.ctx, c.in, req)
	if err == nil && !out.Again {
		if c.sent == nil {
			c.sent = map[session.ID]bool{}
		}
		c.sent[out.Message.ID] = true
	}
	return out, err
}

// end serves session:close. The closing itself reaches the room as an event.
func (c *call) end(r request) (any, error) {
	id, err := c.own(r)
	if err != nil {
		return nil, err
	}
	if err := r.checkTimestamp(); err != nil {
		return nil, err
	}
	out, err := c.face.cfg.Core.Close(c.ctx, c.in, id, session.ReasonUser)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"session_id": out.Session.ID.String(), "reason": session.ReasonUser, "timestamp": c.face.cfg.Now().UnixMilli(),
	}, nil
}

// reopen serves conversation:reopen.
func (c *call) reopen(r request) (any, error) {
	id, err := c.own(r)
	if err != nil {
		return nil, err
	}
	if err := r.checkTimestamp(); err != nil {
		return nil, err
	}
	out, err := c.face.cfg.Core.ReopenConversation(c.ctx, c.in, id, nil)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"session_id": out.Session.ID.String(), "status": "open", "keep_alive": session.KeepAlive(c.in, out.Session),
		"timestamp": c.face.cfg.Now().UnixMilli(),
	}, nil
}
