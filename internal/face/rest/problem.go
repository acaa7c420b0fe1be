package rest

import (
	"slices"

	"parley/internal/session"
)

// Problem details of RFC 9457, the errors of our own routes.
const (
	problemType = "application/problem+json"
	problemPath = "/problems/"
)

type problem struct {
	Type     string          `json:"type"` // resolves on this server
	Title    string          `json:"title"`
	Status   int             `json:"status"`
	Detail   string          `json:"detail"`
	Instance string          `json:"instance"` // the request_id
	Errors   []problemDetail `json:"errors,omitempty"`
	Owner    *session.Owner  `json:"owner,omitempty"` // of a conflict: who has the conversation
}

type problemDetail struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func problemOf(request session.ID, line fault, e session.Error) []byte {
	p := problem{
		Type: problemPath + line.name, Title: line.title, Status: line.status,
		Detail: e.Error(), Instance: "urn:uuid:" + request.String(), Owner: e.Owner,
	}
	if e.Field != "" {
		p.Errors = []problemDetail{{e.Field, e.Message}}
	}
	return encode(p)
}

// problemCodes lists one code of every line of the error table.
func problemCodes() []session.Code {
	return []session.Code{
		session.CodeInvalidPayload, session.CodeUnauthorized, session.CodeSessionNotFound, session.CodeIntegrationNotFound,
		session.CodeNotFound, codeMethod, session.CodeRequestInProgress, session.CodeConflict, session.CodeVersionConflict,
		session.CodePayloadTooLarge, session.CodeIdempotencyMismatch, session.CodeRateLimited, session.CodeUnavailable, codeTimeout, session.CodeInternal,
	}
}

// describeProblem explains a problem type.
func describeProblem(c *call) (answer, error) {
	name := c.r.PathValue("code")
	codes := problemCodes()
	i := slices.IndexFunc(codes, func(code session.Code) bool { return faultOf(code).name == name })
	if i < 0 {
		return answer{}, &session.Error{Code: session.CodeNotFound, Message: "no such problem type"}
	}
	line := faultOf(codes[i])
	return answer{status: 200, body: encode(struct {
		Request string `json:"request_id"`
		Type    string `json:"type"`
		Title   string `json:"title"`
		Status  int    `json:"status"`
	}{c.id.String(), problemPath + line.name, line.title, line.status})}, nil
}
