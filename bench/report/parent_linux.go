package main

import (
	"os/exec"
	"syscall"
)

// endWithParent makes the kernel end a child when this program is killed and
// cannot do so itself. The kernel watches the thread that started the child,
// which lives as long as the program: the runtime ends only threads that a
// goroutine was locked to.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
