package e2e

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for something that will happen.
const patience = 20 * time.Second

// secret is the tests' own; real ones come from `bennu gen secret`.
var secret = strings.Repeat("0123456789abcdef", 4)

// server is a running program that serves, as one test sees it.
type server struct {
	*program
	t   testing.TB
	url string // without a slash at the end
}

// showcase starts the production binary on a port of its own and ends it with
// the test. Each env is "NAME=value".
func showcase(t testing.TB, env ...string) *server {
	t.Helper()
	s := showcaseProgram(t, env...)
	line, _ := s.line(0, "msg=listening")
	s.url = strings.TrimSuffix(field(t, line, "url"), "/")
	return s
}

// showcaseProgram starts it without asking where it listens.
func showcaseProgram(t testing.TB, env ...string) *server {
	t.Helper()
	return run(t, exec.Command(binary(t, "showcase")), append([]string{"PORT=0", "SECRET_KEY_BASE=" + secret}, env...)...)
}

// binary is the path of a program that `make build` leaves.
func binary(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "bin", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("no program to test: %v; `make build` makes it", err)
	}
	return path
}

// run starts a program and ends it with the test.
func run(t testing.TB, cmd *exec.Cmd, env ...string) *server {
	t.Helper()
	p, err := start(cmd, env...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})
	return &server{program: p, t: t}
}

// line waits for a whole line after the mark that has all the parts, and
// returns it with the mark behind it.
func (s *server) line(mark int, parts ...string) (string, int) {
	s.t.Helper()
	line, at, err := s.find(mark, parts)
	if err != nil {
		s.t.Fatal(err)
	}
	return line, at
}

// program is a process, and what it wrote to its terminal.
type program struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended

	mu  sync.Mutex
	log bytes.Buffer
	add chan struct{} // closed and replaced when the log grows
}

// start starts a program and collects what it writes.
func start(cmd *exec.Cmd, env ...string) (*program, error) {
	p := &program{cmd: cmd, done: make(chan struct{}), add: make(chan struct{})}
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = p, p
	// SIGTERM, since make passes it on to what it runs.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.done)
		_ = cmd.Wait() // how it ended is for the test that cares
	}()
	return p, nil
}

// stop ends the program as an operator would and waits for it.
func (p *program) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("the program did not end %v after SIGTERM; its log:\n%s", patience, p.text())
	}
}

// Write takes what the program writes to its terminal.
func (p *program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.add)
	p.add = make(chan struct{})
	return p.log.Write(b)
}

func (p *program) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// mark is a place in the log: what comes later is found by line.
func (p *program) mark() int { return len(p.text()) }

// find is line for those who have no test at hand.
func (p *program) find(mark int, parts []string) (line string, at int, err error) {
	late := time.After(patience)
	for {
		p.mu.Lock()
		text, add := p.log.String(), p.add
		p.mu.Unlock()
		at := mark
		for {
			end := strings.IndexByte(text[at:], '\n')
			if end < 0 {
				break
			}
			line := text[at : at+end]
			at += end + 1
			if containsAll(line, parts) {
				return line, at, nil
			}
		}
		select {
		case <-add:
		case <-p.done:
			return "", 0, fmt.Errorf("the program ended without a line with %q:\n%s", parts, p.text())
		case <-late:
			return "", 0, fmt.Errorf("no line with %q in the log after %d bytes:\n%s", parts, mark, text)
		}
	}
}

func containsAll(s string, parts []string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}

// field is the value of key=value in a line of the log.
func field(t testing.TB, line, key string) string {
	t.Helper()
	_, rest, ok := strings.Cut(line, " "+key+"=")
	if !ok {
		t.Fatalf("no %s in the line %s", key, line)
	}
	if strings.HasPrefix(rest, `"`) {
		var v string
		if _, err := fmt.Sscanf(rest, "%q", &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	v, _, _ := strings.Cut(rest, " ")
	return v
}

// freePort is a port that nobody listens on, for now.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
