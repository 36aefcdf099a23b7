package dev

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

var readyLine = regexp.MustCompile(`ready in \d+ ms → (http://\S+)`)

// devProcess starts this program as a `bennu dev` and waits until the app is
// ready; app is the app's process id.
func devProcess(t *testing.T) (cmd *exec.Cmd, l *loopTest, app int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	l = &loopTest{t: t, dir: newApp(t, nil), out: new(log)}
	cmd = exec.Command(self)
	cmd.Env = append(os.Environ(), envServe+"="+l.dir)
	cmd.Stdout, cmd.Stderr = l.out, l.out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has ended, if all is well
		if t.Failed() {
			t.Logf("bennu dev printed:\n%s", l.out.String())
		}
	})
	eventually(t, "the app is ready", func() bool { return readyLine.MatchString(l.out.String()) })
	l.base = readyLine.FindStringSubmatch(l.out.String())[1]
	_, pid, err := l.get("/pid")
	if err != nil {
		t.Fatal(err)
	}
	if app, err = strconv.Atoi(pid); err != nil {
		t.Fatal(err)
	}
	return cmd, l, app
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// SEED-03: Ctrl-C ends everything in good order.
func TestCtrlCLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		cmd, l, app := devProcess(t)
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: bennu dev ended with %v, want status 0", sig, err)
		}
		if alive(app) {
			t.Errorf("%v: the app, process %d, is still there", sig, app)
		}
		l.printed(" stopped\n") // the app was not killed
	}
}

// A bennu dev that is killed takes the app with it.
func TestAKilledDevLeavesNothing(t *testing.T) {
	t.Parallel()
	cmd, _, app := devProcess(t)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // signal: killed
	eventually(t, "the app ends", func() bool { return !alive(app) || zombie(app) })
}

// zombie reports whether the process has ended and only waits to be asked,
// which in a container may be for nobody.
func zombie(pid int) bool {
	if runtime.GOOS != "linux" {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && regexp.MustCompile(`\) Z `).Match(stat)
}

// An app that does not end when it is asked to is ended.
func TestAStubbornAppIsKilled(t *testing.T) {
	t.Parallel()
	dir := newApp(t, map[string]string{"main.go": `package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT)
	fmt.Println("stubborn", os.Getpid())
	os.NewFile(5, "answer").WriteString("{\"type\":\"ready\"}\n")
	time.Sleep(time.Hour)
}
`})
	l := serve(t, dir)
	l.printed("ready in ")
	m := regexp.MustCompile(`stubborn (\d+)`).FindStringSubmatch(l.out.String())
	if m == nil {
		t.Fatal("the app did not say who it is")
	}
	pid, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	l.stop()
	if alive(pid) {
		t.Errorf("process %d is still there", pid)
	}
	if took := time.Since(began); took < drainTime {
		t.Errorf("it was ended after %v, before its time was over", took)
	}
}
