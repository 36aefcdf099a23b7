package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// put fills a session for a test.
func put(t testing.TB, s *Session, name string, value any) {
	t.Helper()
	if err := s.Put(name, value); err != nil {
		t.Fatal(err)
	}
}

func TestSessionGet(t *testing.T) {
	t.Parallel()
	s := new(Session)
	for _, tt := range []struct {
		name  string
		value any
		want  string
	}{
		{"plain", "anna", "anna"},
		{"empty", "", ""},
		{"quoted", `a "b" \ c`, `a "b" \ c`},
		{"markup", "<b> & é\n\x00", "<b> & é\n\x00"},
		{"number", 42, "42"},
		{"bool", true, "true"},
		{"null", nil, "null"},
		{"list", []int{1, 2}, "[1,2]"},
		{"", "no name", "no name"},
		{strings.Repeat("long name ", 50), strings.Repeat("v", 300), strings.Repeat("v", 300)},
	} {
		put(t, s, tt.name, "former")
		put(t, s, tt.name, tt.value)
		stored, err := NewSession(s.Encoded())
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Get(tt.name); got != tt.want {
			t.Errorf("Get(%q) = %q, want %q", tt.name, got, tt.want)
		}
		if got := stored.Get(tt.name); got != tt.want {
			t.Errorf("stored: Get(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := s.Get("absent"); got != "" {
		t.Errorf("Get of an absent value = %q", got)
	}
}

func TestSessionDecode(t *testing.T) {
	t.Parallel()
	s := new(Session)
	want := []string{"bread", "milk"}
	put(t, s, "basket", want)
	want[0] = "changed later"

	var got []string
	if found, err := s.Decode("basket", &got); !found || err != nil || !slices.Equal(got, []string{"bread", "milk"}) {
		t.Errorf("Decode = %v, %v, %v", got, found, err)
	}
	var n int
	if found, err := s.Decode("basket", &n); !found || err == nil || !strings.Contains(err.Error(), `session value "basket"`) {
		t.Errorf("Decode into the wrong type = %v, %v", found, err)
	}
	n = 7
	if found, err := s.Decode("absent", &n); found || err != nil || n != 7 {
		t.Errorf("Decode of an absent value = %v, %v, and left %d", found, err, n)
	}
	if err := s.Put("f", func() {}); err == nil || !strings.Contains(err.Error(), `session value "f"`) {
		t.Errorf("Put of a func = %v", err)
	}
}

func TestSessionChanges(t *testing.T) {
	t.Parallel()
	base := new(Session)
	put(t, base, "a", 1)
	put(t, base, "b", 2)
	put(t, base, "c", 3)
	tests := []struct {
		what             string
		do               func(*Session)
		changed, renewed bool
		want             string // values of a, b, c, d
	}{
		{"nothing", func(*Session) {}, false, false, "1 2 3 "},
		{"the same value", func(s *Session) { put(t, s, "b", 2) }, false, false, "1 2 3 "},
		{"another value", func(s *Session) { put(t, s, "b", "longer") }, true, false, "1 longer 3 "},
		{"a new value", func(s *Session) { put(t, s, "d", 4) }, true, false, "1 2 3 4"},
		{"delete the first", func(s *Session) { s.Delete("a") }, true, false, " 2 3 "},
		{"delete the last", func(s *Session) { s.Delete("c") }, true, false, "1 2  "},
		{"delete none", func(s *Session) { s.Delete("d") }, false, false, "1 2 3 "},
		{"clear", func(s *Session) { s.Clear() }, true, false, "   "},
		{"renew and log in", func(s *Session) { s.Renew(); put(t, s, "d", 4) }, true, true, "   4"},
	}
	for _, tt := range tests {
		s, err := NewSession(base.Encoded())
		if err != nil {
			t.Fatal(err)
		}
		tt.do(s)
		changed, renewed := s.Changed()
		got := fmt.Sprintf("%s %s %s %s", s.Get("a"), s.Get("b"), s.Get("c"), s.Get("d"))
		if changed != tt.changed || renewed != tt.renewed || got != tt.want {
			t.Errorf("%s: changed %v, renewed %v, values %q; want %v, %v, %q", tt.what, changed, renewed, got, tt.changed, tt.renewed, tt.want)
		}
	}
	empty := new(Session)
	empty.Clear()
	if changed, _ := empty.Changed(); changed {
		t.Error("clearing an empty session counts as a change")
	}
}

func TestSessionThatCannotChangeSaysWhy(t *testing.T) {
	t.Parallel()
	base := new(Session)
	put(t, base, "a", 1)
	sealed, err := NewSession(base.Encoded())
	if err != nil {
		t.Fatal(err)
	}
	sealed.Seal()
	for _, tt := range []struct {
		s    *Session
		want string
	}{
		{base.ReadOnly(), "a session changes in an HTTP request"},
		{sealed, "header is already written"},
		{nil, "no session here"},
	} {
		for name, do := range map[string]func(){
			"Put": func() {
				if err := tt.s.Put("a", 2); err != nil {
					panic(err)
				}
			},
			"Delete": func() { tt.s.Delete("a") },
			"Clear":  func() { tt.s.Clear() },
			"Renew":  func() { tt.s.Renew() },
		} {
			func() {
				defer func() {
					if v := recover(); !strings.Contains(fmt.Sprint(v), tt.want) {
						t.Errorf("%s = %v, want an error with %q", name, v, tt.want)
					}
				}()
				do()
			}()
		}
		if got := tt.s.Get("a"); tt.s != nil && got != "1" {
			t.Errorf("after refused changes a = %q, want 1", got)
		}
	}
}

func TestSessionReadByManyViews(t *testing.T) {
	t.Parallel()
	base := new(Session)
	put(t, base, "user", "anna")
	s := base.ReadOnly()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				var v string
				if found, err := s.Decode("user", &v); !found || err != nil || v != s.Get("user") {
					t.Errorf("Decode = %q, %v, %v", v, found, err)
				}
			}
		})
	}
	put(t, base, "user", "bert") // not seen behind the socket
	wg.Wait()
	if got := s.Get("user"); got != "anna" {
		t.Errorf("behind the socket user = %q, want anna", got)
	}
}

