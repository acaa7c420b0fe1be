package postgres

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// impatient ends a connection whose bytes are not confirmed: the other end, or the
// way to it, is gone.
func impatient(_, _ string, raw syscall.RawConn) error {
	var err error
	outer := raw.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(deadNetwork.Milliseconds()))
	})
	if outer != nil {
		return outer
	}
	if err == unix.ENOPROTOOPT || err == unix.EOPNOTSUPP { // a unix socket
		return nil
	}
	return err
}
