package home

import (
	"testing"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

func TestTheListingRuns(t *testing.T) {
	t.Parallel()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	app.Live("/", func() live.View { return new(Page) })
	v := livetest.Mount(t, app, "/")
	v.Element(".tally button", "+").Click()
	v.Element(".tally button", "+").Click()
	v.Element(".tally button", "−").Click()
	v.Element(".tally output", "1")
	v.RequireText("The whole program")
}
