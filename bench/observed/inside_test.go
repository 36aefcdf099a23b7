package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"bennu/bench/internal/procstat"
)

func TestInside(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(inside())
	t.Cleanup(s.Close)
	plain, err := procstat.Ask(s.URL, false)
	if err != nil {
		t.Fatal(err)
	}
	collected, err := procstat.Ask(s.URL, true)
	if err != nil {
		t.Fatal(err)
	}
	if plain.Goroutines < 2 || plain.HeapBytes == 0 || plain.StackBytes == 0 || plain.HeapObjects == 0 {
		t.Errorf("figures %+v, want none to be 0", plain)
	}
	if collected.Collections < plain.Collections+2 {
		t.Errorf("%d collections after %d, want two more at least", collected.Collections, plain.Collections)
	}
	for path, want := range map[string]int{"/debug/pprof/": 200, "/debug/pprof/goroutine?debug=1": 200, "/counter": 404} {
		resp, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		if resp.StatusCode != want {
			t.Errorf("GET %s = %d, want %d", path, resp.StatusCode, want)
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Setenv("BENCH_TEST_PORT", "")
	if got := loopback("BENCH_TEST_PORT", "4001"); got != "127.0.0.1:4001" {
		t.Errorf("without the variable: %q", got)
	}
	t.Setenv("BENCH_TEST_PORT", "5")
	if got := loopback("BENCH_TEST_PORT", "4001"); got != "127.0.0.1:5" {
		t.Errorf("with the variable: %q", got)
	}
}
