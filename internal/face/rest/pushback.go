package rest

import (
	"net/http"

	"parley/internal/session"
)

// usePushback lets an outside service send a client the event of a pushback. The
// id in the path is the only credential, so the answer tells nothing of the
// client.
func usePushback(c *call) (answer, error) {
	token, err := session.ParseID(c.r.PathValue("pushback_id"))
	if err != nil {
		return answer{}, &session.Error{Code: session.CodeNotFound, Message: "no such pushback, or it has expired"}
	}
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	err = session.Pushbacks{Core: c.core()}.Send(c.ctx, token, body.fields)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusAccepted, body: encode(struct {
		Request string `json:"request_id"`
	}{c.id.String()})}, nil
}
