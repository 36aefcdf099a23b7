package form

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

type order struct {
	Number int `form:",required"`
	Small  int8
	Count  uint
	Price  float64
	Paid   bool
	Items  []struct {
		Name  string `form:"title,required"`
		Price float64
	}
	Pair  [2]int
	Codes map[string]int
	Level level
	When  *struct{ Day int }
}

type level string

func (l *level) UnmarshalText(text []byte) error {
	if string(text) != "high" {
		return fmt.Errorf("expected high, got %q", text)
	}
	*l = level(text)
	return nil
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const noNumber = "; number: is required"
	tests := []struct{ in, want string }{
		{`{"number":"abc"}`, `number: expected a whole number, got "abc"`},
		{`{"number":1.5}`, `number: expected a whole number, got "1.5"`},
		{`{"number":true}`, `number: expected a whole number, got "true"`},
		{`{"number":"0x10"}`, `number: expected a whole number, got "0x10"`},
		{`{"number":"1_000"}`, `number: expected a whole number, got "1_000"`},
		{`{"number":"-"}`, `number: expected a whole number, got "-"`},
		{`{"number":{}}`, `number: expected a whole number, got an object`},
		{`{"number":[1,[{}]]}`, `number: expected a whole number, got a list`},
		{`{"number":"99999999999999999999"}`, `number: expected a whole number from -9223372036854775808 to 9223372036854775807, got "99999999999999999999"`},
		{`{}`, `number: is required`},
		{`null`, `number: is required`},
		{`{"number":null}`, `number: is required`},
		{`{"number":" "}`, `number: is required`},
		{`{"small":128}`, `small: expected a whole number from -128 to 127, got "128"` + noNumber},
		{`{"count":-1}`, `count: expected a whole number from 0 to 18446744073709551615, got "-1"` + noNumber},
		{`{"price":"1,5"}`, `price: expected a number, got "1,5"` + noNumber},
		{`{"price":"NaN"}`, `price: expected a number, got "NaN"` + noNumber},
		{`{"price":"1e999"}`, `price: expected a number, got "1e999"` + noNumber},
		{`{"paid":"maybe"}`, `paid: expected true or false, got "maybe"` + noNumber},
		{`{"items":"x"}`, `items: expected a list, got "x"` + noNumber},
		{`{"items":[{"title":"a"},{"price":"x"},{"title":""}]}`,
			`items[1][price]: expected a number, got "x"; items[1][title]: is required; items[2][title]: is required` + noNumber},
		{`{"pair":[1,2,3]}`, `pair: expected a list of at most 2, got 3 items` + noNumber},
		{`{"codes":{"a":"x"}}`, `codes[a]: expected a whole number, got "x"` + noNumber},
		{`{"codes":[]}`, `codes: expected an object, got a list` + noNumber},
		{`{"level":"low"}`, `level: expected high, got "low"` + noNumber},
		{`{"when":{"day":"x"}}`, `when[day]: expected a whole number, got "x"` + noNumber},
		{`{"number":"` + strings.Repeat("é", 100) + `"}`, `number: expected a whole number, got "` + strings.Repeat("é", 24) + `…"`},
		{`{"number":"a","small":"a","count":"a","price":"a","paid":"a","level":"a"}`,
			`number: expected a whole number, got "a"; small: expected a whole number, got "a"; count: expected a whole number, got "a"; price: expected a number, got "a"; paid: expected true or false, got "a"; and 1 more`},
	}
	for _, tt := range tests {
		var o order
		err := DecodeJSON([]byte(tt.in), &o)
		if got := fmt.Sprint(err); got != "form: "+tt.want {
			t.Errorf("DecodeJSON(%s)\n got %s\nwant form: %s", tt.in, got, tt.want)
		}
		if !errors.As(err, new(Errors)) {
			t.Errorf("DecodeJSON(%s) = %T, want Errors", tt.in, err)
		}
	}
}

func TestQueryErrors(t *testing.T) {
	t.Parallel()
	const noNumber = "; number: is required"
	tests := []struct{ in, want string }{
		{"number=abc", `number: expected a whole number, got "abc"`},
		{"number[a]=1", `number: expected a whole number, got nested fields`},
		{"items[7][price]=x&items[7][title]=t", `items[7][price]: expected a number, got "x"` + noNumber},
		{"items[][price]=x&items[][title]=t", `items[][price]: expected a number, got "x"; items[][title]: is required` + noNumber},
		{"items[x][price]=1", `items[x]: expected an index in the brackets, got "x"` + noNumber},
		{"items=1", `items: expected a list, got "1"` + noNumber},
		{"pair[5]=1", `pair[5]: expected a list of at most 2, got more` + noNumber},
		{"pair=1&pair=2&pair=3", `pair: expected a list of at most 2, got more` + noNumber},
		{"codes[a]=x", `codes[a]: expected a whole number, got "x"` + noNumber},
		{"codes=x", `codes: expected an object, got "x"` + noNumber},
	}
	for _, tt := range tests {
		var o order
		err := DecodeQuery(tt.in, &o)
		if got := fmt.Sprint(err); got != "form: "+tt.want {
			t.Errorf("DecodeQuery(%s)\n got %s\nwant form: %s", tt.in, got, tt.want)
		}
	}
}

