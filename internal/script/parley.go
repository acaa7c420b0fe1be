package script

import (
	"encoding/json"
	"errors"

	"parley/internal/session"
)

// bindParley binds $parley: architecture, Session life 8.
func (m *vm) bindParley() {
	m.Bind("updateContext", func(args []any) (any, error) { return nil, life{m.run}.updateContext(text(args, 0)) })
	m.Bind("handover", func(args []any) (any, error) { return nil, life{m.run}.handOver(text(args, 0)) })
	m.Bind("closeConversation", func([]any) (any, error) { m.run.closes = true; return nil, nil })
	m.Bind("webhook", func(args []any) (any, error) { return webhooks{m.run}.call(text(args, 0), text(args, 1)) })
	m.get("session", func(r *run) any { return view{r}.sessionJSON() })
}

// updateContext checks a patch; the commit of the turn merges it into the
// document as it is then.
func (r life) updateContext(patch string) error {
	doc, err := session.ParseDocument([]byte(patch), "context")
	if err != nil {
		return err
	}
	r.update(doc)
	return nil
}

func (r life) handOver(options string) error {
	var given struct {
		Reason       string            `json:"reason"`
		Department   string            `json:"department"`
		FirstMessage string            `json:"firstMessage"`
		Attributes   map[string]string `json:"attributes"`
	}
	if err := json.Unmarshal([]byte(options), &given); err != nil {
		return errors.New("handover takes {reason, department, firstMessage, attributes}, all of them texts")
	}
	if given.Reason == "" {
		given.Reason = "script"
	}
	r.handover = &session.Handover{
		Reason: given.Reason, Department: given.Department, FirstMessage: given.FirstMessage, Attributes: given.Attributes,
	}
	return nil
}

// sessionJSON is $parley.session(): times are Unix milliseconds.
func (r view) sessionJSON() string {
	s := r.turn.Session
	fields := map[string]any{"id": r.sessionID(), "predecessor": nil, "openedAt": s.CreatedMs, "expiresAt": r.turn.ExpiresAtMs}
	if !s.Predecessor.IsZero() {
		fields["predecessor"] = s.Predecessor.String()
	}
	if r.sessionID() != s.ID.String() {
		fields["predecessor"], fields["openedAt"] = s.ID.String(), r.turn.Now().UnixMilli()
	}
	return marshal(fields)
}
