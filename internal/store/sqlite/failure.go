package sqlite

import (
	"errors"
	"fmt"
	"strings"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"parley/internal/session"
)

// ErrLocked is returned by Open when another process has the store open.
var ErrLocked = errors.New("the data directory is in use by another process")

// ErrNewer is returned by Open when the schema was written by a newer version
// of the program.
var ErrNewer = errors.New("the store was written by a newer version of Parley")

// isDisk reports whether an error comes from what lies under the database: a
// full or failing disk, a file that is gone or is no database, no memory.
// Nothing that was asked for is at fault, so nothing is tried one by one.
func isDisk(err error) bool {
	var e *driver.Error
	if !errors.As(err, &e) {
		return errors.Is(err, errNoConnection)
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB,
		lib.SQLITE_NOMEM, lib.SQLITE_BUSY, lib.SQLITE_PROTOCOL, lib.SQLITE_PERM:
		return true
	}
	return false
}

var errNoConnection = errors.New("the database cannot be opened")

// isTaken reports whether a value of a column is another row's already.
func isTaken(err error, column string) bool {
	var e *driver.Error
	return errors.As(err, &e) && e.Code() == lib.SQLITE_CONSTRAINT_UNIQUE && strings.Contains(e.Error(), column)
}

// unavailable is what callers learn of a disk error.
func unavailable(err error) *session.Error {
	return session.Unavailable(fmt.Sprintf("the store cannot be used: %v", err))
}

// refusal turns an error of a read into what a caller may see.
func refusal(err error) error {
	if err != nil && isDisk(err) {
		return unavailable(err)
	}
	return err
}

// panicked is a rule that broke down. Its half-done work is thrown away with
// the whole transaction.
type panicked struct {
	change string
	value  any
	stack  []byte
}

func (p *panicked) Error() string {
	return fmt.Sprintf("change %q broke down: %v\n%s", p.change, p.value, p.stack)
}
