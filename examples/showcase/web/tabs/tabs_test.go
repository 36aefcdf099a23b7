package tabs

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

func site() *bennu.App {
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	app.Live("/tabs", func() live.View { return new(Page) })
	app.Live("/tabs/{tab}", func() live.View { return new(Page) })
	app.Live("/tabs/{tab}/new", func() live.View { return new(Page) }, bennu.Action("new"))
	app.Live("/pair", func() live.View { return new(Page) })
	return app
}

func open(t *testing.T, path string) *livetest.View {
	t.Helper()
	return livetest.Mount(t, site(), path)
}

func TestTabsAreAddresses(t *testing.T) {
	t.Parallel()
	v := open(t, "/tabs/spring")
	v.Element("#found", "48")
	v.Element("nav a", "Winter").Click()
	v.WantPatch("/tabs/winter")
	v.Element("#found", "5")
	v.Element("nav a[aria-current]", "Winter")
	if got := v.Title(); got != "Winter · Tabs · Bennu" {
		t.Errorf("the title is %q", got)
	}
	v.Back()
	v.Element("#found", "48")
	v.Forward()
	v.Element("#found", "5")
}

func TestFilterReplacesTheAddress(t *testing.T) {
	t.Parallel()
	v := open(t, "/tabs/spring")
	before, _ := v.History()
	v.Element("#filter").Change(url.Values{"q": {"day 48"}})
	v.WantPatch("/tabs/spring?q=day+48")
	v.Element("#found", "1")
	if after, _ := v.History(); len(after) != len(before) {
		t.Errorf("after filtering the history is %q, want %d places as before", after, len(before))
	}
	v.Element("#new").Click()
	v.WantPatch("/tabs/spring/new?q=day+48")
	v.Element("#filter").Change(url.Values{"q": {"day 4"}}) // the panel stays open
	v.WantPatch("/tabs/spring/new?q=day+4")
	v.Element("#panel")
	v.Element("#filter").Change(url.Values{"q": {"day 48"}})
	v.Element("#cancel").Click()
	v.Element("#found", "1")
	v.Element("#filter").Change(url.Values{"q": {"<dodo>"}})
	v.Element("#none", "<dodo>")
	v.Element("#filter").Submit(url.Values{"q": {""}})
	v.WantPatch("/tabs/spring")
	v.Element("#found", "48")
}

func TestBackClosesThePanel(t *testing.T) {
	t.Parallel()
	v := open(t, "/tabs/autumn")
	v.Element("#new").Click()
	v.WantPatch("/tabs/autumn/new")
	v.Element("#panel")
	v.Element("#add").Submit(url.Values{"text": {" "}})
	v.Element("#add [role=alert]")
	v.Back()
	if v.Has("#panel") {
		t.Error("after Back the panel is still open")
	}
	v.Forward()
	v.Element("#panel")
	if v.Has("#add [role=alert]") {
		t.Error("the panel opens with the mistake of before")
	}
}

func TestAddingAnEntry(t *testing.T) {
	t.Parallel()
	v := open(t, "/tabs/winter/new")
	v.Element("#add").Submit(url.Values{"text": {strings.Repeat("ü", longest+1)}})
	v.Element("[role=alert]", "too long")
	v.Element("#add").Submit(url.Values{"text": {" ice at the weir "}})
	v.WantPatch("/tabs/winter")
	v.Element(".flash", "Written into Winter.")
	v.Element("#entries li:first-child", "ice at the weir")
	v.Element("#found", "6")
	v.Element(".flash button").Click()
	if v.Has(".flash") {
		t.Error("the message is there after it was dismissed")
	}
	v.Element("nav a", "Spring").Click()
	v.Element("#found", "48")
}

func TestWritingEnds(t *testing.T) {
	t.Parallel()
	v := open(t, "/tabs/winter/new")
	for n := range atMost {
		v.Event("add", map[string]string{"text": strconv.Itoa(n)})
	}
	v.Element("#found", strconv.Itoa(atMost+5))
	v.Event("add", map[string]string{"text": "more"})
	v.Element("#found", strconv.Itoa(atMost+5))
}

func TestWaysOut(t *testing.T) {
	t.Parallel()
	v := open(t, "/tabs/spring")
	v.Element("#close-year").Click()
	v.WantRedirect("/tabs/winter")
	v.Follow()
	v.Element(".flash", "loaded anew")
	v.Element("#found", "5")
	v.Element("#away").Click()
	v.WantNavigate("/pair")
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	c := livetest.New(t, site())
	for path, to := range map[string]string{"/tabs": "/tabs/spring", "/tabs/monsoon": "/tabs/spring", "/tabs/monsoon/new": "/tabs/spring"} {
		r := c.Get(path)
		if r.URL.Path != to || r.Status != http.StatusOK {
			t.Errorf("%s leads to %s with status %d, want %s", path, r.URL.Path, r.Status, to)
		}
		if flash := strings.Contains(r.HTML(), "no such season"); flash != (path != "/tabs") {
			t.Errorf("%s says that there is no such season: %v", path, flash)
		}
	}
}
