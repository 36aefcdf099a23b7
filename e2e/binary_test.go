package e2e

import (
	"debug/elf"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// These tests hold that the production showcase is one static file which is
// configured by its environment alone.

func TestBinaryIsStatic(t *testing.T) {
	t.Parallel()
	f, err := elf.Open(binary(t, "showcase"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the program has a segment %v: it needs libraries of the machine", p.Type)
		}
	}
}

func TestPORT(t *testing.T) {
	t.Parallel()
	s := onPort(t)
	if v := get(t, s.url+"/counter"); v.response.StatusCode != 200 || v.id == "" {
		t.Errorf("/counter at the port that PORT names: status %d", v.response.StatusCode)
	}
}

func TestBENNULogWarn(t *testing.T) {
	t.Parallel()
	s := onPort(t, "BENNU_LOG=warn")
	v := get(t, s.url+"/counter")
	j := v.dial().join(v, 0)
	j.push("increase", click)
	j.push("crash", click)
	s.line(0, "level=ERROR", "event=crash")
	if text := s.text(); strings.Contains(text, "level=INFO") || strings.Contains(text, "level=DEBUG") {
		t.Errorf("with BENNU_LOG=warn the showcase wrote:\n%s", text)
	}
}

func TestBENNUOrigins(t *testing.T) {
	t.Parallel()
	s := showcase(t, "BENNU_ORIGINS=https://shop.test,//*.example.test:8443")
	for origin, want := range map[string]int{
		"https://shop.test":           101,
		"https://a.example.test:8443": 101,
		"http://shop.test":            403,
		"https://shop.test.evil.test": 403,
		"https://a.example.test":      403,
		s.url:                         403, // the list replaces the rule for its own host
	} {
		if got := upgrade(t, s.url, origin, ""); got != want {
			t.Errorf("Origin %s: %d, want %d", origin, got, want)
		}
	}
}

// onPort starts the showcase on a port that the test chooses, for those where
// no log tells the address.
func onPort(t *testing.T, env ...string) *server {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	s := showcaseProgram(t, append(env, "PORT="+port)...)
	s.url = "http://localhost:" + port
	late := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err == nil {
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
			return s
		}
		select {
		case <-tick.C:
		case <-s.done:
			t.Fatalf("the showcase ended:\n%s", s.text())
		case <-late:
			t.Fatalf("nobody answers at the port that PORT names: %v", err)
		}
	}
}

// What is typed out of habit is answered with what there is.
func TestArgumentsAreRefused(t *testing.T) {
	t.Parallel()
	for _, arg := range []string{"--port=4001", "serve"} {
		out, err := exec.CommandContext(t.Context(), binary(t, "showcase"), arg).CombinedOutput()
		if err == nil || !strings.Contains(string(out), `unexpected argument "`+arg+`"`) || !strings.Contains(string(out), "PORT, SECRET_KEY_BASE") {
			t.Errorf("showcase %s: %v\n%s", arg, err, out)
		}
	}
}
