//go:build !unix

package transport

import (
	"net"
	"syscall"
)

// rawConn has no portable read of a raw socket here; connections are read
// through net.Conn.
func rawConn(net.Conn) syscall.RawConn { return nil }

func (in *input) attempt(uintptr) bool { return true }

func (w *rawWrite) attempt(uintptr) bool { return true }
