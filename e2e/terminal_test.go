package e2e

import (
	"os/exec"
	"strings"
	"testing"
)

func TestSEED17MountIsLoggedTwice(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	mark := s.mark()
	v := get(t, s.url+"/counter")
	dead, mark := s.line(mark, "msg=mount", "connected=false", "transport=http", v.id)
	v.dial().join(v, 0)
	connected, _ := s.line(mark, "msg=mount", "connected=true", "transport=websocket", v.id)
	if field(t, dead, "process") == field(t, connected, "process") {
		t.Errorf("both mounts ran in process %s:\n%s\n%s", field(t, dead, "process"), dead, connected)
	}
	for _, line := range []string{dead, connected} {
		if field(t, line, "view") != "counter.Counter" || field(t, line, "route") != "/counter" {
			t.Errorf("the line names another view or route: %s", line)
		}
	}
}

func TestSEED14LogOfADeadRequest(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	mark := s.mark()
	v := get(t, s.url+"/counter?step=2&password=hunter2")
	request, mark := s.line(mark, "msg=request", "method=GET", "path=/counter")
	processing, mark := s.line(mark, "msg=processing", "view=counter.Counter", "step")
	if strings.Contains(s.text(), "hunter2") {
		t.Errorf("a password stands in the log:\n%s", s.text())
	}
	_, mark = s.line(mark, "msg=mount")
	sent, _ := s.line(mark, "msg=sent", "status=200", "dur=")
	id := v.response.Header.Get("X-Request-Id")
	for _, line := range []string{request, processing, sent} {
		if field(t, line, "request_id") != id {
			t.Errorf("the line has another request id than the response's %s: %s", id, line)
		}
	}
	if !strings.Contains(processing, "pipelines=") {
		t.Errorf("no pipelines in %s", processing)
	}
}

func TestSEED16LogOfTheSocket(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	mark := s.mark()
	v := get(t, s.url+"/counter")
	v.dial()
	line, mark := s.line(mark, "msg=connected", "transport=websocket", "vsn=2.0.0", "dur=", "_mounts:[0]")
	if strings.Contains(line, v.csrf) {
		t.Errorf("the CSRF token stands in the log: %s", line)
	}
	v.dial() // every socket has its line
	s.line(mark, "msg=connected")
}

func TestSEED22CrashIsLoggedAndOthersLive(t *testing.T) {
	t.Parallel()
	s, v, j := open(t, "/counter")
	other := get(t, s.url+"/counter")
	bystander := other.dial().join(other, 0)
	bystander.push("increase", click)

	mark := s.mark()
	j.push("crash", `{"value":""}`)
	crash, mark := s.line(mark, "level=ERROR", "view=counter.Counter", "event=crash", "stack=")
	if !strings.Contains(crash, "counter.go:") {
		t.Errorf("the stack does not name the handler's file: %s", crash)
	}
	j.socket.join(v, 1)
	again, _ := s.line(mark, "msg=mount", "connected=true", v.id)
	if field(t, crash, "process") == field(t, again, "process") {
		t.Error("the crashed process runs on")
	}
	if f := bystander.push("increase", click); !strings.Contains(f.raw, `"4"`) {
		t.Errorf("the other tab shows %s, want 4", f.raw)
	}
}

func TestFault10RefusesToStartWithoutASecret(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"SECRET_KEY_BASE=", "SECRET_KEY_BASE=short"} {
		s := run(t, exec.Command(binary(t, "showcase")), "PORT=0", env)
		<-s.done
		if s.cmd.ProcessState.Success() || strings.Contains(s.text(), "goroutine") || !containsAll(s.text(), []string{"SECRET_KEY_BASE", "bennu gen secret"}) {
			t.Errorf("with %s: %v, %q; want a failure that says how to make one", env, s.cmd.ProcessState, s.text())
		}
	}
}
