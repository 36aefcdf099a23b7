package form

import (
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

type address struct {
	City string
	Zip  string `form:"postal-code"`
}

type base struct{ ID int }

type person struct {
	base
	Name      string
	Age       uint8
	Height    float64
	Weight    float32
	Admin     bool
	Born      time.Time
	Nap       time.Duration
	IP        netip.Addr
	Nick      *string
	Score     *int
	Tags      []string
	Numbers   []int
	Pair      [2]int
	Address   address
	Home      *address
	Addresses []address
	Prefs     map[string]string
	Lists     map[string][]int
	Raw       json.RawMessage
	Any       any
	UserID    int64
	Bytes     []byte
	Secret    string `form:"-"`
	Target    string `form:"_target"`
	hidden    string
}

func ptr[T any](v T) *T { return &v }

func date(y int, m time.Month, d, h, min, s int) time.Time {
	return time.Date(y, m, d, h, min, s, 0, time.UTC)
}

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want person
	}{
		{`{}`, person{}},
		{`null`, person{}},
		{` { "name" : "ann" } `, person{Name: "ann"}},
		{`{"name":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d!"}`, person{Name: "a\"\\/\b\f\n\r\té😀\uFFFD!"}},
		{"{\"name\":\"\xff\xfe\"}", person{Name: "\uFFFD\uFFFD"}},
		{"{\"name\":\"\xff\\n\"}", person{Name: "\uFFFD\n"}},
		{`{"n\u0061me":"ann","name2":1}`, person{Name: "ann"}},
		{`{"id":7,"userId":1,"user_id":"2","user-id":3}`, person{base: base{7}, UserID: 3}},
		{`{"name":1.50}`, person{Name: "1.50"}},
		{`{"name":true}`, person{Name: "true"}},
		{`{"age":"42"}`, person{Age: 42}},
		{`{"age":42,"value":""}`, person{Age: 42}},
		{`{"age":" +7 "}`, person{Age: 7}},
		{`{"age":""}`, person{}},
		{`{"id":"-9223372036854775808"}`, person{base: base{-9223372036854775808}}},
		{`{"id":9223372036854775807}`, person{base: base{9223372036854775807}}},
		{`{"height":"1.75","weight":1e2}`, person{Height: 1.75, Weight: 100}},
		{`{"admin":true}`, person{Admin: true}},
		{`{"admin":"on"}`, person{Admin: true}},
		{`{"admin":1}`, person{Admin: true}},
		{`{"admin":"false"}`, person{}},
		{`{"admin":""}`, person{}},
		{`{"born":"2001-02-03"}`, person{Born: date(2001, 2, 3, 0, 0, 0)}},
		{`{"born":"2001-02-03T04:05"}`, person{Born: date(2001, 2, 3, 4, 5, 0)}},
		{`{"born":"2001-02-03T04:05:06"}`, person{Born: date(2001, 2, 3, 4, 5, 6)}},
		{`{"born":"2001-02-03T04:05:06.000Z"}`, person{Born: date(2001, 2, 3, 4, 5, 6)}},
		{`{"nap":"1h30m"}`, person{Nap: 90 * time.Minute}},
		{`{"ip":"10.0.0.1"}`, person{IP: netip.MustParseAddr("10.0.0.1")}},
		{`{"ip":""}`, person{}},
		{`{"nick":"","score":""}`, person{Nick: ptr("")}},
		{`{"nick":null,"score":0}`, person{Score: ptr(0)}},
		{`{"tags":["a",1,false,null]}`, person{Tags: []string{"a", "1", "false", ""}}},
		{`{"tags":[]}`, person{Tags: []string{}}},
		{`{"tags":["a","b"],"tags":["c"]}`, person{Tags: []string{"c"}}},
		{`{"numbers":[1,"2"]}`, person{Numbers: []int{1, 2}}},
		{`{"pair":[1]}`, person{Pair: [2]int{1, 0}}},
		{`{"address":{"city":"x","postal-code":"1","zip":"2"}}`, person{Address: address{"x", "1"}}},
		{`{"home":{}}`, person{Home: &address{}}},
		{`{"home":null}`, person{}},
		{`{"addresses":[{"city":"a"},{"city":"b"}]}`, person{Addresses: []address{{City: "a"}, {City: "b"}}}},
		{`{"prefs":{"a":"x","b":2}}`, person{Prefs: map[string]string{"a": "x", "b": "2"}}},
		{`{"lists":{"a":[1,2],"b":[]}}`, person{Lists: map[string][]int{"a": {1, 2}, "b": {}}}},
		{`{"raw": [1, {"a":"\n"}] }`, person{Raw: json.RawMessage(`[1, {"a":"\n"}]`)}},
		{`{"any":[1,"a",true,null,{"b":{}}]}`, person{Any: []any{1.0, "a", true, nil, map[string]any{"b": map[string]any{}}}}},
		{`{"bytes":"abc"}`, person{Bytes: []byte("abc")}},
		{`{"secret":"x","hidden":"x","base":{"id":1}}`, person{}},
		{`{"_target":"name","target":"no","_name":"no"}`, person{Target: "name"}},
		{`{"unknown":[1,{"a":[true,false,null,-0.5e-7,"x"]}],"name":"a"}`, person{Name: "a"}},
	}
	for _, tt := range tests {
		var got person
		if err := DecodeJSON([]byte(tt.in), &got); err != nil {
			t.Errorf("DecodeJSON(%s) = %v", tt.in, err)
		}
		if got.hidden != "" {
			t.Errorf("DecodeJSON(%s) set an unexported field", tt.in)
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("DecodeJSON(%s) = %+v, want %+v", tt.in, got, tt.want)
		}
	}
}