func TestTheOthersAreDecodedAllTheSame(t *testing.T) {
	t.Parallel()
	var o order
	err := DecodeQuery("number=abc&price=1.5&paid=on", &o)
	want := Errors{{Path: "number", Value: "abc", Message: `expected a whole number, got "abc"`}}
	if !reflect.DeepEqual(err, want) || o.Price != 1.5 || !o.Paid {
		t.Errorf("got %v, %+v", err, o)
	}
	if e, ok := want.Get("number"); !ok || e.Value != "abc" {
		t.Errorf("Get(number) = %v, %v", e, ok)
	}
	if _, ok := want.Get("price"); ok {
		t.Error("Get(price) found an error")
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", " ", "{", "}", "[", `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{a:1}`, `{"a" 1}`, `{"a":1 "b":2}`,
		`{"a":01}`, `{"a":-}`, `{"a":1.}`, `{"a":1e}`, `{"a":.5}`, `{"a":+1}`, `{"a":tru}`, `{"a":nul}`, `{"a":"\x"}`,
		`{"a":"\u12"}`, `{"a":"\u12g4"}`, "{\"a\":\"\n\"}", `{"a":"\`, `{"a":"x`, `{}{}`, `{} x`, `[1,]`, `[,1]`, `[1 2]`, "\x00",
	} {
		var o order
		if err := DecodeJSON([]byte(in), &o); !errors.Is(err, ErrSyntax) {
			t.Errorf("DecodeJSON(%q) = %v, want ErrSyntax", in, err)
		}
	}
	for _, in := range []string{"a=%", "a=%4", "a=%4g", "%zz=1", "a;b=1", "number=1;2"} {
		var o order
		if err := DecodeQuery(in, &o); !errors.Is(err, ErrSyntax) {
			t.Errorf("DecodeQuery(%q) = %v, want ErrSyntax", in, err)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	objects := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	items := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }
	keys := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"k%d":%d`, i, i)
		}
		return "{" + strings.TrimPrefix(b.String(), ",") + "}"
	}
	type recursive struct {
		Next *recursive
		A    map[string]any
		List []int
	}
	type box struct {
		Any  any
		Rec  recursive
		List []int
		Map  map[string]int
	}
	tests := []struct {
		in string
		ok bool
	}{
		{`{"any":` + nested(15) + `}`, true},
		{`{"any":` + nested(16) + `}`, false},
		{`{"unknown":` + nested(16) + `}`, false},
		{`{"unknown":` + nested(100_000) + `}`, false},
		{`{"any":` + objects(100_000) + `}`, false},
		{strings.Repeat(`{"rec":{"next":`, 100_000), false},
		{`{"list":` + items(1000) + `}`, true},
		{`{"list":` + items(1001) + `}`, false},
		{`{"any":` + items(1001) + `}`, false},
		{`{"any":[` + items(999) + strings.Repeat(","+items(999), 10) + `]}`, false},
		{`{"unknown":` + items(10_001) + `}`, false},
		{`{"map":` + keys(1000) + `}`, true},
		{`{"map":` + keys(1001) + `}`, false},
		{`{"any":` + keys(1001) + `}`, false},
		{keys(1001), false},
	}
	for _, tt := range tests {
		var b box
		err := DecodeJSON([]byte(tt.in), &b)
		if tt.ok && err != nil || !tt.ok && !errors.Is(err, ErrLimit) {
			t.Errorf("DecodeJSON(%.40s…) = %v, want ok %v", tt.in, err, tt.ok)
		}
	}
	queries := []struct {
		in string
		ok bool
	}{
		{"list[999]=1", true},
		{"list[1000]=1", false},
		{"list[999999999]=1", false},
		{"list[99999999999999999999]=1", true}, // no index at all, an error of the field
		{"any" + strings.Repeat("[b]", 15) + "=1", true},
		{"any" + strings.Repeat("[b]", 16) + "=1", false},
		{"any" + strings.Repeat("[]", 100_000) + "=1", false},
		{strings.Repeat("list[]=1&", 1000), true},
		{strings.Repeat("list[]=1&", 1001), false},
		{strings.Repeat("x=1&", 100_000), false},
	}
	for _, tt := range queries {
		var b box
		err := DecodeQuery(tt.in, &b)
		if tt.ok && errors.Is(err, ErrLimit) || !tt.ok && !errors.Is(err, ErrLimit) {
			t.Errorf("DecodeQuery(%.40s…) = %v, want ok %v", tt.in, err, tt.ok)
		}
	}
}

func TestErrorsAreBounded(t *testing.T) {
	t.Parallel()
	var v struct{ N []int }
	err := DecodeJSON([]byte(`{"n":["x"`+strings.Repeat(`,"x"`, 999)+`]}`), &v)
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != maxErrors {
		t.Errorf("got %d errors, want %d", len(errs), maxErrors)
	}
}
