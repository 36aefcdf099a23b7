package inspect

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
func open(t *testing.T, path string) *livetest.View {
	t.Helper()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	app.Live("/inspect", func() live.View { return new(Page) })
	return livetest.Mount(t, app, path)
}

func TestSocketOfBothRenders(t *testing.T) {
	t.Parallel()
	v := open(t, "/inspect")
	for _, want := range []string{"<dd>false</dd>", "<dd>http</dd>", "<dd>" + v.ID() + "</dd>", "no socket yet"} {
		if !strings.Contains(v.Dead(), want) {
			t.Errorf("the page of the request lacks %s", want)
		}
	}
	for _, want := range []string{"true", "websocket", v.ID()} {
		v.Element("dd", want)
	}
	v.RequireText("Live over websocket, process")
}

func TestParams(t *testing.T) {
	t.Parallel()
	open(t, "/inspect").RequireText("Params none;")
	open(t, "/inspect?sun=up&stone=%3Cb%3E").RequireText("stone=%3Cb%3E&sun=up")
}

func TestChangeAndChangeNothing(t *testing.T) {
	t.Parallel()
	v := open(t, "/inspect")
	v.Element("button", "+").Click()
	v.Element("#count", "1")
	v.Element("button", "Change nothing").Click()
	frames := v.Frames()
	if got := string(frames[len(frames)-1].Payload); strings.Contains(got, "diff") {
		t.Errorf("an event that changes nothing is answered by %s, want no diff", got)
	}
	v.Element("#count", "1")
}
