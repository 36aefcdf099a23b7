package bennu

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Package net/http is the measure.
func FuzzCookies(f *testing.F) {
	for _, line := range []string{
		"", "a=b", "a=b; c=d", "c=d;a=b;a=e", "a", "a=", "a = b", " a=b ", `a="b"; a="`, `a=""`, "a=b c,d", "a=\x00", "a=b\\", ";;a=b;", "a=b=c", "A=b",
		"a=b\n; a=c", "\ta=b\t;\ta\t=\tc", "=a", "a=ä", "aa=b; a=c",
	} {
		f.Add(line, "a=z")
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		if strings.Count(one+two, ";") > 1000 {
			return // net/http gives up at some number
		}
		r := &http.Request{Header: http.Header{"Cookie": {one, two}}}
		for _, name := range []string{"a", "_bennu_session"} {
			var want []string
			for _, c := range r.CookiesNamed(name) {
				want = append(want, c.Value)
			}
			if got := slices.Collect(cookies(r, name)); !slices.Equal(got, want) {
				t.Errorf("cookies %q of %q, %q = %q, want %q", name, one, two, got, want)
			}
		}
	})
}

func TestReadingCookiesMakesNoGarbage(t *testing.T) {
	r := &http.Request{Header: http.Header{"Cookie": {"a=b; c=d", "c=e"}}}
	n := 0
	if allocs := testing.AllocsPerRun(100, func() {
		for v := range cookies(r, "c") {
			n += len(v)
		}
	}); allocs > 0 || n == 0 {
		t.Errorf("%v allocations", allocs)
	}
}
