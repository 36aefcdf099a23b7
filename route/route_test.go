package route

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/quick"
)

type slug struct{ id int }

func (s slug) Param() string { return fmt.Sprintf("%d-a/b", s.id) }

type word string

type level int

func (level) String() string { return "high" }

func TestSegment(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value any
		want  string
	}{
		{"a", "a"},
		{"a b/c?d#e%", "a%20b%2Fc%3Fd%23e%25"},
		{`\evil`, "%5Cevil"},
		{"käse", "k%C3%A4se"},
		{"", "%20"},
		{".", "%252E"},
		{"..", "%252E%252E"},
		{"...", "..."},
		{7, "7"},
		{int64(-7), "-7"},
		{uint8(7), "7"},
		{word("x y"), "x%20y"},
		{level(3), "3"},
		{slug{7}, "7-a%2Fb"},
		{&slug{7}, "7-a%2Fb"},
		{netip.MustParseAddr("::1"), "::1"},
	} {
		if got := Segment(tt.value); got != tt.want {
			t.Errorf("Segment(%#v) = %q, want %q", tt.value, got, tt.want)
		}
	}
}

func TestWhatIsNoValuePanicsWithTheWayOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		make func() string
		want string
	}{
		{func() string { return Segment(struct{ ID int }{7}) }, "struct { ID int } cannot be a part of a path: want a string, an integer, or a type with a method Param() string"},
		{func() string { return Segment(nil) }, "<nil> cannot be"},
		{func() string { return Segment((*slug)(nil)) }, "*route.slug cannot be"},
		{func() string { return Segment(1.5) }, "float64 cannot be"},
		{func() string { return Query{"by": struct{}{}}.String() }, `struct {} cannot be the query's "by"`},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, tt.want) {
					t.Errorf("panic %q, want %q in it", got, tt.want)
				}
			}()
			t.Errorf("got %q, want a panic with %q", tt.make(), tt.want)
		}()
	}
}

// Whatever the value is, the route that the path was made for gets it, whole.
func TestAPathReachesItsRoute(t *testing.T) {
	t.Parallel()
	var got string
	var mux http.ServeMux
	mux.HandleFunc("/{$}", func(http.ResponseWriter, *http.Request) { got = "front" })
	mux.HandleFunc("/a/{id}/b", func(_ http.ResponseWriter, r *http.Request) { got = "segment " + r.PathValue("id") })
	mux.HandleFunc("/f/{path...}", func(_ http.ResponseWriter, r *http.Request) { got = "rest " + r.PathValue("path") })
	ask := func(path string) string {
		got = ""
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
		return got
	}
	special := map[string]string{"": " ", ".": "%2E", "..": "%2E%2E"}
	if err := quick.Check(func(s string) bool {
		want, ok := special[s]
		if !ok {
			want = s
		}
		return ask("/a/"+Segment(s)+"/b") == "segment "+want
	}, nil); err != nil {
		t.Error(err)
	}
	for value := range special {
		if got, want := ask("/a/"+Segment(value)+"/b"), "segment "+special[value]; got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
	for path, want := range map[string]string{
		"a/b c/d": "a/b c/d", "/a//b/": "a/b/", "": "", "../x": "%2E%2E/x", "a/./b": "a/%2E/b", "/": "",
	} {
		if got := ask("/f/" + Rest(path)); got != "rest "+want {
			t.Errorf("%q: %q, want %q", path, got, "rest "+want)
		}
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	three := 3
	for _, tt := range []struct {
		query Query
		want  string
	}{
		{nil, ""},
		{Query{"b": 2, "a": "x y&z"}, "a=x+y%26z&b=2"},
		{Query{"q": "", "none": nil, "nobody": (*int)(nil)}, "q="},
		{Query{"on": true, "f": 1.5, "p": &three, "s": slug{1}}, "f=1.5&on=true&p=3&s=1-a%2Fb"},
		{Query{"ids[]": []int{2, 1}, "empty": []string{}}, "ids%5B%5D=2&ids%5B%5D=1"},
	} {
		if got := tt.query.String(); got != tt.want {
			t.Errorf("%v: %q, want %q", map[string]any(tt.query), got, tt.want)
		}
	}
}

type prefixed string

func (p prefixed) Path(path string) string  { return string(p) + path }
func (p prefixed) Asset(name string) string { return string(p) + "/assets/hashed-" + name }

func TestMounted(t *testing.T) {
	t.Parallel()
	var m Mounted
	if got, want := m.Path("/a", []Query{{"x": 1, "y": 1}, {"y": 2}}), "/a?x=1&y=2"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := m.Asset("/app.js"), "/assets/app.js"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	m.Set(prefixed("/admin"))
	if got, want := m.Path("/a", nil), "/admin/a"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := m.Asset("app.js"), "/admin/assets/hashed-app.js"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func BenchmarkPath(b *testing.B) {
	var m Mounted
	b.ReportAllocs()
	for b.Loop() {
		_ = m.Path("/posts/"+Segment(7)+"/edit", nil)
	}
}
