package rest

import (
	"net/http"

	"parley/internal/session"
)

// closeSession is contract a.3.
func closeSession(c *call) (answer, error) {
	return c.done(c.core().Close(c.ctx, c.in, c.session, session.ReasonAPI))
}

// closeConversation is contract a.8.
func closeConversation(c *call) (answer, error) {
	return c.done(c.core().CloseConversation(c.ctx, c.in, c.session, nil))
}

// reopenConversation is contract a.9.
func reopenConversation(c *call) (answer, error) {
	return c.done(c.core().ReopenConversation(c.ctx, c.in, c.session, nil))
}

// handOver is contract a.10.
func handOver(c *call) (answer, error) {
	return c.once(
		func(out *session.Result) answer { return c.receipt(http.StatusOK, out, receipt{stands: out.Standing}) },
		func(repeat *session.Repeat) (*session.Result, error) {
			return c.core().Handover(c.ctx, c.in, c.session, session.Handover{}, repeat)
		})
}

// done answers a call that returns nothing but its session.
func (c *call) done(out *session.Result, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return c.receipt(http.StatusOK, out, receipt{}), nil
}
