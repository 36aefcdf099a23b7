//go:build !unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

func prepare(*exec.Cmd) {}

// signalGroup ends the program alone, whatever the signal: there are no groups.
func signalGroup(p *os.Process, _ syscall.Signal) {
	_ = p.Kill() // it has ended, which is as good
}
