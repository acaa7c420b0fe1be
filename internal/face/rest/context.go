package rest

import (
	"net/http"

	"parley/internal/face/intake"
	"parley/internal/session"
)

// updateContext is contract a.2: the body is the context itself.
func updateContext(c *call) (answer, error) {
	update, err := c.patch()
	if err != nil {
		return answer{}, err
	}
	want, err := ifMatch(c.r.Header)
	if err != nil {
		return answer{}, err
	}
	c.hintWrapped(update.Patch)
	out, err := want.try(update, func() (*session.Result, error) { return c.core().Merge(c.ctx, c.in, c.session, update) })
	if err != nil {
		return answer{}, err
	}
	return c.document(http.StatusOK, out), nil
}

// patch reads the body by the rule that its media type names.
func (c *call) patch() (*session.Update, error) {
	if len(c.body.Bytes) == 0 {
		return nil, session.Invalid("context", "the body must be a JSON object")
	}
	media, err := c.body.Media(intake.JSON, mediaPatch)
	if err != nil {
		return nil, err
	}
	doc, err := session.ParseDocument(c.body.Bytes, "context")
	if err != nil {
		return nil, err
	}
	update := &session.Update{Patch: doc, Face: viewOf(c.in)}
	if media == mediaPatch {
		update.Mode = session.MergeRFC7396
	}
	return update, nil
}

// hintWrapped tells the operator of a likely mistake: contract (g) 15.
func (c *call) hintWrapped(doc session.Document) {
	if _, wrapped := doc["context"].(map[string]any); wrapped && len(doc) == 1 {
		c.face.cfg.Log.Warn("a context update wraps the context in a field named context; it is stored as a variable of that name",
			"integration", c.in.ID, "request_id", c.id.String())
	}
}
