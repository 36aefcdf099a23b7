package nested

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

func open(t *testing.T) *livetest.View {
	t.Helper()
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	app.Nested("nest", func() live.View { return new(Nest) })
	app.Live("/", func() live.View { return new(Page) })
	v := livetest.Mount(t, app, "/")
	v.RequireElement("#known-Hollow") // all have reported
	return v
}

// shown checks the numbers on the page.
func shown(t *testing.T, v *livetest.View, want map[string]string) {
	t.Helper()
	for selector, text := range want {
		if got := v.Element(selector).Text(); got != text {
			t.Errorf("%s shows %q, want %q", selector, got, text)
		}
	}
}

func TestNestsTellThePage(t *testing.T) {
	t.Parallel()
	v := open(t)
	v.Child("reed").Element("#reed .lay").Click()
	v.Child("reed").Element("#reed .lay").Click()
	v.Child("willow").Child("hollow").Element(".lay").Click() // by way of the willow
	v.RequireText("3 eggs in all")
	shown(t, v, map[string]string{
		"#known-Reed td:nth-child(2)": "2", "#known-Hollow td:nth-child(2)": "1", "#known-Willow td:nth-child(2)": "0",
	})
}

func TestThePageCallsTheNests(t *testing.T) {
	t.Parallel()
	v := open(t)
	v.Element("#call").Click()
	for _, n := range []*livetest.View{v.Child("reed"), v.Child("poplar"), v.Child("willow"), v.Child("willow").Child("hollow")} {
		n.RequireText("heard 1 call")
	}
	v.RequireText("1 call so far")
}

func TestACrashCostsOneNest(t *testing.T) {
	t.Parallel()
	v := open(t)
	reed, poplar := v.Child("reed"), v.Child("poplar")
	reed.Element(".lay").Click()
	poplar.Element(".lay").Click()
	before := poplar.Element(".process").Text()
	reed.ExpectCrash(func() { reed.Element(".crash").Click() })
	reed.Rejoin()
	v.RequireElement("#known-Reed td:nth-child(4)", "1")
	shown(t, reed, map[string]string{".eggs": "0"})
	shown(t, poplar, map[string]string{".eggs": "1", ".process": before})
	v.RequireText("1 egg in all")
	reed.Element(".lay").Click()
	v.RequireText("2 eggs in all")
}

// A nest inside ends with the one that it stands in; one that crashes inside
// does not harm that.
func TestACrashGoesInwardsOnly(t *testing.T) {
	t.Parallel()
	v := open(t)
	willow := v.Child("willow")
	hollow := willow.Child("hollow")
	willow.Element("#willow > .nest > div > .lay").Click()
	hollow.Element(".lay").Click()
	hollow.ExpectCrash(func() { hollow.Element(".crash").Click() })
	hollow.Rejoin()
	shown(t, hollow, map[string]string{".eggs": "0"})
	v.RequireText("1 egg in all")

	willow.Child("hollow").Element(".lay").Click()
	willow.ExpectCrash(func() { willow.Element("#willow > .nest > div > .crash").Click() })
	willow.Rejoin()
	v.RequireText("0 eggs in all")
	shown(t, willow.Child("hollow"), map[string]string{".eggs": "0"})
}

func TestNestsCountTheSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := open(t)
		for s := range 3 {
			v.Child("reed").RequireText("here for " + strconv.Itoa(s) + " s")
			time.Sleep(time.Second) // of the bubble
		}
	})
}

func TestHeard(t *testing.T) {
	t.Parallel()
	p := new(Page)
	for _, r := range []Report{{"Reed", 1, 0}, {"Reed", 1, 1}, {"Poplar", 2, 5}, {"Reed", 3, 0}} {
		if err := p.heard(new(live.Socket), r); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.Nests) != 2 || p.Nests[1] != (Known{Report{"Reed", 3, 0}, 1}) || p.Eggs() != 5 {
		t.Errorf("the page knows %+v, want a Reed that began anew and a Poplar with 5 eggs", p.Nests)
	}
}
