package bennu_test

import (
	"runtime"
	"testing"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

// OTP-09: what is open is listed, and one of it is ended.
func TestViewsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	app := bennu.New(bennu.Options{Dev: true})
	app.Live("/{page}", func() live.View { return new(counted) })
	if got := app.Views(); len(got) != 0 {
		t.Errorf("before anybody came: %+v", got)
	}
	first, second := livetest.Mount(t, app, "/a"), livetest.Mount(t, app, "/b")
	all := viewsOf(app, 2)
	if all[0].ID != first.ID() || all[1].ID != second.ID() {
		t.Fatalf("%+v, want the two that are open, the older one first", all)
	}
	for _, l := range all {
		if l.Name != "bennu_test.counted" || l.Route != "/{page}" || l.Process == 0 || l.Ref != app.View(l.ID) {
			t.Errorf("listed as %+v", l)
		}
	}
	first.ExpectCrash(func() { // as its page sees it
		if !all[0].Ref.End() {
			t.Error("it had ended before")
		}
	})
	viewsOf(app, 1)
	first.Rejoin()
	again := viewsOf(app, 2)
	if again[0].Process != all[1].Process || again[1].ID != first.ID() || again[1].Process == all[0].Process {
		t.Errorf("after the end of the first: %+v, want a fresh view of its page behind the other one", again)
	}
	if all[0].Ref.Send(1) || all[0].Ref.End() {
		t.Error("the view that was ended is reached")
	}
}

// viewsOf are the App's views when there are so many: a page is answered a moment
// before its view is listed, and told of a failure a moment before it is not.
func viewsOf(app *bennu.App, n int) []live.Look {
	for {
		if all := app.Views(); len(all) == n {
			return all
		}
		runtime.Gosched()
	}
}