func TestDecodeQuery(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want person
	}{
		{"", person{}},
		{"name=ann+b%C3%A9&x=1", person{Name: "ann bé"}},
		{"name=%ff", person{Name: "\uFFFD"}},
		{"name=a&name=b", person{Name: "b"}},
		{"admin=false&admin=true", person{Admin: true}},
		{"admin=on", person{Admin: true}},
		{"age=&score=&nick=", person{Nick: ptr("")}},
		{"&&age=7&", person{Age: 7}},
		{"user_id=1&userId=2", person{UserID: 2}},
		{"tags[]=a&tags[]=b", person{Tags: []string{"a", "b"}}},
		{"tags=a&tags=b&tags=c", person{Tags: []string{"a", "b", "c"}}},
		{"tags[1]=b&tags[0]=a&tags[]=c", person{Tags: []string{"a", "b", "c"}}},
		{"tags[7]=b&tags[5]=a", person{Tags: []string{"a", "b"}}},
		{"tags[]=&tags[]=b", person{Tags: []string{"", "b"}}},
		{"numbers[]=&numbers[]=4", person{Numbers: []int{4}}},
		{"numbers=&numbers=4&numbers=5", person{Numbers: []int{4, 5}}},
		{"numbers[0]=1&numbers[_unused_1]=&numbers[1]=2", person{Numbers: []int{1, 2}}},
		{"pair[1]=4", person{Pair: [2]int{0, 4}}},
		{"address[city]=x&address%5Bpostal-code%5D=1", person{Address: address{"x", "1"}}},
		{"address=no&address[city]=x", person{Address: address{City: "x"}}},
		{"home[city]=x", person{Home: &address{City: "x"}}},
		{"addresses[1][city]=b&addresses[0][city]=a&addresses[0][postal-code]=1",
			person{Addresses: []address{{"a", "1"}, {City: "b"}}}},
		{"addresses[][city]=a&addresses[][city]=b", person{Addresses: []address{{City: "a"}, {City: "b"}}}},
		{"prefs[a]=x&prefs[b c]=y&prefs[_unused_a]=", person{Prefs: map[string]string{"a": "x", "b c": "y"}}},
		{"lists[a][]=1&lists[a][]=2", person{Lists: map[string][]int{"a": {1, 2}}}},
		{"raw[a][]=1", person{Raw: json.RawMessage(`{"a":["1"]}`)}},
		{"raw=x", person{Raw: json.RawMessage(`"x"`)}},
		{"any=x", person{Any: "x"}},
		{"any[a][0]=x&any[b][]=y&any[_unused_b]=",
			person{Any: map[string]any{"a": map[string]any{"0": "x"}, "b": []any{"y"}, "_unused_b": ""}}},
		{"_unused_name=&name=a", person{Name: "a"}},
		{"name[=a&name]=b&na[me]x=c&[name]=d&=e&name[a[b]]=f", person{}},
		{"bytes=abc&born=2001-02-03T04%3A05", person{Bytes: []byte("abc"), Born: date(2001, 2, 3, 4, 5, 0)}},
	}
	for _, tt := range tests {
		var got person
		if err := DecodeQuery(tt.in, &got); err != nil {
			t.Errorf("DecodeQuery(%s) = %v", tt.in, err)
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("DecodeQuery(%s) = %+v, want %+v", tt.in, got, tt.want)
		}
	}
}

