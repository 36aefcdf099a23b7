package livetest_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

// Ill is a page that fails where its address says.
type Ill struct {
	At   string
	Here bool
}

var illPage = newPage(`<button phx-click="fail">fail</button><button phx-click="panic">panic</button><button phx-click="none">none</button>`, ``)

func (v *Ill) Mount(s *live.Socket, p live.Params) error {
	v.At = p.Get("at")
	if v.At == "around" {
		s.Navigate("/ill?at=around")
	}
	if v.At == "mount" || v.At == "join" && s.Connected() {
		return errors.New("no store")
	}
	return nil
}

func (v *Ill) Events() live.Events {
	return live.Events{
		"fail":  live.Do(func(*live.Socket) error { return errors.New("no room") }),
		"panic": live.Do(func(*live.Socket) error { v.fall(nil); return nil }),
		"later": live.Do(func(*live.Socket) error { v.Here = true; return nil }),
	}
}

func (v *Ill) fall(m map[string]int) { m["a"] = 1 }

func (v *Ill) Render() templ.Component {
	if v.At == "component" || v.Here {
		return illPage.with(live.Component[Loose]("a", nil))
	}
	if v.At == "nested" {
		return illPage.with(live.Nested("ill", "n", nil))
	}
	return illPage.with(nil)
}

// Loose is a live component without an element of its own.
type Loose struct{}

var loosePage = newPage(`plain text`)

func (*Loose) Render() templ.Component { return loosePage.with() }

// IllNested fails once it is joined.
type IllNested struct{}

func (*IllNested) Mount(s *live.Socket, _ live.Params) error {
	if s.Connected() {
		return errors.New("no clock")
	}
	return nil
}

func (*IllNested) Render() templ.Component { return illPage.with(nil) }

// The server's own error is in the failure, though its log is thrown away.
func TestFailuresTellTheServersError(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path string
		do         func(v *livetest.View)
		want       []string
	}{
		{"mount", "/ill?at=mount", nil, []string{"answers 500 Internal Server Error, want 200:\n  live: mount of livetest_test.Ill: no store"}},
		{"join", "/ill?at=join", nil, []string{`refused with {"reason":"join crashed"}: Mount or Render failed once connected:`, "no store"}},
		{"around", "/ill?at=around", nil, []string{"10 redirects, the last of them from /ill?at=around, /ill?at=around, /ill?at=around; does a Mount send the browser to its own page?"}},
		{"nested join", "/ill?at=nested", nil, []string{"no clock"}},
		{"a component's root", "/ill?at=component", nil, []string{`live: component livetest_test.Loose "a": its template is to be one element, with nothing before or after it, and begins with "plain text"; put an element around it`}},
		{"a component's root later", "/ill", func(v *livetest.View) { v.Event("later", nil) }, []string{
			"the view crashed on the event \"later\":\n  live: event \"later\": render: live: component livetest_test.Loose \"a\": its template is to be one element"}},
		{"error", "/ill", func(v *livetest.View) { v.Element("button", "fail").Click() }, []string{
			"the view crashed on the event \"fail\" by a click on <button phx-click=\"fail\">:\n  live: event \"fail\": no room\n(a test that wants the crash runs it within ExpectCrash)"}},
		{"panic", "/ill", func(v *livetest.View) { v.Element("button", "panic").Click() }, []string{
			"live: event \"panic\": panic: assignment to entry in nil map\n    bennu/livetest_test.(*Ill).fall at ", "server_error_test.go:"}},
		{"no handler", "/ill", func(v *livetest.View) { v.Element("button", "none").Click() }, []string{
			"\n  live: event \"none\": no handler for it: the view takes only fail, later, panic\n"}},
		{"a wrong name", "/ill", func(v *livetest.View) { v.Event("panik", nil) }, []string{`did you mean "panic"?`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := newApp(io.Discard, bennu.Options{})
			app.Live("/ill", func() live.View { return new(Ill) })
			app.Nested("ill", func() live.View { return new(IllNested) })
			got := livetest.FailureOf(t, func(t testing.TB) {
				v := livetest.Mount(t, app, tt.path)
				if tt.do != nil {
					tt.do(v)
				}
			})
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("failed with\n%s\nwant in it\n%s", got, want)
				}
			}
			if strings.Contains(got, "the server's log") || strings.Contains(got, "the page offers") {
				t.Errorf("failed with\n%s\nwant no word of the log nor a guess", got)
			}
		})
	}
}
