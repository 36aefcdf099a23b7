package bennu_test

import (
	"testing"

	"github.com/a-h/templ"

	"bennu"
	"bennu/component"
	"bennu/live"
	"bennu/livetest"
)

type counted struct{}

func (*counted) Render() templ.Component { return component.FocusWrap("counted") }

func TestStatsCountWhatIsOpen(t *testing.T) {
	t.Parallel()
	app := bennu.New(bennu.Options{Dev: true})
	app.Live("/", func() live.View { return new(counted) })
	if got, want := app.Stats(), (bennu.Stats{}); got != want {
		t.Errorf("before anybody came: %+v", got)
	}
	v := livetest.Mount(t, app, "/")
	livetest.Mount(t, app, "/")
	if got := app.Stats().Views; got != 2 {
		t.Errorf("two pages are open, and %d views", got)
	}
	v.Close()
	if got := app.Stats().Views; got != 1 {
		t.Errorf("one of two pages is open, and %d views", got)
	}
}
