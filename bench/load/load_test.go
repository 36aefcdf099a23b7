package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"bennu/bench/internal/counter"
	"bennu/bench/internal/traffic"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode, args string
		want       func(*options) bool
	}{
		{"rtt", "", func(o *options) bool {
			return o.c == 100 && o.time == 10*time.Second && o.warm == 2*time.Second && o.event == "increase" && string(o.values.At(0)) == `{"number":"2","value":""}`
		}},
		{"rtt", "-c 1 -event a,b -t 1s", func(o *options) bool { return o.c == 1 && o.event == "a,b" && o.time == time.Second }},
		{"join", "-reuse -pid 7", func(o *options) bool { return o.reuse && o.c == 16 && o.closed().PID == 7 }},
		{"http", "-gzip", func(o *options) bool { return o.client.Gzip }},
		{"hold", "-n 5 -rate 2.5", func(o *options) bool { return o.n == 5 && o.rate == 2.5 && o.client.Buffer == 256 }},
		{"soak", "-t 40s", func(o *options) bool { return o.ramp == 10*time.Second }},
		{"soak", "-t 1h", func(o *options) bool { return o.ramp == time.Minute }},
		{"soak", "-t 40s -ramp 1s", func(o *options) bool { return o.ramp == time.Second }},
	} {
		o, err := parse(c.mode, strings.Fields(c.args), io.Discard)
		if err != nil || !c.want(o) {
			t.Errorf("parse(%s %s) = %+v, %v", c.mode, c.args, o, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mode, args, want string }{
		{"rtt", "-c 0", "-c must be at least 1"},
		{"rtt", "-value {", "-value: "},
		{"rtt", `-event a"b`, "-event and -type"},
		{"rtt", "-reuse", "flag provided but not defined"},
		{"rtt", "http://h/", `"http://h/" is no flag`},
		{"join", "-url h:80", "-url: "},
		{"hold", "-n 0", "-n and -c"},
		{"hold", "-n 100000000", "open files"},
		{"soak", "-rate 0", "-rate and -every"},
	} {
		if _, err := parse(c.mode, strings.Fields(c.args), io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("parse(%s %s): %v, want an error with %q", c.mode, c.args, err, c.want)
		}
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	address := counter.Serve(t)
	for _, line := range []string{
		"rtt -c 2 -warm 1ms -t 40ms", "join -c 2 -warm 1ms -t 40ms", "http -c 2 -warm 1ms -t 40ms -gzip",
		"hold -n 3 -hold 20ms -every 10ms", "soak -n 3 -rate 500 -t 100ms -every 20ms",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			var out, failed bytes.Buffer
			args := append(strings.Fields(line), "-url", address, "-json")
			if status := run(t.Context(), args, &out, &failed); status != 0 {
				t.Fatalf("status %d: %s", status, failed.String())
			}
			var r traffic.Result
			if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Mode != args[0] || r.URL != address {
				t.Errorf("report %s, %v, want JSON with the mode and the URL", out.String(), err)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{
		"": 2, "-h": 2, "jump": 2, "rtt -x": 2, "rtt -h": 0,
		"http -warm 1ms -t 5ms -c 1 -url http://127.0.0.1:1/": 1,
	} {
		var out, failed bytes.Buffer
		if got := run(t.Context(), strings.Fields(line), &out, &failed); got != want {
			t.Errorf("load %s: status %d, want %d", line, got, want)
		}
		if failed.Len() == 0 {
			t.Errorf("load %s says nothing", line)
		}
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	show(&b, map[string]any{"b": 1234567.5, "a": map[string]any{"x": 0.12345, "y": "text"}, "c": []any{1.0, true}}, false)
	want := "a.x                          0.123\n" +
		"a.y                          text\n" +
		"b                            1234567.5\n" +
		"c[0]                         1\n" +
		"c[1]                         true\n"
	if b.String() != want {
		t.Errorf("show printed\n%s\nwant\n%s", b.String(), want)
	}
}
