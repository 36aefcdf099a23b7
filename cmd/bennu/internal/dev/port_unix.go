//go:build unix

package dev

import (
	"fmt"
	"net"
	"os"
	"syscall"
)

// inheritable is a copy of the socket for programs we start. It is made by hand
// because the copy that net.TCPListener.File makes is switched to blocking when
// it is passed on, and with it the socket of all who share it: an app that
// accepts would then hang in a call that nothing ends.
func inheritable(l *net.TCPListener) (*os.File, error) {
	raw, err := l.SyscallConn()
	if err != nil {
		return nil, err
	}
	var fd int
	var dupErr error
	err = raw.Control(func(original uintptr) {
		syscall.ForkLock.RLock()
		defer syscall.ForkLock.RUnlock()
		if fd, dupErr = syscall.Dup(int(original)); dupErr == nil {
			syscall.CloseOnExec(fd)
		}
	})
	if err != nil {
		return nil, err
	}
	if dupErr != nil {
		return nil, fmt.Errorf("copying the socket: %w", dupErr)
	}
	return os.NewFile(uintptr(fd), "bennu dev: port"), nil
}
