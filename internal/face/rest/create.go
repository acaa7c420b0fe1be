package rest

import (
	"net/http"

	"parley/internal/session"
)

// createSession is contract a.1.
func createSession(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	req := session.Create{
		ExternalID:    body.text("external_session_id"),
		ChannelUserID: body.text("channel_user_id"),
		Channel:       session.KindCustom,
	}
	if doc := body.document("context"); doc != nil {
		req.Context = &session.Update{Patch: doc, Face: viewOf(c.in)}
	}
	if err := body.err(); err != nil {
		return answer{}, err
	}
	return c.once(
		func(out *session.Result) answer { return c.document(http.StatusCreated, out) },
		func(repeat *session.Repeat) (*session.Result, error) {
			req.Repeat = repeat
			return c.core().Create(c.ctx, c.in, req)
		})
}
