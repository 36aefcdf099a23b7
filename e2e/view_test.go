package e2e

import (
	"testing"

	"bennu"
	"bennu/examples/showcase/web"
	"bennu/examples/showcase/web/nested"
	"bennu/live"
	"bennu/livetest"
)

// Many pages have a nested view of the same id: App.View finds the one of the
// page that is meant.
func TestViewOnAPage(t *testing.T) {
	t.Parallel()
	app := web.New(bennu.Options{Dev: true})
	one, two := livetest.Mount(t, app, "/nested"), livetest.Mount(t, app, "/nested")
	two.Child("hollow").Element(".lay").Click()
	for page, want := range map[*livetest.View]int{one: 0, two: 1} {
		eggs, err := live.Call(t.Context(), app.View("hollow", page.ID()), func(n *nested.Nest) int { return n.Eggs })
		if err != nil || eggs != want {
			t.Errorf("in the nest are %d eggs (%v), want %d", eggs, err, want)
		}
	}
	if app.View("hollow", one.ID()) == app.View("hollow", two.ID()) {
		t.Error("the pages have one nest")
	}
	none := live.Ref{}
	for _, ids := range [][]string{{"player", one.ID()}, {one.ID(), two.ID()}, {"hollow", "nowhere"}} {
		if app.View(ids[0], ids[1:]...) != none {
			t.Errorf("there is a view %q on the page %q", ids[0], ids[1])
		}
	}
}
