//go:build unix && !linux

package main

import "syscall"

// ownGroup keeps what the terminal sends from the processes.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
