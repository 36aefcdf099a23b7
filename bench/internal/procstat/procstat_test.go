package procstat

import (
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"testing"
	"time"
)

func TestParseRSS(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{
		"00400000-7ffe ---p 00000000 00:00 0    [rollup]\nRss:               12345 kB\nPss:  1 kB\n": 12345,
		"Pss: 1 kB\n":          0,
		"Rss:\n":               0,
		"Rss: many kB\n":       0,
		"":                     0,
		"XRss: 5\nRss: 7 kB\n": 7,
	} {
		if got := parseRSS([]byte(in)); got != want {
			t.Errorf("parseRSS(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestParseStat(t *testing.T) {
	t.Parallel()
	const fields = " S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0 9 0 0"
	for in, want := range map[string]time.Duration{
		"42 (showcase)" + fields:            1750 * time.Millisecond,
		"42 (odd) name (with) )" + fields:   1750 * time.Millisecond,
		"42 (showcase) S 1 2":               0,
		"":                                  0,
		"42 (x) S 1 2 3 4 5 6 7 8 9 10 a b": 0,
	} {
		if got := parseStat([]byte(in)); got != want {
			t.Errorf("parseStat(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestParseBusy(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{
		"cpu  100 10 50 9999 77 1 2 3 500 600\ncpu0 1 1 1 1\n": 1660 * time.Millisecond,
		"cpu  1": 10 * time.Millisecond,
		"":       0,
	} {
		if got := parseBusy([]byte(in)); got != want {
			t.Errorf("parseBusy(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestThisProcess(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	s := Of(os.Getpid())
	if s.RSSKiB < 1000 || s.Files < 3 {
		t.Errorf("Of(this process) = %+v, want some memory and open files", s)
	}
	if Busy() == 0 || Self() == 0 || Files() < 10 {
		t.Errorf("Busy %v, Self %v, Files %d, want all more than 0", Busy(), Self(), Files())
	}
	if s := Of(0); s.RSSKiB != 0 || s.CPU != 0 {
		t.Errorf("Of(0) = %+v, want nothing", s)
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.String() {
		case "/figures?gc=1":
			_, _ = w.Write([]byte(`{"goroutines":7,"heap_bytes":5}`))
		case "/figures":
			_, _ = w.Write([]byte(`{"goroutines":8}`))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	if in, err := Ask(s.URL, true); err != nil || in.Goroutines != 7 || in.HeapBytes != 5 {
		t.Errorf("Ask with a collection = %+v, %v", in, err)
	}
	if in, err := Ask(s.URL, false); err != nil || in.Goroutines != 8 {
		t.Errorf("Ask = %+v, %v", in, err)
	}
	if in, err := Ask(s.URL+"/other", true); err == nil {
		t.Errorf("Ask elsewhere = %+v, want an error", in)
	}
}
