package rest

import (
	"maps"
	"net/http"
	"strings"

	"parley/internal/session"
)

// The webview family of contract a.14: forms and surveys that were opened from
// the chat. Their pages hold a short-lived token that the customer's back end
// signed, and are otherwise no more trusted than the visitor.

// visitor admits a page to the session it was opened from: the token's person
// must be that session's.
func visitor(c *call) (*session.View, error) {
	in, err := c.integration()
	if err != nil {
		return nil, unauthorizedPage("the token does not verify")
	}
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil, unauthorizedPage("a bearer token is needed")
	}
	who, err := c.face.cfg.Directory.Identify(in.ID, strings.TrimSpace(token), c.at)
	if err != nil {
		return nil, err
	}
	c.in = in
	id, err := session.ParseID(c.r.Header.Get("X-Moveo-Session-Id"))
	if err != nil {
		return nil, noSuchSession()
	}
	c.session = id
	v, err := c.lookToOpen()
	if err != nil {
		return nil, err
	}
	if !is(v, who.Subject) {
		return nil, unauthorizedPage("the token is of another person than the session")
	}
	return v, nil
}

// is tells whether a session is of the person that a token names: by the
// user_id of the page's URL, or by the id that the back end has for it.
func is(v *session.View, subject string) bool {
	if subject == v.Client.UserID || v.Client.Key == session.UserKey(subject) {
		return true
	}
	for _, key := range []string{"user_id", "external_id"} {
		if known, _ := v.Document.At("user", key); known == subject {
			return true
		}
	}
	return false
}

func unauthorizedPage(why string) error {
	return &session.Error{Code: session.CodeInvalidIdentity, Message: why}
}

// shared adds to an answer, also to a refusal, what lets a page of the
// integration's domains read it.
func shared(c *call, do func() (answer, error)) (answer, error) {
	out, err := do()
	if err != nil {
		out = c.refuse(err)
	}
	in, found := c.face.cfg.Directory.Integration(c.r.PathValue("integration_id"))
	if !found {
		return out, nil
	}
	if out.header == nil {
		out.header = http.Header{}
	}
	maps.Copy(out.header, sharing(in, c.r.Header.Get("Origin")))
	return out, nil
}

// submitWebview merges what a form says into the context and fires its trigger
// as an event to the bot.
func submitWebview(c *call) (answer, error) {
	return shared(c, func() (answer, error) {
		v, err := visitor(c)
		if err != nil {
			return answer{}, err
		}
		body, err := c.body.envelope()
		if err != nil {
			return answer{}, err
		}
		patch, trigger := body.document("context"), body.text("trigger_node_id")
		if err := body.err(); err != nil {
			return answer{}, err
		}
		u := &session.Update{Patch: patch, Face: pageFace()}
		if patch == nil {
			u.Patch = session.Document{}
		}
		if trigger == "" {
			out, err := c.core().Merge(c.ctx, c.in, c.session, u)
			return submitted(c, out, err)
		}
		input := session.Input{Event: &session.InputEvent{Name: trigger, Data: u.Patch.JSON()}}
		_, err = c.core().Accept(c.ctx, c.in, session.Incoming{
			Handle: v.Session.ID, Input: input, Context: u, Raw: session.Document{"input": input}.JSON(),
		})
		if err != nil {
			return answer{}, err
		}
		if v, err = c.core().View(c.ctx, c.in, c.session); err != nil {
			return answer{}, err
		}
		return submitted(c, &session.Result{Session: v.Session, Document: v.Document}, nil)
	})
}

// pageFace: answers are masked, and the page is not trusted.
func pageFace() session.Face { return session.Face{Masked: true, Client: true} }

func submitted(c *call, out *session.Result, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return c.receipt(http.StatusOK, out, receipt{context: c.in.Settings.Redact(out.Document).JSON(), ignored: out.Ignored}), nil
}

// showContext gives a page the context, as sockets see it.
func showContext(c *call) (answer, error) {
	return shared(c, func() (answer, error) {
		v, err := visitor(c)
		if err != nil {
			return answer{}, err
		}
		return answer{status: http.StatusOK, body: c.in.Settings.Redact(v.Document).JSON()}, nil
	})
}

// submitSurvey stores the score of a conversation.
func submitSurvey(c *call) (answer, error) {
	return shared(c, func() (answer, error) {
		body, bad := c.body.envelope()
		if c.r.Header.Get("X-Moveo-Session-Id") == "" && bad == nil {
			c.r.Header.Set("X-Moveo-Session-Id", body.text("session_id"))
		}
		if _, err := visitor(c); err != nil {
			return answer{}, err
		}
		if bad != nil {
			return answer{}, bad
		}
		if named := body.text("session_id"); named != "" && !strings.EqualFold(named, c.session.String()) {
			body.refuse("session_id", "is not that of X-Moveo-Session-Id")
		}
		r := session.Rating{Score: int(body.number("rating")), Feedback: body.text("feedback")}
		body.number("timestamp") // a whole number, never used
		if err := body.err(); err != nil {
			return answer{}, err
		}
		return c.done(session.Reactions{Core: c.core()}.Rate(c.ctx, c.in, c.session, r))
	})
}

// pagePreflight answers a browser that asks before one of these calls.
func pagePreflight(c *call) (answer, error) {
	return shared(c, func() (answer, error) {
		return answer{status: http.StatusNoContent, header: http.Header{
			"Access-Control-Allow-Methods": {"GET, POST"},
			"Access-Control-Allow-Headers": {"Authorization, Content-Type, X-Moveo-Session-Id"},
			"Access-Control-Max-Age":       {"600"},
		}}, nil
	})
}
