//go:build unix

package process

import (
	"os"
	"syscall"
)

func signalGroup(p *os.Process, sig syscall.Signal) {
	_ = syscall.Kill(-p.Pid, sig) // ESRCH: nobody is left, which is as good
}
