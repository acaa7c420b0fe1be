package live

import (
	"parley/internal/session"
)

// failure is the error object of contract c.2.
type failure struct {
	Code        string `json:"error_code"`
	Description string `json:"description"`
	Session     string `json:"session_id,omitempty"`
	Version     int64  `json:"version,omitempty"`
	Client      string `json:"client_message_id,omitempty"`
}

// codeOf is the one table from the core's codes to the socket's vocabulary. It
// has no default: a code that is forgotten here is found by the linter.
func codeOf(code session.Code) string {
	switch code { //exhaustive:enforce
	case session.CodeInvalidPayload:
		return "invalid_payload"
	case session.CodeInvalidAttachment, session.CodeFileNotFound:
		return "invalid_attachment"
	case session.CodePayloadTooLarge:
		return "payload_too_large"
	case session.CodeRateLimited:
		return "rate_limited"
	case session.CodeVersionConflict:
		return "version_conflict"
	case session.CodeIdempotencyMismatch:
		return "idempotency_mismatch"
	case session.CodeUnavailable:
		return "unavailable"
	case session.CodeInvalidIdentity:
		return "invalid_identity_token"
	case session.CodeSessionNotFound, session.CodeNotFound, session.CodeUnauthorized, session.CodeIntegrationNotFound:
		return "invalid_session"
	case session.CodeRequestInProgress, session.CodeConflict, session.CodeInternal:
		return "internal_error"
	}
	return "internal_error"
}

// refusal renders an error. What went wrong inside is logged and not told.
func (p *peer) refusal(err error, named string) failure {
	code := session.CodeOf(err)
	out := failure{Code: codeOf(code), Description: err.Error(), Session: named}
	if code == session.CodeInternal {
		p.face.cfg.Log.Error("socket event failed", "error", err.Error())
		out.Description = "the server could not do this"
	}
	if e, ok := asError(err); ok {
		out.Version = e.Version
	}
	return out
}
