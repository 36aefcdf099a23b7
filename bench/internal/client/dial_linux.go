package client

import "syscall"

// manySources: all of 127.0.0.0/8 is this machine.
const manySources = true

// bindAddressNoPort is IP_BIND_ADDRESS_NO_PORT, which package syscall lacks.
const bindAddressNoPort = 24

// portLater lets the kernel choose the port when it connects, so that a port
// may be used towards several destinations. Without it, binding to a source
// takes the port for all of them.
func portLater(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, bindAddressNoPort, 1)
	})
	if err != nil {
		return err
	}
	return failed
}
