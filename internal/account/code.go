package account

import (
	"fmt"
	"time"

	"parley/internal/session"
)

// Codes of refusals that only accounts know: see docs/accounts.md.
const (
	CodeInvalidCredentials session.Code = "invalid_credentials" // one answer for every reason
	CodeCodeRequired       session.Code = "code_required"       // the password is right, the second factor is missing
	CodeInvalidCode        session.Code = "invalid_code"        // the second factor does not fit, or was used
	CodeLocked             session.Code = "locked"              // too many wrong sign-ins; RetryAfter is set
	CodeForbidden          session.Code = "forbidden"           // the role does not allow it
	CodeSignOnRefused      session.Code = "sign_on_refused"     // the provider or our rules said no
)

func refused(code session.Code, message string) error {
	return &session.Error{Code: code, Message: message}
}

func errCredentials() error {
	return refused(CodeInvalidCredentials, "wrong e-mail, password or code")
}

func errUnauthorized() error {
	return refused(session.CodeUnauthorized, "not signed in, or the sign-in is over")
}

func errLocked(wait time.Duration) error {
	return &session.Error{
		Code: CodeLocked, RetryAfter: wait,
		Message: fmt.Sprintf("too many wrong sign-ins; try again in %s", wait.Round(time.Second)),
	}
}

func conflict(field, message string) error {
	return &session.Error{Code: session.CodeConflict, Field: field, Message: message}
}

func notFound(what string) error {
	return &session.Error{Code: session.CodeNotFound, Message: "no such " + what}
}
