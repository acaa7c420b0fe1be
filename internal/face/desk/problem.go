package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/account"
	"parley/internal/session"
)

// codeMethod is a refusal that only HTTP knows.
const codeMethod session.Code = "method_not_allowed"

// Problem details of RFC 9457.
const (
	problemType = "application/problem+json"
	problemPath = Base + "/problems/"
)

type problem struct {
	Type     string          `json:"type"` // resolves on this server
	Title    string          `json:"title"`
	Status   int             `json:"status"`
	Code     session.Code    `json:"code"`
	Detail   string          `json:"detail"`
	Instance string          `json:"instance"` // the request_id
	Errors   []problemDetail `json:"errors,omitempty"`
	Owner    *session.Owner  `json:"owner,omitempty"` // who won a race for a conversation
}

type problemDetail struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// line is a row of the error table.
type line struct {
	codes  []session.Code // the first one is told
	status int
	title  string
}

// lines is the one table from codes to the wire.
func lines() []line {
	one := func(code session.Code, status int, title string) line {
		return line{[]session.Code{code}, status, title}
	}
	return []line{
		{[]session.Code{session.CodeInvalidPayload, session.CodeInvalidAttachment, session.CodeInvalidIdentity, session.CodeIdempotencyMismatch},
			http.StatusBadRequest, "The request is malformed or misses a field."},
		one(session.CodeUnauthorized, http.StatusUnauthorized, "Nobody is signed in."),
		one(account.CodeInvalidCredentials, http.StatusUnauthorized, "E-mail, password or code is wrong."),
		one(account.CodeCodeRequired, http.StatusUnauthorized, "The second factor is missing."),
		one(account.CodeInvalidCode, http.StatusBadRequest, "The code does not fit."),
		one(account.CodeSignOnRefused, http.StatusForbidden, "Single sign-on did not let you in."),
		one(account.CodeForbidden, http.StatusForbidden, "Your role does not allow this."),
		one(codeCrossOrigin, http.StatusForbidden, "The request comes from another site."),
		{[]session.Code{session.CodeNotFound, session.CodeSessionNotFound, session.CodeIntegrationNotFound, session.CodeFileNotFound}, http.StatusNotFound, "There is nothing here."},
		one(codeMethod, http.StatusMethodNotAllowed, "The path has no such method; Allow names those it has."),
		{[]session.Code{session.CodeConflict, session.CodeRequestInProgress}, http.StatusConflict, "It is not as you think, or somebody else was first."},
		one(session.CodeVersionConflict, http.StatusPreconditionFailed, "The context has another version than If-Match demands; nothing was stored."),
		one(session.CodePayloadTooLarge, http.StatusRequestEntityTooLarge, "The body, or what it would make, is over the limit."),
		one(account.CodeLocked, http.StatusTooManyRequests, "Too many wrong sign-ins; Retry-After says when to come back."),
		one(session.CodeRateLimited, http.StatusTooManyRequests, "Too much at once; Retry-After says when to come back."),
		one(session.CodeUnavailable, http.StatusServiceUnavailable, "The server cannot accept this now; Retry-After says when to come back."),
		one(session.CodeInternal, http.StatusInternalServerError, "The server failed."),
	}
}

// lineOf returns the row of a code; an unknown one is a fault of ours.
func lineOf(code session.Code) line {
	all := lines()
	i := slices.IndexFunc(all, func(l line) bool { return slices.Contains(l.codes, code) })
	if i < 0 {
		i = len(all) - 1
	}
	return all[i]
}

// refuse renders an error. What went wrong inside is logged and not told.
func (c *call) refuse(err error) answer {
	e := c.classify(err)
	row := lineOf(e.Code)
	out := answer{status: row.status, kind: problemType, header: http.Header{}}
	if e.Code == codeMethod {
		out.header["Allow"] = []string{e.Field}
		e.Field = ""
	}
	if e.RetryAfter > 0 {
		out.header["Retry-After"] = []string{strconv.Itoa(max(1, int((e.RetryAfter+time.Second-1)/time.Second)))}
	}
	p := problem{
		Type: problemPath + string(row.codes[0]), Title: row.title, Status: row.status, Code: row.codes[0],
		Detail: e.Error(), Instance: "urn:uuid:" + c.id.String(), Owner: e.Owner,
	}
	if e.Field != "" {
		p.Errors = []problemDetail{{e.Field, e.Message}}
	}
	out.body = encode(p)
	return out
}

// classify returns a copy of a refusal; anything else is a fault of ours.
func (c *call) classify(err error) session.Error {
	if e, ok := errors.AsType[*session.Error](err); ok && e.Code != session.CodeInternal {
		return *e
	}
	if !errors.Is(err, errBroken) {
		c.face.cfg.Log.Error("request failed", "route", c.route.path, "request_id", c.id.String(), "error", err.Error())
	}
	return session.Error{Code: session.CodeInternal, Message: "the server could not do this"}
}

// methodNotAllowed refuses what is not among the methods of a path.
func methodNotAllowed(methods []string) error {
	list := strings.Replace(strings.Join(methods, ", "), http.MethodGet, "GET, HEAD", 1)
	return &session.Error{Code: codeMethod, Field: list, Message: "use " + list}
}

func problemRoutes() []route {
	return []route{{http.MethodGet, problemPath + "{code}", public, nothing, describeProblem, nil}}
}

// describeProblem explains a problem type.
func describeProblem(c *call) (answer, error) {
	code := session.Code(c.r.PathValue("code"))
	for _, row := range lines() {
		if row.codes[0] == code {
			return ok(struct {
				Type   string `json:"type"`
				Title  string `json:"title"`
				Status int    `json:"status"`
			}{problemPath + string(code), row.title, row.status})
		}
	}
	return answer{}, &session.Error{Code: session.CodeNotFound, Message: "no such problem type"}
}
