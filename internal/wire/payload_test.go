package wire

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestParseEvent(t *testing.T) {
	t.Parallel()
	b := func(s string) []byte { return []byte(s) }
	tests := []struct {
		payload string
		want    Event
	}{
		{string(clickLoad), Event{Type: b("click"), Name: b("change"), Value: b(`{"number":"1","value":""}`)}},
		{string(form), Event{Type: b("form"), Name: b("validate"), Value: b(`"user%5Bname%5D=Ada&user%5B_unused_email%5D=&user%5Bemail%5D=&_target=x"`),
			Meta: b(`{"_target":"user[name]"}`), Uploads: b("{}")}},
		{`{"type":null,"event":"a\"b","cid":3}`, Event{Name: b(`a"b`), CID: 3, HasCID: true}},
		{`{ "event" : "" , "cid" : null , "other" : [ ] }`, Event{Name: b("")}},
		{`{"event":"a","event":"b","\u0063id":-7,"value":null}`, Event{Name: b("b"), CID: -7, HasCID: true, Value: b("null")}},
	}
	for _, tt := range tests {
		got, err := ParseEvent(b(tt.payload))
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("ParseEvent(%s) = %+v, %v, want %+v", tt.payload, got, err, tt.want)
		}
		if got.Form() != strings.Contains(tt.payload, `"form"`) {
			t.Errorf("ParseEvent(%s).Form() = %v", tt.payload, got.Form())
		}
	}
	for payload, want := range map[string]string{
		``:                         `wire: offset 0: want an object, got the end`,
		`[]`:                       `wire: offset 0: want an object, got '['`,
		`{}`:                       `wire: event: want a string, got nothing`,
		`{"event":null}`:           `wire: event: want a string, got null`,
		`{"event":["a"]}`:          `wire: event: want a string, got an array`,
		`{"type":1,"event":"a"}`:   `wire: type: want a string or null, got a number`,
		`{"event":"a","cid":"1"}`:  `wire: cid: want an integer, got a string that is none`,
		`{"event":"a","cid":1.5}`:  `wire: cid: want an integer, got a number that is none`,
		`{"event":"a","cid":true}`: `wire: cid: want an integer, got a boolean that is none`,
		`{"event":"a"}x`:           `wire: offset 13: want the end, got 'x'`,
		"{\"event\":\"\xff\"}":     `wire: payload: want UTF-8, got other bytes`,
		`{"event":"a" "b":1}`:      `wire: offset 13: want a comma or the end of the object, got '"'`,
	} {
		if _, err := ParseEvent(b(payload)); err == nil || err.Error() != want {
			t.Errorf("ParseEvent(%s)\ngot  %v\nwant %s", payload, err, want)
		}
	}
}

func TestParseJoin(t *testing.T) {
	t.Parallel()
	params := `{"_csrf_token":"C","tz":"UTC","_track_static":["https://shop.test/app.css","b"],"_mounts":1,"_mount_attempts":2,"_live_referer":"https://shop.test/"}`
	got, err := ParseJoin([]byte(`{"url":"https://shop.test/cart?x=1","params":` + params + `,"session":"S","static":null,"flash":"F","sticky":true,"redirect":null,"more":0}`))
	want := Join{
		URL: "https://shop.test/cart?x=1", Session: "S", Flash: "F", Sticky: true, Params: []byte(params),
		CSRFToken: "C", Mounts: 1, MountAttempts: 2, TrackStatic: []string{"https://shop.test/app.css", "b"}, Referer: "https://shop.test/",
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ParseJoin = %+v, %v, want %+v", got, err, want)
	}
	// The last of two members counts, wholly.
	got, err = ParseJoin([]byte(`{"params":` + params + `,"params":{"_mounts":null,"_track_static":[]}}`))
	if want := (Join{Params: []byte(`{"_mounts":null,"_track_static":[]}`)}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ParseJoin = %+v, %v, want %+v", got, err, want)
	}
	for payload, want := range map[string]string{
		`null`:                                `wire: offset 0: want an object, got 'n'`,
		`{"url":1}`:                           `wire: url: want a string or null, got a number`,
		`{"sticky":"true"}`:                   `wire: sticky: want true or false, got a string`,
		`{"params":"x"}`:                      `wire: params: want an object, got a string`,
		`{"params":{"_mounts":-1}}`:           `wire: params._mounts: want an integer of 0 or more, got a number`,
		`{"params":{"_mount_attempts":"1"}}`:  `wire: params._mount_attempts: want an integer of 0 or more, got a string`,
		`{"params":{"_track_static":{}}}`:     `wire: params._track_static: want a list of strings, got an object`,
		`{"params":{"_track_static":["",1]}}`: `wire: params._track_static: want a list of strings, got another item`,
		`{"params":{"_track_static":[` + strings.Repeat(`"",`, 1024) + `""]}}`: `wire: params._track_static: want at most 1024 items, got more`,
	} {
		if _, err := ParseJoin([]byte(payload)); err == nil || err.Error() != want {
			t.Errorf("ParseJoin(%.60s)\ngot  %v\nwant %s", payload, err, want)
		}
	}
}

func TestInt(t *testing.T) {
	t.Parallel()
	for _, want := range []int{0, 1, -1, 42, math.MaxInt, math.MinInt, math.MinInt + 1} {
		if got, ok := Int([]byte(fmt.Sprint(want))); !ok || got != want {
			t.Errorf("Int(%d) = %d, %v", want, got, ok)
		}
	}
	if got, ok := Int([]byte("-0")); !ok || got != 0 {
		t.Errorf("Int(-0) = %d, %v", got, ok)
	}
	for _, raw := range []string{"", "-", "+1", "01", "1.0", "1e3", `"1"`, "null", "9223372036854775808", "-9223372036854775809", "99999999999999999999", " 1", "1/", "1:"} {
		if got, ok := Int([]byte(raw)); ok {
			t.Errorf("Int(%q) = %d, want none", raw, got)
		}
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{`""`: "", `"a\nb"`: "a\nb", ` "x" `: "x"} {
		if got, ok := String([]byte(raw)); !ok || got != want {
			t.Errorf("String(%s) = %q, %v, want %q", raw, got, ok, want)
		}
	}
	for _, raw := range []string{"", "null", "1", `"a`, `"a"b`, `{}`} {
		if got, ok := String([]byte(raw)); ok {
			t.Errorf("String(%s) = %q, want none", raw, got)
		}
	}
}

func TestObjectStopsWithTheError(t *testing.T) {
	t.Parallel()
	stop := errors.New("enough")
	seen := 0
	err := Object([]byte(`{"a":1,"b":2,"c":`), func(_, _ []byte) error {
		if seen++; seen == 2 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || seen != 2 {
		t.Errorf("Object = %v after %d members, want the error of the second", err, seen)
	}
	if err := Object([]byte(`{}`), nil); err != nil {
		t.Errorf("Object({}) = %v", err)
	}
}
