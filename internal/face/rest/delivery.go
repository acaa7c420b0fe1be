package rest

import (
	"net/http"

	"parley/internal/session"
)

// messagesRead and messagesDelivered are contract a.6 and a.7: what the back
// end's own channel tells of our messages.
func messagesRead(c *call) (answer, error) { return received(c, session.ReceiptRead) }

func messagesDelivered(c *call) (answer, error) { return received(c, session.ReceiptDelivered) }

func received(c *call, kind session.ReceiptKind) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	names := body.texts("message_ids")
	if err := body.err(); err != nil {
		return answer{}, err
	}
	if len(names) > session.MaxReceiptMessages {
		return answer{}, session.Invalid("message_ids", "more than %d ids", session.MaxReceiptMessages)
	}
	r := session.Receipt{Kind: kind, Quiet: true}
	for _, name := range names {
		if id, err := session.ParseID(name); err == nil {
			r.Messages = append(r.Messages, id)
		}
	}
	if body.has("message_ids") && len(r.Messages) == 0 { // names nothing: not everything
		v, err := c.core().View(c.ctx, c.in, c.session)
		if err != nil {
			return answer{}, err
		}
		return c.receipt(http.StatusOK, &session.Result{Session: v.Session}, receipt{}), nil
	}
	return c.done(session.Reactions{Core: c.core()}.Receive(c.ctx, c.in, c.session, r))
}
