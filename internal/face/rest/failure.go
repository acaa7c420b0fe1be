package rest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"parley/internal/session"
)

// codeMethod is a refusal that only HTTP knows.
const codeMethod session.Code = "method_not_allowed"

// codeTimeout is the refusal of a wait that was too long.
const codeTimeout session.Code = "timeout"

// errBroken stands for a fault of ours whose details are in the log.
var errBroken = errors.New("broken")

// fault is a line of the error table of contract a.0.
type fault struct {
	status int
	name   string // error_code
	title  string
}

// faultOf is the one table from the core's codes to the wire. It has no
// default: a code that is forgotten here is found by the linter.
func faultOf(code session.Code) fault {
	switch code { //exhaustive:enforce
	case session.CodeInvalidPayload, session.CodeInvalidAttachment:
		return fault{http.StatusBadRequest, "invalid-payload", "The request is malformed or misses a field."}
	case session.CodeUnauthorized, session.CodeInvalidIdentity:
		return fault{http.StatusUnauthorized, "unauthorized", "The key is wrong, or the address is not allowed."}
	case session.CodeSessionNotFound:
		return fault{http.StatusNotFound, "session-not-found", "There is no such session, or it has ended."}
	case session.CodeIntegrationNotFound:
		return fault{http.StatusNotFound, "integration-not-found", "There is no such integration."}
	case session.CodeNotFound:
		return fault{http.StatusNotFound, "not-found", "There is nothing here."}
	case session.CodeFileNotFound:
		return fault{http.StatusNotFound, "file-not-found", "There is no such file in this session, or it was not uploaded yet."}
	case codeMethod:
		return fault{http.StatusMethodNotAllowed, "method-not-allowed", "The path has no such method; Allow names those it has."}
	case session.CodeRequestInProgress:
		return fault{http.StatusConflict, "request-in-progress", "A request with the same Idempotency-Key is still running."}
	case session.CodeConflict:
		return fault{http.StatusConflict, "conflict", "Somebody else was first."}
	case session.CodeVersionConflict:
		return fault{http.StatusPreconditionFailed, "precondition-failed", "The context has another version than If-Match demands; nothing was stored."}
	case session.CodePayloadTooLarge:
		return fault{http.StatusRequestEntityTooLarge, "payload-too-large", "The body, or the context after the merge, is over the limit."}
	case session.CodeIdempotencyMismatch:
		return fault{http.StatusUnprocessableEntity, "idempotency-mismatch", "The Idempotency-Key was used before with another body."}
	case session.CodeRateLimited:
		return fault{http.StatusTooManyRequests, "rate-limited", "Too much at once; Retry-After says when to come back."}
	case session.CodeUnavailable:
		return fault{http.StatusServiceUnavailable, "unavailable", "The server cannot accept this now; Retry-After says when to come back."}
	case codeTimeout:
		return fault{http.StatusGatewayTimeout, "timeout", "The answer is not there yet; the request was taken."}
	case session.CodeInternal:
	}
	return fault{http.StatusInternalServerError, "internal-server-error", "The server failed."}
}

// refuse renders an error. What went wrong inside is logged and not told.
func (c *call) refuse(err error) answer {
	e := c.classify(err)
	line := faultOf(e.Code)
	out := answer{status: line.status, header: http.Header{}}
	switch e.Code {
	case codeMethod:
		out.header["Allow"] = []string{e.Field}
		e.Field = ""
	case session.CodeUnauthorized:
		out.header["Www-Authenticate"] = []string{"apikey"}
	case session.CodeInvalidIdentity:
		out.header["Www-Authenticate"] = []string{"Bearer"}
	case session.CodeRateLimited, session.CodeUnavailable:
		out.header["Retry-After"] = []string{strconv.Itoa(seconds(e.RetryAfter))}
	}
	if c.route.family == own {
		out.kind, out.body = problemType, problemOf(c.id, line, e)
		return out
	}
	if c.route.family == chatAPI {
		out.body = chatRefusal(line, e)
		return out
	}
	out.header["Link"] = []string{"<" + problemPath + line.name + `>; rel="type"`}
	out.body = encode(struct {
		Code    string `json:"error_code"`
		Message string `json:"error_message"`
	}{line.name, e.Error()})
	return out
}

// classify returns a copy of the core's refusal; anything else is a fault of
// ours.
func (c *call) classify(err error) session.Error {
	if e, ok := errors.AsType[*methodError](err); ok {
		return session.Error{Code: codeMethod, Field: e.allow, Message: e.Error()}
	}
	if e, ok := errors.AsType[*session.Error](err); ok && e.Code != session.CodeInternal {
		return *e
	}
	if !errors.Is(err, errBroken) {
		c.face.cfg.Log.Error("request failed", "route", c.route.path, "request_id", c.id.String(), "error", err.Error())
	}
	return session.Error{Code: session.CodeInternal, Message: "the server could not do this"}
}

// seconds rounds up, to 1 at least.
func seconds(d time.Duration) int { return max(1, int((d+time.Second-1)/time.Second)) }

// encode renders what cannot fail to render: plain structs.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return []byte("{}") // unreachable: callers pass structs of texts, numbers and valid JSON
	}
	return raw
}