func TestSessionIsSmall(t *testing.T) {
	t.Parallel()
	if size := unsafe.Sizeof(Session{}); size > 24 {
		t.Errorf("a Session takes %d bytes, want at most 24", size)
	}
	var none *Session
	if none.ReadOnly() != nil || none.Encoded() != "" || none.Get("a") != "" {
		t.Error("a nil Session is not an empty one")
	}
}

func TestSessionStaysOutOfLogs(t *testing.T) {
	t.Parallel()
	s := new(Session)
	put(t, s, "user", "hidden value")
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("message", "session", s)
	fmt.Fprintf(&out, "%v %+v %s", s, s, s)
	if strings.Contains(out.String(), "hidden") {
		t.Errorf("the log shows %s", out.String())
	}
}

func FuzzSession(f *testing.F) {
	s := new(Session)
	put(f, s, "user", "anna")
	put(f, s, "n", 42)
	f.Add(s.Encoded(), "user", "bert")
	f.Add("\x01", "a", "")
	f.Add("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "a", "b")
	f.Add("\x01a\x03\"\"\"", "a", "b")
	f.Fuzz(func(t *testing.T, stored, name, value string) {
		s, err := NewSession(stored)
		if err != nil {
			return
		}
		s.Get(name)
		if err := s.Put(name, value); err != nil {
			t.Fatal(err)
		}
		got, err := NewSession(s.Encoded())
		if err != nil {
			t.Fatalf("after Put(%q, %q) the session does not load: %v", name, value, err)
		}
		var want string // invalid UTF-8 is replaced, as JSON does
		text, err := json.Marshal(value)
		if err == nil {
			err = json.Unmarshal(text, &want)
		}
		if err != nil || got.Get(name) != want {
			t.Errorf("Get(%q) = %q, want %q, %v", name, got.Get(name), want, err)
		}
		got.Delete(name)
		if _, err := NewSession(got.Encoded()); err != nil {
			t.Fatalf("after Delete(%q) the session does not load: %v", name, err)
		}
	})
}

func BenchmarkSessionGet(b *testing.B) {
	s := new(Session)
	put(b, s, "_csrf_token", "c2VjcmV0c2VjcmV0c2VjcmV0")
	put(b, s, "user", "anna")
	b.ReportAllocs()
	for b.Loop() {
		if s.Get("user") != "anna" {
			b.Fatal("wrong value")
		}
	}
}
