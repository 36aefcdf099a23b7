package livetest_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

// Groceries is a page for tests that are wrong.
type Groceries struct {
	Price live.Async[int]
	wait  chan struct{}
}

var groceriesPage = newPage(`<h1>Groceries</h1><form id="add" phx-submit="add" phx-change="add"><input name="title"><input type="hidden" name="kind" value="a">
<select name="size"><option value="small">s</option><option value="large">l</option><option value="huge" disabled>h</option></select><input type="hidden" name="done" value="no"><input type="checkbox" name="done" value="yes">
<input name="off" disabled><input name="alone" phx-change="add"><button name="by" value="button" disabled>Add</button></form>
<button class="btn" phx-click="remove">Remove all</button><a href="/plain">Plain</a><ul id="list"><li class="item">milk</li><li class="item">bread</li></ul><p hidden>milk</p>`, ``)

func (v *Groceries) Events() live.Events {
	return live.Events{
		"add":    live.Do(func(*live.Socket) error { return nil }),
		"remove": live.Do(func(*live.Socket) error { return nil }),
		"away":   live.Do(func(s *live.Socket) error { s.Navigate("/counter"); return nil }),
		"load": live.Do(func(s *live.Socket) error {
			live.Load(s, &v.Price, func(context.Context) (int, error) { <-v.wait; return 1, nil })
			return nil
		}),
	}
}

func (v *Groceries) Render() templ.Component {
	return groceriesPage.with(live.Nested("clerk", "clerk", nil))
}

// Clerk is nested in the page.
type Clerk struct{}

var clerkPage = newPage(`<b>at your service</b>`)

func (*Clerk) Render() templ.Component { return clerkPage.with() }

