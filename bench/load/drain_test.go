package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"bennu/bench/internal/traffic"
)

// OTP-06: a server is asked to stop. All its sockets are closed with the code
// that says so, the clients go on at another server, and it ends with status 0.
// How fast is for the soak to say.
func TestDrainedClientsGoOnElsewhere(t *testing.T) {
	t.Parallel()
	n := 200
	if testing.Short() {
		n = 20
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	leaves, stays := freePort(t), freePort(t)
	serve := func(port int) []string { return []string{"env", fmt.Sprintf("%s=%d", stormPort, port), program} }
	var out, failed, beside bytes.Buffer // each with one process that writes
	other := &command{argv: serve(stays), log: &beside}
	if _, err := other.Start(); err != nil {
		t.Fatal(err)
	}
	status := run(t.Context(), append([]string{
		"drain", "-json", "-url", fmt.Sprintf("http://127.0.0.1:%d/counter", leaves), "-to", fmt.Sprintf("127.0.0.1:%d", stays),
		"-n", strconv.Itoa(n), "-within", "5m", "--",
	}, serve(leaves)...), &out, &failed)
	if err := other.Stop(); err != nil {
		t.Error(err)
	}
	if status != 0 {
		t.Fatalf("status %d:\n%s%s", status, out.String(), failed.String())
	}
	var r traffic.Drained
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Back != n || r.Codes["1012"] != n || r.Attempts < int64(n) || r.Closed.Max <= 0 || r.ExitSeconds <= 0 {
		t.Errorf("report %s, %v, want all %d closed with code 1012 and back", out.String(), err, n)
	}
	if text := failed.String() + beside.String(); strings.Contains(text, "level=ERROR") {
		t.Errorf("the servers logged:\n%s", text)
	}
}

// A server that does not end with status 0 is reported, and so are mistakes.
func TestDrainOfAServerThatDoesNotStopWell(t *testing.T) {
	t.Parallel()
	c := &command{argv: []string{"sleep", "1000"}}
	if _, err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(); err == nil || !strings.Contains(err.Error(), "sleep did not end well") {
		t.Errorf("ended by the signal: %v", err)
	}
	for _, tt := range []struct{ args, want string }{
		{"drain -n 1 -to 127.0.0.1:1", "-- bin/showcase"},
		{"drain -n 1 -- sleep 1", "-to is missing"},
		{"drain -n 1 -to nowhere -- sleep 1", "-to: client: Dial"},
	} {
		var out, failed bytes.Buffer
		if status := run(t.Context(), strings.Fields(tt.args), &out, &failed); status != 2 || !strings.Contains(failed.String(), tt.want) {
			t.Errorf("load %s: status %d, %s, want %q", tt.args, status, failed.String(), tt.want)
		}
	}
}
