package form

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// A name with many children is looked up another way; what it finds is the same.
func TestManyChildren(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	want := map[string]string{}
	for i := range 300 {
		name := fmt.Sprintf("k%d", i%150) // each comes twice, the later one wins
		fmt.Fprintf(&b, "m[%s]=%d&", name, i)
		want[name] = fmt.Sprint(i)
	}
	var got struct{ M map[string]string }
	if err := DecodeQuery(b.String(), &got); err != nil || !maps.Equal(got.M, want) {
		t.Errorf("got %d keys, %v, want %d", len(got.M), err, len(want))
	}
	// A plain value in between takes all of them away.
	b.WriteString("m=1&m[k0]=x&m[new]=y")
	if err := DecodeQuery(b.String(), &got); err != nil || !maps.Equal(got.M, map[string]string{"k0": "x", "new": "y"}) {
		t.Errorf("after a plain value: %v, %v", got.M, err)
	}
}

func TestDecoderQuery(t *testing.T) {
	t.Parallel()
	d, err := For[struct{ Number int }]()
	if err != nil {
		t.Fatal(err)
	}
	var s struct{ Number int }
	if err := d.Query("number=7&_unused_number=", &s); err != nil || s.Number != 7 {
		t.Errorf("got %+v, %v", s, err)
	}
	var p *struct{ Number int }
	if err := DecodeQuery("number=8", &p); err != nil || p.Number != 8 {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestScalarsAtTheirEdges(t *testing.T) {
	t.Parallel()
	type edges struct {
		I int64
		U uint64
		P []*int
	}
	tests := []struct {
		in string
		ok bool
	}{
		{"i=-9223372036854775808", true}, {"i=-9223372036854775809", false}, {"i=9223372036854775808", false},
		{"i=%2B1", true}, {"i=%2B", false}, {"i=--1", false}, {"i=1e3", false}, {"i=1.0", false}, {"i=١", false},
		{"u=18446744073709551615", true}, {"u=18446744073709551616", false}, {"u=99999999999999999999", false}, {"u=%2B1", true}, {"u=%2B", false},
		{"p[]=1&p[]=2", true}, {"p=1&p=2", true}, {"p=x", false},
	}
	for _, tt := range tests {
		var e edges
		if err := DecodeQuery(tt.in, &e); (err == nil) != tt.ok {
			t.Errorf("DecodeQuery(%s) = %+v, %v, want ok %v", tt.in, e, err, tt.ok)
		}
	}
	var when struct {
		T []struct{ At string }
	}
	if err := DecodeQuery("t[0][at]=x", &when); err != nil {
		t.Error(err)
	}
	if _, ok := parseTime([]byte(strings.Repeat("2", 60))); ok {
		t.Error("parseTime took 60 digits")
	}
	if _, ok := parseTime([]byte("soon")); ok {
		t.Error("parseTime took a word")
	}
	if _, ok := parseDuration([]byte(strings.Repeat("1s", 60))); ok {
		t.Error("parseDuration took 120 bytes")
	}
}
