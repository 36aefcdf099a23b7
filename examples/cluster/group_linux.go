package main

import "syscall"

// ownGroup keeps what the terminal sends from the processes, and ends them with
// this one, however that ends.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
