// Package process starts programs that never outlive the one that started
// them, however that one ends, nor leave programs of their own behind.
package process

import (
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// Process is a started program with all that it starts itself.
type Process struct {
	cmd  *exec.Cmd
	reap func() // lets the waiting begin
	done chan struct{}
	err  error // set before done is closed
}

// Start starts cmd in a process group of its own. It has to be waited for.
func Start(cmd *exec.Cmd) (*Process, error) {
	prepare(cmd)
	reap := make(chan struct{})
	p := &Process{cmd: cmd, done: make(chan struct{}), reap: sync.OnceFunc(func() { close(reap) })}
	started := make(chan error)
	go func() {
		// Linux counts the end of the thread that started a process as the
		// parent's end: this one stays for as long as the process does.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		<-reap
		p.err = cmd.Wait()
		signalGroup(cmd.Process, syscall.SIGKILL) // what it left behind
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// Wait waits until the program has ended and its output was read, with the
// errors of [exec.Cmd.Wait]. Readers of [exec.Cmd.StdoutPipe] and its sister
// read to the end before they call it.
func (p *Process) Wait() error {
	p.reap()
	<-p.done
	return p.err
}

// Done is closed when the program has ended and somebody waits for it.
func (p *Process) Done() <-chan struct{} { return p.done }

// Signal sends a signal to the program alone; nothing happens when it has ended.
func (p *Process) Signal(sig os.Signal) {
	select {
	case <-p.done:
	default:
		_ = p.cmd.Process.Signal(sig) // it ended at this moment
	}
}

// SignalGroup sends a signal to the program and to what it started.
func (p *Process) SignalGroup(sig syscall.Signal) {
	select {
	case <-p.done:
	default:
		signalGroup(p.cmd.Process, sig)
	}
}

// Kill ends the program and what it started, at once.
func (p *Process) Kill() {
	select {
	case <-p.done:
	default:
		signalGroup(p.cmd.Process, syscall.SIGKILL)
	}
}

// PID is the program's process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }
