package main

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestParseAllowed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]int{
		"Name:\tx\nCpus_allowed_list:\t0-1\nMems:\t0\n": {0, 1},
		"Cpus_allowed_list:\t3\n":                       {3},
		"Cpus_allowed_list:\t0,2-4,7\n":                 {0, 2, 3, 4, 7},
		"Cpus_allowed_list:\tall\n":                     nil,
		"Cpus_allowed_list:\t1-x\n":                     nil,
		"":                                              nil,
	} {
		if got := parseAllowed([]byte(in)); !slices.Equal(got, want) {
			t.Errorf("parseAllowed(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestPin(t *testing.T) {
	t.Parallel()
	if got := (cpus{}).pin(1, "a", "b"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("without taskset: %q", got)
	}
	if got := (cpus{taskset: "/bin/taskset"}).pin(1, "a", "b"); !slices.Equal(got, []string{"/bin/taskset", "-c", "1", "a", "b"}) {
		t.Errorf("with taskset: %q", got)
	}
}

func TestParseBenchmarks(t *testing.T) {
	t.Parallel()
	all := parseBenchmarks(`goos: linux
pkg: bennu/render
BenchmarkCounter/Click-2         	 5071430	       233.2 ns/op	        31.00 diff-B/op	      16 B/op	       2 allocs/op
BenchmarkCounter/Click-2         	 5071430	       201.0 ns/op	        31.00 diff-B/op	      16 B/op	       2 allocs/op
BenchmarkNoSuffix 	 10	 5 ns/op
Benchmark that is none
PASS
`)
	if len(all) != 3 {
		t.Errorf("%d benchmarks, want 3: %v", len(all), all)
	}
	for _, c := range []struct {
		name, unit string
		want       float64
	}{
		{"Counter/Click", "ns/op", 201}, {"Counter/Click", "allocs/op", 2}, {"Counter/Click", "diff-B/op", 31},
		{"NoSuffix", "ns/op", 5}, {"NoSuffix", "allocs/op", 0}, {"Other", "ns/op", 0},
	} {
		if got := find(all, c.name, c.unit); got != c.want {
			t.Errorf("find(%s, %s) = %v, want %v", c.name, c.unit, got, c.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		row           row
		verdict, text string
	}{
		{row{ours: 10}, "", ""},
		{row{ours: 10, bar: bar{most: 10}}, "ok", "≤ 10"},
		{row{ours: 10.1, bar: bar{most: 10}}, "over", "≤ 10"},
		{row{ours: 19, floor: 10, bar: bar{ratio: 2, most: 15}}, "ok", "≤ 2x (≤ 15)"},
		{row{ours: 21, floor: 10, bar: bar{ratio: 2, most: 90}}, "over", "≤ 2x (≤ 90)"},
		{row{ours: 21, bar: bar{ratio: 1.5}}, "no floor", "≤ 1.5x"},
	} {
		if got := c.row.verdict(); got != c.verdict {
			t.Errorf("verdict of %+v = %q, want %q", c.row, got, c.verdict)
		}
		if got := c.row.barText(); got != c.text {
			t.Errorf("bar of %+v = %q, want %q", c.row, got, c.text)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for f, want := range map[float64]string{
		0: "0", 0.123: "0.12", 1: "1", 9.876: "9.88", 12.34: "12.3", 93: "93", 123.4: "123", 1234: "1,234", 1234567.8: "1,234,568",
		-1.5: "-1.50", -1234: "-1,234",
	} {
		if got := number(f); got != want {
			t.Errorf("number(%v) = %q, want %q", f, got, want)
		}
	}
}

func TestSheetAligns(t *testing.T) {
	t.Parallel()
	s := newSheet()
	s.part("Clicks")
	s.add(row{name: "click", unit: "µs", ours: 12, floor: 10, bar: bar{ratio: 2}}, row{name: "a longer name", unit: "bytes", ours: 1234})
	var b bytes.Buffer
	s.print(&b)
	want := `measure        unit    ours  floor  ratio  bar
                                           .
Clicks
click          µs        12     10  1.20x  ≤ 2x  ok
a longer name  bytes  1,234
`
	want = strings.Replace(want, "                                           .", "", 1)
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestOwnBytes(t *testing.T) {
	t.Parallel()
	const tree = `{"0":"a\"b","1":{"k":{"0":{"0":"é","s":0,"r":1},"kc":1},"s":["<p>","</p>"]},"s":0,"p":{"0":["x\ny"]}}`
	got, err := ownBytes([]byte(`{"status":"ok","response":{"rendered":` + tree + `,"liveview_version":"1.2.12"}}`))
	// "a\"b" "é" "<p>" "</p>" "x\ny"
	if want := 6 + 4 + 5 + 6 + 6; err != nil || got != want {
		t.Errorf("ownBytes = %d, %v, want %d", got, err, want)
	}
	for _, payload := range []string{``, `[]`, `{"response":{}}`, `{"response":{"rendered":{`} {
		if n, err := ownBytes([]byte(payload)); err == nil {
			t.Errorf("ownBytes(%s) = %d, want an error", payload, n)
		}
	}
}

// TestQuote compares with encoding/json, whose strings are as short but for
// the control characters that it has no short form for.
func TestQuote(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "plain", `"\`, "é−…", "\n\r\t\b\f", "\x00\x1f", "<a href='x'>&"} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(s); err != nil {
			t.Fatal(err)
		}
		if got, want := len(quote(s)), b.Len()-1; got != want {
			t.Errorf("quote(%q) has %d bytes, want %d", s, got, want)
		}
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	t.Parallel()
	var l tail
	if l.String() != "it wrote nothing" {
		t.Errorf("empty tail: %q", l.String())
	}
	for range 3 {
		if n, err := l.Write(bytes.Repeat([]byte("x"), tailSize-1)); n != tailSize-1 || err != nil {
			t.Errorf("Write = %d, %v", n, err)
		}
	}
	if _, err := io.WriteString(&l, "end"); err != nil {
		t.Fatal(err)
	}
	if s := l.String(); len(s) != tailSize || !strings.HasSuffix(s, "xend") {
		t.Errorf("the tail has %d bytes and ends with %q", len(s), s[len(s)-4:])
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	b, err := parse([]string{"-quick", "-n", "5", "-hold", "3s"}, io.Discard)
	if err != nil || b.n != 5 || b.hold.Seconds() != 3 || b.time != quick.time {
		t.Errorf("parse = %+v, %v", b, err)
	}
	if b, err := parse(nil, io.Discard); err != nil || b.n < 1 || b.n > 10_000 || b.effort != full {
		t.Errorf("parse of nothing = %+v, %v", b, err)
	}
	for _, args := range [][]string{{"-n", "-1"}, {"-n", "100000000"}, {"-x"}} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("parse(%q) is no error", args)
		}
	}
}
