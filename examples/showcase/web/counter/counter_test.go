package counter

import (
	"strings"
	"testing"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

// open mounts the page as the website does.
func open(t *testing.T) *livetest.View {
	t.Helper()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root})
	app.Live("/counter", func() live.View { return new(Counter) }, bennu.WithLayout(nil))
	return livetest.Mount(t, app, "/counter")
}

func TestHandlers(t *testing.T) {
	t.Parallel()
	c := new(Counter)
	for _, f := range []func(*live.Socket, step) error{c.increase, c.increase, c.decrease} {
		if err := f(new(live.Socket), step{Number: 2}); err != nil {
			t.Fatal(err)
		}
	}
	if c.Count != 2 {
		t.Errorf("up, up and down by 2 give %d, want 2", c.Count)
	}
}

// The number of a fresh Counter is the zero of its field: there is no Mount.
func TestSEED06FreshCounterIsZero(t *testing.T) {
	t.Parallel()
	v := open(t)
	if got := v.Element("#count").Text(); got != "0" || !strings.Contains(v.Dead(), ">0</output>") {
		t.Errorf("a fresh counter shows %q, want 0 there and in the first response:\n%s", got, v.Dead())
	}
}

func TestSEED09AChangedFieldIsDrawn(t *testing.T) {
	t.Parallel()
	v := open(t)
	for _, step := range []struct {
		number, text, answer string
	}{
		{"3", "3", "diff"},
		{"4", "7", "diff"}, // from the value before
		{"0", "7", `"status":"ok","response":{}`},
	} {
		v.Event("increase", map[string]string{"number": step.number})
		v.Element("#count", step.text)
		frames := v.Frames()
		last := frames[len(frames)-1]
		if payload := string(last.Payload); last.Event != "phx_reply" || !strings.Contains(payload, step.answer) || step.number == "0" && strings.Contains(payload, "diff") {
			t.Errorf("increase by %s is answered by %s, want %s", step.number, last, step.answer)
		}
	}
}

func TestClicks(t *testing.T) {
	t.Parallel()
	v := open(t)
	steps := []struct {
		button, text, class string
	}{
		{"", "0", "font-bold px-4 text-xl"},
		{"decrease", "-1", "font-bold px-4 text-xl text-red-600"},
		{"increase", "1", "font-bold px-4 text-xl text-green-600"},
		{"increase", "3", "font-bold px-4 text-xl text-green-600"},
	}
	for _, s := range steps {
		if s.button != "" {
			v.Element(`button[phx-click="` + s.button + `"]`).Click()
		}
		count := v.Element("#count")
		if got := count.Text(); got != s.text {
			t.Errorf("after %q the count is %q, want %q", s.button, got, s.text)
		}
		if !v.Has(`#count[class="` + s.class + `"]`) {
			t.Errorf("after %q the count is %s, want the classes %q", s.button, count.HTML(), s.class)
		}
	}
}

func TestCrashStartsAnew(t *testing.T) {
	t.Parallel()
	v := open(t)
	v.Element("button", "+").Click()
	v.ExpectCrash(func() { v.Element("button", "crash").Click() })
	if got := v.Element("#count").Text(); got != "2" {
		t.Errorf("while there is no view the page shows %q, want what it showed, 2", got)
	}
	v.Rejoin()
	if got := v.Element("#count").Text(); got != "0" {
		t.Errorf("the fresh view shows %q, want 0", got)
	}
	v.Element("button", "+").Click()
	v.Element("#count", "2")
}

// TestBytes holds how little a click may cost on the wire.
func TestBytes(t *testing.T) {
	t.Parallel()
	v := open(t)
	for _, most := range []int{145, 110} { // with the class, then the number alone
		v.Element("button", "+").Click()
		frames := v.Frames()
		if last := frames[len(frames)-1]; last.Sent || len(last.Text) > most {
			t.Errorf("a click is answered by %d bytes, want at most %d: %s", len(last.Text), most, last)
		}
	}
}