// The items of protocol checklist 107: a form's names as nested values.
func TestDecodeQueryIntoMap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want map[string]any
	}{
		{"", map[string]any{}},
		{"a=1", map[string]any{"a": "1"}},
		{"user[name]=a&user[tags][]=x", map[string]any{"user": map[string]any{"name": "a", "tags": []any{"x"}}}},
		{"a[0][x]=1", map[string]any{"a": map[string]any{"0": map[string]any{"x": "1"}}}},
		{"a[]=1&a[]=2", map[string]any{"a": []any{"1", "2"}}},
		{"a=1&a=2", map[string]any{"a": "2"}},
		{"a=1&a[b]=2", map[string]any{"a": map[string]any{"b": "2"}}},
		{"a[b]=2&a=1", map[string]any{"a": "1"}},
		{"a[b=1&]=2&=3", map[string]any{"a[b": "1", "]": "2", "": "3"}},
	}
	for _, tt := range tests {
		got := map[string]any{}
		if err := DecodeQuery(tt.in, &got); err != nil {
			t.Errorf("DecodeQuery(%s) = %v", tt.in, err)
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("DecodeQuery(%s) = %v, want %v", tt.in, got, tt.want)
		}
	}
	var values url.Values
	if err := DecodeQuery("a=1&a=2&b=", &values); err != nil || values.Encode() != "a=1&a=2&b=" {
		t.Errorf("DecodeQuery into url.Values = %v, %v", values, err)
	}
}

func TestDecodeValues(t *testing.T) {
	t.Parallel()
	var got person
	in := url.Values{"name": {"a", "b"}, "tags[]": {"x", "y"}, "numbers": {"1", "2"}, "address[city]": {"c"}}
	if err := DecodeValues(in, &got); err != nil {
		t.Fatal(err)
	}
	want := person{Name: "b", Tags: []string{"x", "y"}, Numbers: []int{1, 2}, Address: address{City: "c"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("DecodeValues = %+v, want %+v", got, want)
	}
}

func TestDecodePayloadsThatAreNoObjects(t *testing.T) {
	t.Parallel()
	n, err := decode[int](`"7"`)
	if err != nil || n != 7 {
		t.Errorf("int = %v, %v", n, err)
	}
	list, err := decode[[]string](`["a"]`)
	if err != nil || len(list) != 1 {
		t.Errorf("list = %v, %v", list, err)
	}
	x, err := decode[any](`null`)
	if err != nil || x != nil {
		t.Errorf("any = %v, %v", x, err)
	}
	_, err = decode[struct{}](`{"value":""}`)
	if err != nil {
		t.Errorf("empty struct: %v", err)
	}
	if _, err := decode[step](`"x"`); err == nil || err.Error() != `form: expected an object, got "x"` {
		t.Errorf("text for a struct: %v", err)
	}
}

type step struct{ Number int }

func decode[P any](in string) (P, error) {
	var p P
	d, err := For[P]()
	if err != nil {
		return p, err
	}
	return p, d.JSON([]byte(in), &p)
}

func TestDstMustBeAPointer(t *testing.T) {
	t.Parallel()
	for _, dst := range []any{nil, step{}, (*step)(nil), 1} {
		if err := DecodeJSON([]byte(`{}`), dst); err == nil || !strings.Contains(err.Error(), "needs a pointer") {
			t.Errorf("DecodeJSON into %T = %v", dst, err)
		}
	}
	var n int
	if err := DecodeQuery("a=1", &n); err == nil || errors.As(err, new(Errors)) {
		t.Errorf("DecodeQuery into *int = %v", err)
	}
}
