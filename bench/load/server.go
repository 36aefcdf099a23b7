package main

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// A command is a server that a storm starts and kills, and a drain stops. It has the environment
// of this program; what it writes goes to log.
type command struct {
	argv []string
	log  io.Writer
	cmd  *exec.Cmd
}

// Start starts it.
func (c *command) Start() (pid int, err error) {
	c.cmd = exec.Command(c.argv[0], c.argv[1:]...)
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	if err := c.cmd.Start(); err != nil {
		return 0, fmt.Errorf("start %s: %w", c.argv[0], err)
	}
	return c.cmd.Process.Pid, nil
}

// Kill ends it by SIGKILL. One that has ended by itself is an error.
func (c *command) Kill() error {
	killed := c.cmd.Process.Kill()
	err := c.cmd.Wait()
	if c.cmd.ProcessState.Exited() {
		return fmt.Errorf("%s has ended by itself: %w", c.argv[0], err)
	}
	return killed
}

// Stop asks it to end by SIGTERM, and waits until it has.
func (c *command) Stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop %s: %w", c.argv[0], err)
	}
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("%s did not end well: %w", c.argv[0], err)
	}
	return nil
}
