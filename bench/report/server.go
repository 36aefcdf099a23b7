package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"bennu/token"
)

// A server is a program that is being measured. It is ended by stop, and by the
// context that it was started with.
type server struct {
	name    string
	url     string // without a path
	figures string // where it tells of itself; empty: it does not
	pid     int
	cmd     *exec.Cmd
	log     *tail
	ended   chan struct{} // closed when the process is gone
}

// start runs a program on the servers' CPU and waits until it answers.
func (b *bench) start(ctx context.Context, name, program string) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	inside, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &server{name: name, url: "http://127.0.0.1:" + port, log: new(tail), ended: make(chan struct{})}
	if name == "observed" {
		s.figures = "http://127.0.0.1:" + inside
	}
	s.cmd = b.command(ctx, b.cpus.server, program)
	s.cmd.Env = append(os.Environ(), "PORT="+port, "OBSERVE_PORT="+inside, "SECRET_KEY_BASE="+token.NewSecret(),
		"BENNU_LOG=warn", "BENNU_EVENT_RATE=off", "BENNU_DEV=0", "BENNU_ORIGINS=")
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w (`make bench` builds it)", name, err)
	}
	s.pid = s.cmd.Process.Pid
	go func() {
		defer close(s.ended)
		_ = s.cmd.Wait() // how it ended shows in its log
	}()
	if err := s.ready(ctx); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// command is a program on one CPU that gets a SIGTERM when the context ends,
// and is killed if that does not help.
func (b *bench) command(ctx context.Context, cpu int, argv ...string) *exec.Cmd {
	argv = b.cpus.pin(cpu, argv...)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	endWithParent(cmd)
	return cmd
}

// ready waits until the counter page answers.
func (s *server) ready(ctx context.Context) error {
	deadline := time.Now().Add(20 * time.Second)
	for {
		resp, err := http.Get(s.url + "/counter")
		if err == nil {
			_ = resp.Body.Close() // only the status counts
			if resp.StatusCode == http.StatusOK {
				return nil
			}
			err = errors.New(resp.Status)
		}
		select {
		case <-s.ended:
			return fmt.Errorf("%s ended at once: %s", s.name, s.log)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not answer: %w: %s", s.name, err, s.log)
		}
	}
}

// stop ends the process and waits for it.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have gone already
	select {
	case <-s.ended:
	case <-time.After(15 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
}

// freePort is a port of the loopback address that nobody uses. Somebody may take
// it before the server does; then that does not start, and says so.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("free port: %w", err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// tail keeps the last lines that a process wrote.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if over := len(t.b) - tailSize; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(p), nil
}

// String is what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.b) == 0 {
		return "it wrote nothing"
	}
	return string(t.b)
}
