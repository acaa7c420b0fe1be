package live

import (
	"bytes"
	"encoding/json"

	"parley/internal/session"
)

func reactions(c *call) session.Reactions { return session.Reactions{Core: c.face.cfg.Core} }

// compose serves message:compose: typing is shown to people at a desk and
// never stored.
func compose(c *call, r request) (any, error) {
	id, err := c.own(r)
	if err != nil {
		return nil, err
	}
	if err := r.checkTimestamp(); err != nil {
		return nil, err
	}
	var t session.Typing
	if t.Action, err = r.text("action"); err != nil {
		return nil, err
	}
	if t.Text, err = r.text("text"); err != nil {
		return nil, err
	}
	draft := session.Input{Text: t.Text}
	if err := draft.Check(); err != nil {
		return nil, err
	}
	return nil, reactions(c).Compose(c.ctx, c.in, id, t)
}

type composePayload struct {
	SessionID string `json:"session_id"`
	Action    string `json:"action"`
	session.Agent
	Timestamp int64 `json:"timestamp"`
}

// typing shows a client that somebody answers; what clients type is for the
// desk.
func (p *peer) typing(t *session.Typing) {
	if t.By != nil {
		_ = p.socket.Emit("message:compose", composePayload{t.Session.String(), t.Action, *t.By, t.AtMs})
	}
}

// read and delivered serve the receipts of contract c.2.
func read(c *call, r request) (any, error) { return received(c, r, session.ReceiptRead) }

func delivered(c *call, r request) (any, error) { return received(c, r, session.ReceiptDelivered) }

func received(c *call, r request, kind session.ReceiptKind) (any, error) {
	v, err := acting(c, r)
	if err != nil {
		return nil, err
	}
	receipt := session.Receipt{Kind: kind}
	ids, given, err := r.ids("message_ids")
	if err != nil {
		return nil, err
	}
	receipt.Messages = ids
	if !given || len(ids) > 0 { // a list of unknown ids is not everything
		if _, err := reactions(c).Receive(c.ctx, c.in, v.Session.ID, receipt); err != nil {
			return nil, err
		}
	}
	return handled{v.Session.ID.String()}, nil
}

// handled acknowledges what has no answer of its own.
type handled struct {
	SessionID string `json:"session_id"`
}

type receiptPayload struct {
	stamp
	Messages  []string `json:"message_ids"`
	AgentID   string   `json:"agent_id,omitempty"`
	AgentName string   `json:"agent_name,omitempty"`
}

func receiptOf(ev *session.Event, at stamp) receiptPayload {
	out := receiptPayload{stamp: at}
	_ = json.Unmarshal(ev.Body, &out) // written by the core
	out.stamp = at
	return out
}

// rateMessage serves message:rate: a thumb for one answer.
func rateMessage(c *call, r request) (any, error) {
	v, err := acting(c, r)
	if err != nil {
		return nil, err
	}
	n, err := r.thumb()
	if err != nil {
		return nil, err
	}
	id, err := rated(c, v, r)
	if err != nil {
		return nil, err
	}
	out, err := reactions(c).Rate(c.ctx, c.in, v.Session.ID, session.Rating{Message: id, Thumb: n})
	return noted(out, err)
}

// noted acknowledges a rating. What is not there to be rated is a fault of the
// payload: the session itself was found.
func noted(out *session.Result, err error) (any, error) {
	if session.CodeOf(err) == session.CodeNotFound {
		return nil, session.Invalid("message_id", "there is no such answer or conversation to rate")
	}
	if err != nil {
		return nil, err
	}
	return handled{out.Session.ID.String()}, nil
}

// rated finds the message that is named by its id or by that of one of its
// responses.
func rated(c *call, v *session.View, r request) (session.ID, error) {
	text, err := r.text("message_id")
	if err != nil {
		return session.ID{}, err
	}
	if text != "" {
		id, err := session.ParseID(text)
		if err != nil {
			err = session.Invalid("message_id", "is no id of a message")
		}
		return id, err
	}
	action, err := r.text("action_id")
	if err != nil {
		return session.ID{}, err
	}
	if action == "" {
		return session.ID{}, session.Invalid("message_id", "message_id or action_id is required")
	}
	list, err := c.face.cfg.Core.Transcript(c.ctx, session.MessageFilter{Session: v.Session.ID, Last: true, Limit: session.ReconnectMessages})
	if err != nil {
		return session.ID{}, err
	}
	for _, m := range list {
		if m.Author == session.AuthorBot && acts(m.Body, action) {
			return m.ID, nil
		}
	}
	return session.ID{}, session.Invalid("action_id", "no such response among the last messages")
}

// acts tells whether a bot's message holds a response with an action id.
func acts(message []byte, action string) bool {
	var body struct {
		Responses []struct {
			Action string `json:"action_id"`
		} `json:"responses"`
	}
	if !bytes.Contains(message, []byte("action_id")) || json.Unmarshal(message, &body) != nil {
		return false
	}
	for _, one := range body.Responses {
		if one.Action == action {
			return true
		}
	}
	return false
}

// rateConversation serves conversation:rate, an extension: the score of the
// survey for clients that have no page and no token for it.
func rateConversation(c *call, r request) (any, error) {
	v, err := acting(c, r)
	if err != nil {
		return nil, err
	}
	score, _, err := r.number("rating")
	if err != nil {
		return nil, err
	}
	feedback, err := r.text("feedback")
	if err != nil {
		return nil, err
	}
	out, err := reactions(c).Rate(c.ctx, c.in, v.Session.ID, session.Rating{Score: int(min(score, 100)), Feedback: feedback})
	return noted(out, err)
}
