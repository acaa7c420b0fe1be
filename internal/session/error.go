package session

import (
	"errors"
	"fmt"
	"time"
)

// Code says what went wrong, for every face. Each face has one table from
// codes to its own vocabulary (contract a.0 and c.2).
type Code string

const (
	CodeInvalidPayload      Code = "invalid_payload"
	CodeInvalidAttachment   Code = "invalid_attachment"
	CodeUnauthorized        Code = "unauthorized"
	CodeSessionNotFound     Code = "session_not_found"
	CodeIntegrationNotFound Code = "integration_not_found"
	CodeNotFound            Code = "not_found"
	CodeFileNotFound        Code = "file_not_found"
	CodeRequestInProgress   Code = "request_in_progress"
	CodeVersionConflict     Code = "version_conflict"
	CodePayloadTooLarge     Code = "payload_too_large"
	CodeIdempotencyMismatch Code = "idempotency_mismatch"
	CodeRateLimited         Code = "rate_limited"
	CodeUnavailable         Code = "unavailable"
	CodeInvalidIdentity     Code = "invalid_identity_token"
	CodeConflict            Code = "conflict" // lost a race for the owner of a conversation
	CodeInternal            Code = "internal"
)

// Error is a refusal that a caller may see. Field names the offending part of
// the input where there is one. Version is set with CodeVersionConflict,
// RetryAfter with CodeRateLimited and CodeUnavailable, Owner with CodeConflict.
type Error struct {
	Code       Code
	Field      string
	Message    string
	Version    int64
	RetryAfter time.Duration
	Owner      *Owner // who has the conversation; nil where none is open
}

func (e *Error) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

// CodeOf returns the code of an error; anything foreign is CodeInternal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// Invalid returns a refusal of a malformed field.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: CodeInvalidPayload, Field: field, Message: fmt.Sprintf(format, args...)}
}

func errNotFound() *Error {
	return &Error{Code: CodeSessionNotFound, Message: "no such session, or it has ended"}
}

func errRateLimited(bound int) *Error {
	return &Error{
		Code: CodeRateLimited, RetryAfter: time.Second,
		Message: fmt.Sprintf("this client already has %d accepted messages waiting for their turn; a back end that sends one channel_user_id for all people shares one queue", bound),
	}
}

// errOwned refuses what the owner of a conversation does not allow.
func errOwned(talk *Conversation) *Error {
	e := &Error{Code: CodeConflict, Owner: talk.owner(), Message: "there is no open conversation"}
	switch {
	case e.Owner == nil:
	case e.Owner.Agent != nil:
		e.Message = e.Owner.Agent.ID + " already has this conversation"
	case e.Owner.Kind == OwnerBot:
		e.Message = "the bot has this conversation"
	default:
		e.Message = "this conversation sleeps in the queue"
	}
	return e
}

// Unavailable returns the refusal of a node that cannot accept now.
func Unavailable(why string) *Error {
	return &Error{Code: CodeUnavailable, Message: why, RetryAfter: time.Second}
}

// ErrNoRow is what [Rows] returns for a key that has no row.
var ErrNoRow = errors.New("no such row")
