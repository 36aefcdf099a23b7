package cursors

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

func newSite() *bennu.App {
	app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live})
	field := NewField(app.PubSub(), app.Presence())
	app.Live("/cursors", func() live.View { return field.Page() })
	return app
}

// later lets the pages hear of each other.
func later(views ...*livetest.View) {
	time.Sleep(5 * time.Second) // of the test's own clock
	synctest.Wait()
	for _, v := range views {
		v.Settle()
	}
}

func count(t *testing.T, v *livetest.View, want string) {
	t.Helper()
	if got := v.Element("#count").Text(); got != want {
		t.Errorf("the page counts %s, want %s", got, want)
	}
}

// style is where the only pointer on a page is, "" for none.
func style(v *livetest.View) string {
	if !v.Has(".pointers li") {
		return ""
	}
	text, _ := v.Element(".pointers li").Attr("style")
	return strings.Trim(text, "; ")
}

func TestOthersSeeWhereSomebodyIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newSite()
		ann := livetest.Mount(t, app, "/cursors")
		count(t, ann, "1")
		ann.RequireText("You are alone here")
		ann.Element("#you").Change(url.Values{"name": {"Ann"}, "colour": {"4"}})
		bob := livetest.Mount(t, app, "/cursors")
		later(ann, bob)
		count(t, ann, "2")
		count(t, bob, "2")
		bob.Element("#people li.ink-4", "Ann")
		if got := style(bob); got != "" {
			t.Errorf("who has not moved is at %q, want nowhere", got)
		}

		ann.Event("move", Point{125, 1000})
		later(bob)
		if got, want := style(bob), "translate: 12.5cqw 100.0cqh"; got != want {
			t.Errorf("Ann is at %q, want %q", got, want)
		}
		bob.Element(".pointers li.ink-4", "Ann")
		if got := style(ann); got != "" {
			t.Errorf("Ann's own pointer is on her page at %q", got)
		}

		// Who comes later is told.
		cat := livetest.Mount(t, app, "/cursors")
		later(ann, cat)
		if got, want := style(cat), "translate: 12.5cqw 100.0cqh"; got != want {
			t.Errorf("for one who came later Ann is at %q, want %q", got, want)
		}

		ann.Event("leave", nil)
		later(bob)
		if got := style(bob); got != "" {
			t.Errorf("who has left the field is at %q", got)
		}
		ann.Event("move", Point{1, 2})
		ann.Close()
		later(bob, cat)
		count(t, bob, "2")
		if got := style(bob); got != "" {
			t.Errorf("who has gone is at %q", got)
		}
	})
}

func TestAThousandMovesAreAFewMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newSite()
		ann, bob := livetest.Mount(t, app, "/cursors"), livetest.Mount(t, app, "/cursors")
		later(ann, bob)
		before, drawn, start := app.PubSub().Stats().Published, len(bob.Frames()), time.Now()
		for i := range 1000 {
			ann.Event("move", Point{i, i})
		}
		took := time.Since(start)
		later(bob)
		most := 2 * (2 + int(took/tellEvery)) // moves, and pictures of them
		if got := int(app.PubSub().Stats().Published - before); got < 1 || got > most {
			t.Errorf("a thousand moves within %v are %d messages, want %d at most", took, got, most)
		}
		if got := len(bob.Frames()) - drawn; got > most+10 {
			t.Errorf("they are %d frames for somebody else, who has heard of %d messages", got, most)
		}
		if got, want := style(bob), "translate: 99.9cqw 99.9cqh"; got != want {
			t.Errorf("the last is at %q, want %q", got, want)
		}
	})
}

func TestWhatNoPageSends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newSite()
		ann, bob := livetest.Mount(t, app, "/cursors"), livetest.Mount(t, app, "/cursors")
		ann.Forge("move", Point{-5, 4000})
		later(bob)
		if got, want := style(bob), "translate: 0.0cqw 100.0cqh"; got != want {
			t.Errorf("a point outside puts the pointer at %q, want %q", got, want)
		}
		for _, x := range []any{"1); background: url(", "99999999999999999999", "", nil, []int{1}, map[string]int{"x": 1}} {
			dan := livetest.Mount(t, app, "/cursors")
			dan.Event("move", Point{500, 500})
			dan.ExpectCrash(func() { dan.Forge("move", map[string]any{"x": x, "y": "half"}) }) // his own view and no other
			later(bob)
			count(t, bob, "2")
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newSite()
		ann, bob := livetest.Mount(t, app, "/cursors"), livetest.Mount(t, app, "/cursors")
		call := func(name, colour string) { ann.Forge("call", url.Values{"name": {name}, "colour": {colour}}) }
		call(" Ann \t of\u200b the\n reeds ", "2")
		later(bob)
		bob.Element("#people li.ink-2", "Ann of the reeds")
		for _, name := range []string{"", " \u200b\n", strings.Repeat("é", longName+1)} {
			call(name, "2")
			if !ann.Has("#you [role=alert]") {
				t.Errorf("%q is taken for a name", name)
			}
		}
		call("<img src=x onerror=alert(1)>", "2000")
		later(bob)
		bob.Element("#people li.ink-2", "Ann of the reeds") // it is too long, and no such colour
		call("<b>Ann", "-1")
		later(bob)
		bob.Element("#people li.ink-2", "<b>Ann")
		if bob.Has("#people b") {
			t.Error("a name is markup")
		}
	})
}

func TestACrowdIsACount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newSite()
		page := livetest.Mount(t, app, "/cursors")
		field := NewField(app.PubSub(), app.Presence())
		people, moves := field.People, field.Moves
		for i := range 2000 {
			id := fmt.Sprint("bird-", i)
			if _, err := people.Track(id, Member{Name: "Coot", Colour: i}); err != nil {
				t.Fatal(err)
			}
			if err := moves.Broadcast(Move{ID: id, At: Point{1, 1}}); err != nil {
				t.Fatal(err)
			}
		}
		later(page)
		count(t, page, fmt.Sprint(2001))
		page.Element("#who-bird-1007.ink-7", "Coot")
		page.RequireText(fmt.Sprint("and ", 2000-drawn, " more"))
	})
}
