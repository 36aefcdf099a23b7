package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// Into an interface, JSON decodes as encoding/json decodes it, but for input
// above the limits; what encoding/json refuses is refused.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"number":"2","value":""}`, `[1,-0.5e+7,true,false,null,"a\u00e9\ud83d\ude00\ud83d\\"]`, `{"a":{"b":[{}]},"a":1}`,
		` { } `, "\"\xff\\n\xc3\"", `1e999`, `"\ud83dx"`, `{"a":1,}`, `[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]`, `"\ud800\udc00\udc00"`, "\"\x00\"", `-`, `01`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		var got, want any
		err := DecodeJSON(data, &got)
		if !bytes.Equal(data, before) {
			t.Fatalf("the input was changed to %q", data)
		}
		if errors.Is(err, ErrLimit) {
			return
		}
		if valid := json.Valid(data); valid == errors.Is(err, ErrSyntax) {
			t.Fatalf("DecodeJSON(%q) = %v, json.Valid = %v", data, err, valid)
		}
		if err != nil {
			return // no JSON, or a number beyond float64
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("encoding/json: %v, here %v", err, got)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("DecodeJSON(%q) = %#v, encoding/json %#v", data, got, want)
		}
		var raw json.RawMessage
		if err := DecodeJSON(data, &raw); err != nil || string(raw) != strings.Trim(string(data), " \t\r\n") {
			t.Fatalf("raw = %q, %v", raw, err)
		}
	})
}

// everything has a field of each kind.
type everything struct {
	person
	N    everythingNumbers
	Next *everything
	Map  map[string]*everything
	List [][]everythingNumbers
	Kind map[level]any
	Req  string `form:",required"`
}

type everythingNumbers struct {
	I8  int8
	U16 *uint16
	F   []float32
	B   [3]bool
}

// No input panics or changes what was handed over, and whatever it decodes
// into is decoded again to the same.
func FuzzDecodeIntoStruct(f *testing.F) {
	f.Add([]byte(`{"req":"x","n":{"i8":300,"u16":"2","f":[1,"x"],"b":[1,"on",true,0]},"next":{"map":{"a":{},"b":null}},"list":[[{}],[]]}`), "n[f][]=1&n[b][2]=on&next[next][list][0][0][i8]=7&map[a][n][u16]=&kind[x]=1&a;b=%")
	f.Add([]byte(`{"name":"\u0000","tags":[[1]],"kind":{"x":{}},"born":"2001-01-01"}`), "tags[1]=a&tags[0]=b&tags[]=c&tags=d&any[][x]=1&list[][]=1")
	f.Fuzz(func(t *testing.T, data []byte, query string) {
		var a, b everything
		errA, errB := DecodeJSON(data, &a), DecodeJSON(data, &b)
		if !sameError(errA, errB) || !sameValue(a, b) {
			t.Fatalf("DecodeJSON(%q) differs between two calls: %v, %v", data, errA, errB)
		}
		var c, d everything
		errC, errD := DecodeQuery(query, &c), DecodeQuery(query, &d)
		if !sameError(errC, errD) || !sameValue(c, d) {
			t.Fatalf("DecodeQuery(%q) differs between two calls: %v, %v", query, errC, errD)
		}
		for _, err := range []error{errA, errC} {
			var errs Errors
			if errors.As(err, &errs) {
				for _, e := range errs {
					if e.Message == "" || len(e.Value) > 60 || len(e.Error()) > 2000 || !utf8.ValidString(e.Error()) {
						t.Fatalf("bad error: %+v", e)
					}
				}
			}
		}
	})
}

func sameError(a, b error) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Error() == b.Error())
}

// sameValue compares all of two values.
func sameValue(a, b everything) bool { return reflect.DeepEqual(a, b) }

// The pairs of a query are those of net/url, and what net/url refuses is refused.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"a=1&b=2&a=3", "a+b=%20+%2b&&=&=x&y", "a;b=1", "%", "%4", "a=%zz", "a[b][]=1&a[b][]=2", "a=%00%ff", strings.Repeat("a&", 30)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		want, wantErr := url.ParseQuery(query)
		got := url.Values{}
		err := eachPair([]byte(query), func(name, value []byte) error {
			got[string(name)] = append(got[string(name)], string(value))
			return nil
		})
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, net/url %v", query, err, wantErr)
		}
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %v, net/url %v", query, got, want)
		}
		flat := map[string]any{}
		if DecodeQuery(query, &flat) != nil || strings.ContainsAny(query, "[]%") {
			return
		}
		for name, values := range want {
			if flat[validText([]byte(name))] != validText([]byte(values[len(values)-1])) && utf8.ValidString(name) {
				t.Fatalf("%q: %q is %q, net/url %q", query, name, flat[name], values)
			}
		}
	})
}

// What encoding/json writes of a value is decoded to that value.
func FuzzRoundTrip(f *testing.F) {
	f.Add("ann", 7, 1.5, true, "tag", uint8(3))
	f.Add("<é\x00\xff\u2028\"", -1, 1e300, false, "", uint8(0))
	f.Fuzz(func(t *testing.T, name string, n int, x float64, b bool, tag string, count uint8) {
		if x != x || x-x != 0 {
			return
		}
		type leaf struct {
			Name string
			N    int
		}
		type value struct {
			Name string
			N    *int
			X    float64
			B    bool
			List []leaf
			Map  map[string]leaf
			Any  any
		}
		name, tag = validText([]byte(name)), validText([]byte(tag))
		in := value{Name: name, N: &n, X: x, B: b, List: []leaf{}, Map: map[string]leaf{tag: {name, n}}, Any: []any{name, x, b, nil}}
		for i := range int(count) {
			in.List = append(in.List, leaf{tag, n + i})
		}
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var out value
		if err := DecodeJSON(text, &out); err != nil || !reflect.DeepEqual(in, out) {
			t.Fatalf("%s: %+v, %v", text, out, err)
		}
	})
}
