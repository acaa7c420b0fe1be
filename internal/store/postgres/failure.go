package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/session"
)

// unreachable is an error of the connection, not an answer of the server.
type unreachable struct{ cause error }

func (u *unreachable) Error() string { return u.cause.Error() }
func (u *unreachable) Unwrap() error { return u.cause }

// unsettled is a COMMIT of which nobody will tell what became of it.
type unsettled struct{ told error }

func (u *unsettled) Error() string { return u.told.Error() }
func (u *unsettled) Unwrap() error { return u.told }

func isUnsettled(err error) bool {
	_, is := errors.AsType[*unsettled](err)
	return is
}

// isAway reports whether an error comes from what lies between the node and its
// data: the network, a server that stops, starts or is full. Nothing that was asked
// for is at fault.
func isAway(err error) bool {
	e, answered := errors.AsType[*pgconn.PgError](err)
	if !answered {
		_, lost := errors.AsType[*unreachable](err)
		return lost
	}
	switch e.Code {
	case "25006", // read only: a standby
		"25P03", // thrown out of an idle transaction
		"3D000": // the database is not there (yet)
		return true
	}
	switch e.Code[:2] {
	case "08", "53", "57", "58", "XX":
		return true
	}
	return false
}

// isConflict reports whether another transaction was in the way: done again, alone,
// the same thing can succeed.
func isConflict(err error) bool {
	e, answered := errors.AsType[*pgconn.PgError](err)
	if !answered {
		return false
	}
	switch e.Code {
	case "40001", "40P01", // serialization, deadlock
		"55P03",          // a lock that was not to be had in time
		"23505", "23P01": // a key that another inserted first
		return true
	}
	return false
}

// unavailable is what callers learn of a database that is away.
func unavailable(err error) *session.Error {
	return session.Unavailable("the store cannot be used: " + reason(err))
}

// reason is the end of what the driver tells: why, but not where the database is nor
// as whom it is used, which is not the callers' business.
func reason(err error) string {
	if refused, dialled := errors.AsType[*pgconn.ConnectError](err); dialled {
		why := refused.Error()
		return why[max(0, strings.LastIndex(why, ": ")+2):]
	}
	why, _, _ := strings.Cut(err.Error(), "\n")
	return why
}

// refusal turns an error of a read into what a caller may see.
func refusal(err error) error {
	if isAway(err) {
		return unavailable(err)
	}
	return err
}