// What tests get wrong is told with what was probably meant.
func TestNearMisses(t *testing.T) {
	t.Parallel()
	add := func(values url.Values) func(*livetest.View) {
		return func(v *livetest.View) { v.Element("#add").Submit(values) }
	}
	for _, tt := range []struct {
		name string
		do   func(v *livetest.View)
		want []string
	}{
		{"class", func(v *livetest.View) { v.Element("ul > .itm") }, []string{"no element matches \"ul > .itm\"\nno element has .itm; did you mean \".item\"?\n", "the view at /groceries shows:\n<h1>"}},
		{"id", func(v *livetest.View) { v.Element("#lst") }, []string{`no element has #lst; did you mean "#list"?`}},
		{"no selector", func(v *livetest.View) { v.Element("li[") }, []string{`"li[" is no CSS selector: expected identifier, found EOF`}},
		{"text for a selector", func(v *livetest.View) { v.Element("Remove all") }, []string{`the first argument is a CSS selector; for the element with this text write Element("button", "Remove all")`}},
		{"other letters", func(v *livetest.View) { v.Element("button", "remove all") }, []string{`did you mean "Remove all"?`, `<button class="btn" phx-click="remove">Remove all</button>`}},
		{"another text", func(v *livetest.View) { v.Element("li", "brad") }, []string{`did you mean "bread"?`}},
		{"several", func(v *livetest.View) { v.Element("li") }, []string{"\"li\" matches 2 elements, want one; a longer selector or a text names it:\n  <li class=\"item\">milk</li>"}},
		{"a hidden one too", func(v *livetest.View) { v.Element("*", "milk") }, []string{"<p hidden=\"\">milk</p>"}},
		{"in the layout", func(v *livetest.View) { v.Element("nav") }, []string{"the page has it outside of the view, where nothing is live (Dead has the page as it was requested):\n  <nav>Home</nav>"}},
		{"tokens", func(v *livetest.View) { v.Element("none") }, []string{`data-phx-session="…"`}},
		{"field", add(url.Values{"titel": {"x"}}), []string{`cannot submit "#add": the form has no field "titel"; did you mean "title"?`, `<form id="add" phx-submit="add" phx-change="add">`,
			`it has "alone", "by", "done", "kind", "off", "size", "title" (Forge sends what the page does not offer)`}},
		{"field of a change", func(v *livetest.View) { v.Element("#add").Change(url.Values{"quantity": {"1"}}) }, []string{`cannot change "#add": the form has no field "quantity"` + "\n"}},
		{"field that is alone", func(v *livetest.View) { v.Element("[name=alone]").Change(url.Values{"title": {"1"}}) }, []string{`the field "alone" sends itself alone, and the values have "title" too`}},
		{"option", add(url.Values{"size": {"larg"}}), []string{`the field "size" does not offer "larg"; did you mean "large"?`, `it offers "small", "large" (`}},
		{"disabled option", add(url.Values{"size": {"huge"}}), []string{`the field "size" does not offer "huge"`}},
		{"checkbox", add(url.Values{"done": {"true"}}), []string{`the field "done" does not offer "true"`, `it offers "no", "yes" (`}},
		{"disabled field", add(url.Values{"off": {"x"}}), []string{`the field "off" is disabled, so a browser sends nothing for it`}},
		{"disabled button", func(v *livetest.View) { v.Element("button", "Add").Click() }, []string{`cannot click "button" with the text "Add": it is disabled`}},
		{"submit a field", func(v *livetest.View) { v.Element("[name=title]").Submit(nil) }, []string{`it stands in the form <form id="add" phx-submit="add" phx-change="add">: submit that, or click its button`}},
		{"click a field", func(v *livetest.View) { v.Element("[name=title]").Click() }, []string{"it has no phx-click; a field is filled by Change, or by the Submit of its form"}},
		{"click a form", func(v *livetest.View) { v.Element("#add").Click() }, []string{"it has no phx-click; a form is filled by Change and Submit"}},
		{"letters of a text", func(v *livetest.View) { v.RequireText("groceries") }, []string{`does not show the text "groceries"` + "\nit shows \"Groceries\"; capitals count"}},
		{"sent away", func(v *livetest.View) { v.Event("away", nil); v.RequireText("Count: 0") }, []string{"the view has sent the page away to /counter; Follow goes there\nthe view at /groceries shows\n"}},
		{"on another page", func(v *livetest.View) { v.Event("away", nil); v.Follow(); v.Element("#list") }, []string{"the view at /counter shows:"}},
		{"another move", func(v *livetest.View) { v.Event("away", nil); v.WantPatch("/counter") }, []string{"  navigation to /counter\nfor this navigation there is WantNavigate"}},
		{"work", func(v *livetest.View) { v.Event("load", nil); v.RequireText("1 coin") }, []string{"background work still runs: load int"}},
		{"work that hangs", func(v *livetest.View) { v.Event("load", nil); v.Settle() }, []string{"have not ended within 5s: load int; let the test end what they wait for, or give Options.Deadline more time"}},
		{"closed", func(v *livetest.View) { v.Close(); v.Element(".btn").Click() }, []string{"the View is closed"}},
		{"cut off", func(v *livetest.View) { v.Disconnect(); v.Element(".btn").Click() }, []string{"the connection is cut; Rejoin connects again"}},
		{"cut off, and waiting", func(v *livetest.View) { v.Disconnect(); v.RequireText("news") }, []string{"the connection is cut; Rejoin connects again"}},
		{"crashed", func(v *livetest.View) { v.ExpectCrash(func() { v.Event("none", nil) }); v.RequireText("news") }, []string{"the view has crashed; Rejoin mounts a new one"}},
		{"no child", func(v *livetest.View) { v.Child("clerck") }, []string{`no view is nested in the page with the id "clerck"; there are "clerk"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wait := make(chan struct{})
				app := newApp(io.Discard, bennu.Options{})
				app.Live("/groceries", func() live.View { return &Groceries{wait: wait} })
				app.Nested("clerk", func() live.View { return new(Clerk) })
				got := livetest.FailureOf(t, func(t testing.TB) {
					defer time.AfterFunc(time.Minute, func() { close(wait) })
					tt.do(livetest.Mount(t, app, "/groceries", livetest.Options{AllowLeakedGoroutines: true}))
				})
				for _, want := range tt.want {
					if !strings.Contains(got, want) {
						t.Errorf("failed with\n%s\nwant in it\n%s", got, want)
					}
				}
				time.Sleep(2 * time.Minute)
			})
		})
	}
}

// What can be entered is.
func TestValuesThatCanBeEntered(t *testing.T) {
	t.Parallel()
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/groceries", func() live.View { return new(Groceries) })
	app.Nested("clerk", func() live.View { return new(Clerk) })
	v := livetest.Mount(t, app, "/groceries")
	v.Element("#add").Submit(url.Values{"title": {"any\ntext"}, "kind": {"set by a script"}, "size": {"large"}, "done": {"no", "yes"}})
	v.Element("#add").Change(url.Values{"title": {"x"}, "_target": {"title"}})
	v.Element("[name=title]").Change(url.Values{"title": {"x"}, "done": {}})
	v.Element("[name=alone]").Change(url.Values{"alone": {"x"}})
	if f := v.Forge("add", url.Values{"titel": {"x"}}); f.Crashed {
		t.Error("a forged field has ended the view")
	}
}

// An address that leads nowhere is told with those that do.
func TestMountSaysWhatRoutesThereAre(t *testing.T) {
	t.Parallel()
	empty := bennu.New(bennu.Options{Dev: true})
	missing := newApp(io.Discard, bennu.Options{})
	missing.Get("/gone", func(http.ResponseWriter, *http.Request) error { return bennu.Status(http.StatusNotFound, nil) })
	for _, tt := range []struct {
		name, path string
		h          http.Handler
		want       string
		lacks      string
	}{
		{"near", "/countr", newApp(io.Discard, bennu.Options{}), "did you mean \"/counter\"?\nits live routes are /counter", "?????"},
		{"far", "/about/us/and/others", newApp(io.Discard, bennu.Options{}), "\nits live routes are /counter", "did you mean"},
		{"none", "/", empty, "the app has no live route: register the view by app.Live", "did you mean"},
		{"its own word", "/gone", missing, "404 Not Found", "live routes"},
		{"no app", "/", nil, "Mount wants the app, an http.Handler, got nil", "?????"},
		{"nil app", "/", (*bennu.App)(nil), "Mount wants the app, an http.Handler, got nil", "?????"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := livetest.FailureOf(t, func(t testing.TB) { livetest.Mount(t, tt.h, tt.path) })
			if !strings.Contains(got, tt.want) || strings.Contains(got, tt.lacks) {
				t.Errorf("failed with\n%s\nwant in it\n%s\nand not %s", got, tt.want, tt.lacks)
			}
		})
	}
}
