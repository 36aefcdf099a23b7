package process

import (
	"os/exec"
	"syscall"
)

// prepare gives the program a group, so that the terminal's Ctrl-C is ours to
// pass on, and ties its life to ours.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
