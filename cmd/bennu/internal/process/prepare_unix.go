//go:build unix && !linux

package process

import (
	"os/exec"
	"syscall"
)

// prepare gives the program a group, so that the terminal's Ctrl-C is ours to
// pass on.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
