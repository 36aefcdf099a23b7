//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// node is a process of the app.
type node struct {
	name, program string
	env           []string
	out           *printer

	mu  sync.Mutex
	pid int // 0 while it does not run
}

// run starts the program, and starts it again some time after it has ended by
// itself, until ctx ends; with again 0 it stays dead. Then it asks the process
// to stop, and kills it when it takes longer than grace.
func (n *node) run(ctx context.Context, again, grace time.Duration) error {
	for {
		if err := n.once(ctx, grace); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		if again == 0 {
			<-ctx.Done()
			return nil
		}
		n.out.printf(n.name, "is started again in %v", again)
		wait := time.NewTimer(again)
		select {
		case <-ctx.Done():
			wait.Stop()
			return nil
		case <-wait.C:
		}
	}
}

// once runs it until it ends. An error is for a program that does not start.
func (n *node) once(ctx context.Context, grace time.Duration) error {
	cmd := exec.CommandContext(ctx, n.program)
	cmd.Env = append(os.Environ(), n.env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = grace
	// A ctrl-c at the terminal is for this program, which asks the nodes to stop.
	cmd.SysProcAttr = ownGroup()
	read, write := io.Pipe()
	cmd.Stdout, cmd.Stderr = write, write
	var copied sync.WaitGroup
	copied.Go(func() { n.out.copy(n.name, read) })
	err := cmd.Start()
	if err == nil {
		n.set(cmd.Process.Pid)
		err = cmd.Wait()
		n.set(0)
	}
	_ = write.Close()
	copied.Wait()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended && ctx.Err() == nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	n.out.printf(n.name, "has ended: %v", cmd.ProcessState)
	return nil
}

func (n *node) set(pid int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pid = pid
}

// process is its id, 0 while it does not run.
func (n *node) process() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.pid
}

// kill ends it as a machine that loses its power does.
func (n *node) kill() error {
	pid := n.process()
	if pid == 0 {
		return fmt.Errorf("%s does not run", n.name)
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}

// printer writes lines of several nodes.
type printer struct {
	mu sync.Mutex
	w  io.Writer
}

func (p *printer) printf(name, format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = fmt.Fprintf(p.w, "%-7s | %s\n", name, fmt.Sprintf(format, args...)) // nobody may be reading
}

func (p *printer) copy(name string, r io.Reader) {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if n := len(line); n > 0 {
			if line[n-1] == '\n' {
				line = line[:n-1]
			}
			p.printf(name, "%s", line)
		}
		if err != nil {
			return
		}
	}
}
