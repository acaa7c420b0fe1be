//go:build !linux

package postgres

import "syscall"

// impatient leaves the system's own timeouts, and keepalives beside them.
func impatient(_, _ string, _ syscall.RawConn) error { return nil }
