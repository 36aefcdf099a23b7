package wire

import (
	"net/url"
	"slices"
	"testing"
)

func FuzzQueryValues(f *testing.F) {
	for _, query := range []string{"", "vsn=2.0.0", "a=1&vsn=1&vsn=2.0.0", "v%73n=2+0", "vsn", "vsn=%zz&vsn=1", "vsn=1;vsn=2", "&&=&vsn=", "+=1", "%=1"} {
		f.Add(query, "vsn")
	}
	f.Add("a+b=1&a%20b=2", "a b")
	f.Add("a+b=1", "a+b")
	f.Fuzz(func(t *testing.T, query, name string) {
		all, _ := url.ParseQuery(query) // it keeps what it could read
		if got, want := QueryValues(query, name), all[name]; !slices.Equal(got, want) {
			t.Errorf("QueryValues(%q, %q) = %q, want %q", query, name, got, want)
		}
	})
}
