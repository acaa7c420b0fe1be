//go:build unix

package app

import (
	"errors"
	"net"
	"os"
	"syscall"
)

// acceptAll accepts without waiting. The descriptor of a listener of package
// net does not block.
func acceptAll(l *net.TCPListener) (list []net.Conn) {
	raw, err := l.SyscallConn()
	if err != nil {
		return nil
	}
	_ = raw.Control(func(fd uintptr) {
		for {
			one, _, err := syscall.Accept(int(fd))
			if errors.Is(err, syscall.EINTR) || errors.Is(err, syscall.ECONNABORTED) {
				continue
			}
			if err != nil {
				return
			}
			syscall.CloseOnExec(one)
			file := os.NewFile(uintptr(one), "backlog")
			if c, err := net.FileConn(file); err == nil {
				list = append(list, c)
			}
			_ = file.Close()
		}
	})
	return list
}
