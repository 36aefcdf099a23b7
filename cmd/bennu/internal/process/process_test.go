package process

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// gone waits until no process has the id, which may take the system a moment.
func gone(pid int) bool {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if syscall.Kill(pid, 0) == syscall.ESRCH || zombie(pid) {
			return true
		}
		time.Sleep(time.Millisecond) // between two looks
	}
	return false
}

// zombie reports whether the process has ended and nobody asked yet: in a
// container there may be no init that does.
func zombie(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestKillEndsTheWholeGroup(t *testing.T) {
	t.Parallel()
	p, grandchild := startPair(t, "sleep 100 & echo $!; wait")
	p.Kill()
	if err := p.Wait(); err == nil {
		t.Error("Wait of a killed program = nil, want an error")
	}
	if !gone(grandchild) {
		t.Errorf("process %d outlived its parent", grandchild)
	}
	p.Kill()                  // after the end: nothing
	p.Signal(syscall.SIGTERM) // likewise
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	p, grandchild := startPair(t, "sleep 100 >/dev/null 2>&1 & echo $!")
	if err := p.Wait(); err != nil {
		t.Errorf("Wait = %v", err)
	}
	if !gone(grandchild) {
		t.Errorf("process %d was left behind", grandchild)
	}
}

func TestSignalReachesTheProgramAlone(t *testing.T) {
	t.Parallel()
	p, grandchild := startPair(t, "trap 'exit 7' TERM; sleep 100 & echo $!; wait")
	p.Signal(syscall.SIGTERM)
	err := p.Wait()
	if p.cmd.ProcessState.ExitCode() != 7 {
		t.Errorf("Wait = %v, want exit status 7", err)
	}
	if !gone(grandchild) {
		t.Errorf("process %d was left behind", grandchild)
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	if _, err := Start(exec.Command("/does/not/exist")); err == nil {
		t.Error("Start of what is not there = nil, want an error")
	}
}

// startPair starts a script that prints the id of a process it started.
func startPair(t *testing.T, script string) (*Process, int) {
	t.Helper()
	cmd := exec.Command("sh", "-c", script)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Kill(); _ = p.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return p, pid
}
