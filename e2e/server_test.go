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

// server is a running showcase.
type server struct {
	t    testing.TB
	url  string // without a slash at the end
	cmd  *exec.Cmd
	done chan struct{}

	mu  sync.Mutex
	log bytes.Buffer
	add chan struct{} // closed and replaced when the log grows
}

// showcase starts the production binary on a port of its own and ends it with
// the test. Each env is "NAME=value".
func showcase(t testing.TB, env ...string) *server {
	t.Helper()
	bin, err := filepath.Abs("../bin/showcase")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bin); err != nil {
		t.Fatalf("no showcase to test: %v; `make build` makes it", err)
	}
	s := run(t, exec.Command(bin), append([]string{"PORT=0", "SECRET_KEY_BASE=" + secret}, env...)...)
	line, _ := s.line(0, "msg=listening")
	s.url = strings.TrimSuffix(field(t, line, "url"), "/")
	return s
}

// run starts a program, collects what it writes, and ends it with the test.
func run(t testing.TB, cmd *exec.Cmd, env ...string) *server {
	t.Helper()
	s := &server{t: t, cmd: cmd, done: make(chan struct{}), add: make(chan struct{})}
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = s, s
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.done)
		_ = cmd.Wait() // how it ended is for the test that cares
	}()
	t.Cleanup(s.stop)
	return s
}

// stop ends the program as an operator would and waits for it.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	select {
	case <-s.done:
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		<-s.done
		s.t.Errorf("the program did not end %v after SIGTERM; its log:\n%s", patience, s.text())
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// Write takes what the program writes to its terminal.
func (s *server) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.add)
	s.add = make(chan struct{})
	return s.log.Write(b)
}

func (s *server) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// mark is a place in the log: what comes later is found by since.
func (s *server) mark() int { return len(s.text()) }

// line waits for a whole line after the mark that has all the parts, and
// returns it with the mark behind it.
func (s *server) line(mark int, parts ...string) (string, int) {
	s.t.Helper()
	late := time.After(patience)
	for {
		s.mu.Lock()
		text, add := s.log.String(), s.add
		s.mu.Unlock()
		at := mark
		for {
			end := strings.IndexByte(text[at:], '\n')
			if end < 0 {
				break
			}
			line := text[at : at+end]
			at += end + 1
			if containsAll(line, parts) {
				return line, at
			}
		}
		select {
		case <-add:
		case <-s.done:
			s.t.Fatalf("the program ended without a line with %q:\n%s", parts, s.text())
		case <-late:
			s.t.Fatalf("no line with %q in the log after %d bytes:\n%s", parts, mark, text)
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
