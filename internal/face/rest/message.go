package rest

import (
	"bytes"
	"net/http"

	"parley/internal/session"
)

// acceptMessage is contract a.4. It is answered when the message is durable;
// the replies come by webhook.
func acceptMessage(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	req := session.Incoming{Handle: c.session, Input: inputOf(c, body)}
	if doc := body.document("context"); doc != nil {
		req.Context = &session.Update{Patch: doc, Face: viewOf(c.in)}
	}
	if err := body.err(); err != nil {
		return answer{}, err
	}
	if err := resolve(c, &req.Input, body); err != nil {
		return answer{}, err
	}
	req.Raw = bytes.Clone(c.body.Bytes) // kept in the transcript
	if len(req.Input.Attachments) > 0 {
		req.Raw = session.Document(body.fields).JSON()
	}
	return c.once(
		func(out *session.Result) answer {
			return c.receipt(http.StatusAccepted, out, receipt{message: out.Message.ID})
		},
		func(repeat *session.Repeat) (*session.Result, error) {
			req.Repeat = repeat
			return c.core().Accept(c.ctx, c.in, req)
		})
}

// recordMessage is contract a.5: the answer of another desk's agent, for the
// history.
func recordMessage(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	input, by := inputOf(c, body), agentOf(body)
	if err := body.err(); err != nil {
		return answer{}, err
	}
	if err := resolve(c, &input, body); err != nil {
		return answer{}, err
	}
	return c.once(
		func(out *session.Result) answer {
			return c.receipt(http.StatusAccepted, out, receipt{message: out.Message.ID})
		},
		func(repeat *session.Repeat) (*session.Result, error) {
			return c.core().Record(c.ctx, c.in, c.session, by, input, repeat)
		})
}
