package wire

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	b := func(s string) []byte { return []byte(s) }
	tests := []struct {
		msg  string
		want Frame
	}{
		{`[null,"7","phoenix","heartbeat",{}]`, Frame{nil, b("7"), b("phoenix"), b("heartbeat"), b("{}")}},
		{`["4","9","lv:phx-A","event",{"a":[1,2]}]`, Frame{b("4"), b("9"), b("lv:phx-A"), b("event"), b(`{"a":[1,2]}`)}},
		{` [ "" , null , "" , "" , 1.5e3 , "more" , [ ] ] `, Frame{b(""), nil, b(""), b(""), b("1.5e3")}},
		{`["a\"b","\u00e9","\ud83d\ude00","\/",""]`, Frame{b(`a"b`), b("é"), b("😀"), b("/"), b(`""`)}},
	}
	for _, tt := range tests {
		got, err := Parse([]byte(tt.msg))
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Parse(%s) = %q, %v, want %q", tt.msg, got, err, tt.want)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := []struct{ msg, want string }{
		{``, `wire: offset 0: want an array of five elements, got the end`},
		{`{"a":1}`, `wire: offset 0: want an array of five elements, got '{'`},
		{`[4,"9","t","e",{}]`, `wire: offset 1: want join_ref, a string or null, got '4'`},
		{`["4",9,"t","e",{}]`, `wire: offset 5: want ref, a string or null, got '9'`},
		{`["4","9",null,"e",{}]`, `wire: offset 9: want topic, a string, got 'n'`},
		{`["4","9","t",{}]`, `wire: offset 13: want event, a string, got '{'`},
		{`["4","9","t","e"]`, `wire: offset 16: want a comma after event, got ']'`},
		{`["4","9","t","e",{}`, `wire: offset 19: want the end of the array, got the end`},
		{`["4","9","t","e",{}]x`, `wire: offset 20: want the end, got 'x'`},
		{`["4","9","t","e",{"a":1,}]`, `wire: offset 24: want a key, got '}'`},
		{`["4","9","t","e",{"a" 1}]`, `wire: offset 22: want a colon, got '1'`},
		{`["4","9","t","e",[1 2]]`, `wire: offset 20: want a comma or the closing bracket, got '2'`},
		{`["4","9","t","e",tru]`, `wire: offset 17: want true, got 't'`},
		{`["4","9","t","e",-x]`, `wire: offset 18: want a digit, got 'x'`},
		{`["4","9","t","e","a` + "\n" + `"]`, `wire: offset 19: want no control character in a string, got '\n'`},
		{`["4","9","t","e","\q"]`, `wire: offset 18: want an escape sequence, got '\\'`},
		{`["4","9","t","e","ab`, `wire: offset 20: want the end of a string, got the end`},
		{`["4","9","t","e",` + "\x00" + `]`, `wire: offset 17: want a value, got '\x00'`},
		{`["4","9","` + strings.Repeat("t", 256) + `","e",{}]`, `wire: topic: want at most 255 bytes, got 256`},
		{`["4","9","t","` + strings.Repeat("e", 256) + `",{}]`, `wire: event: want at most 255 bytes, got 256`},
		{`["` + strings.Repeat("4", 65) + `","9","t","e",{}]`, `wire: join_ref: want at most 64 bytes, got 65`},
		{`["4","` + strings.Repeat("9", 65) + `","t","e",{}]`, `wire: ref: want at most 64 bytes, got 65`},
	}
	for _, tt := range tests {
		if _, err := Parse([]byte(tt.msg)); err == nil || err.Error() != tt.want {
			t.Errorf("Parse(%q)\ngot  %v\nwant %s", tt.msg, err, tt.want)
		}
	}
}

// Faults, row 57.
func TestDepthIsLimited(t *testing.T) {
	t.Parallel()
	nested := func(open, close string, n int) string {
		return `["4","9","t","e",` + strings.Repeat(open, n) + "1" + strings.Repeat(close, n) + `]`
	}
	for _, pair := range [][2]string{{"[", "]"}, {`{"a":`, "}"}, {`[{"a":`, "}]"}} {
		per := strings.Count(pair[0], "[") + strings.Count(pair[0], "{")
		if _, err := Parse([]byte(nested(pair[0], pair[1], (MaxDepth-1)/per))); err != nil {
			t.Errorf("%d levels of %s: %v", MaxDepth, pair[0], err)
		}
		for _, n := range []int{MaxDepth, 100_000} {
			if _, err := Parse([]byte(nested(pair[0], pair[1], n))); !errors.Is(err, ErrDepth) {
				t.Errorf("%d levels of %s: %v, want ErrDepth", n, pair[0], err)
			}
		}
	}
	if _, err := Parse([]byte(`["4","9","t","e",` + strings.Repeat("[", 100_000))); !errors.Is(err, ErrDepth) {
		t.Errorf("100,000 opening brackets: %v, want ErrDepth", err)
	}
}

func TestParseDoesNotAllocate(t *testing.T) {
	for _, msg := range [][]byte{click, heartbeat} {
		if n := testing.AllocsPerRun(100, func() { _, _ = Parse(msg) }); n != 0 {
			t.Errorf("Parse(%s): %v allocations", msg, n)
		}
	}
	for _, payload := range [][]byte{clickLoad, form} {
		if n := testing.AllocsPerRun(100, func() { _, _ = ParseEvent(payload) }); n != 0 {
			t.Errorf("ParseEvent(%s): %v allocations", payload, n)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		for at := range 20 {
			text := []byte("abcdefghijklmnopqrst")
			text[at] = byte(c)
			want := len(text)
			if c < 0x20 || c == '"' || c == '\\' {
				want = at
			}
			if got := plain(text, 0); got != want {
				t.Fatalf("plain(%q) = %d, want %d", text, got, want)
			}
		}
	}
}

func TestParseBinary(t *testing.T) {
	t.Parallel()
	b := func(s string) []byte { return []byte(s) }
	got, err := ParseBinary(b("\x00\x02\x01\x05\x05127lvu:0chunkabc"))
	want := Frame{b("12"), b("7"), b("lvu:0"), b("chunk"), b("abc")}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ParseBinary = %q, %v, want %q", got, err, want)
	}
	got, err = ParseBinary(b("\x00\x00\x00\x00\x00"))
	want = Frame{nil, nil, b(""), b(""), b("")}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ParseBinary = %#v, %v, want %#v", got, err, want)
	}
	for msg, want := range map[string]string{
		"":                         `wire: binary frame: want kind 0, got nothing`,
		"\x01\x00\x00\x00\x00":     `wire: binary frame: want kind 0, got 1`,
		"\x00\x01":                 `wire: binary frame: want a header of 5 bytes, got 2`,
		"\x00\x01\x00\x00\xff1abc": `wire: binary frame: want 255 more bytes of header, got 3`,
		"\x00\x00\x00\x01\x00\xff": `wire: binary frame: want a header in UTF-8, got "\xff"`,
		"\x00\x41\x00\x00\x00" + strings.Repeat("1", 65): `wire: join_ref: want at most 64 bytes, got 65`,
	} {
		if _, err := ParseBinary(b(msg)); err == nil || err.Error() != want {
			t.Errorf("ParseBinary(%q)\ngot  %v\nwant %s", msg, err, want)
		}
	}
}
