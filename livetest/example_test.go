package livetest_test

import (
	"fmt"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

var (
	t   *testing.T // the test's own
	app *bennu.App // the app under test
)

func ExampleMount() {
	v := livetest.Mount(t, app, "/counter")
	v.Element("button", "+").Click()
	v.RequireText("Count: 2")
}

// Two pages of one visitor share the cookies.
func ExampleOptions() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	livetest.Mount(t, app, "/login?token=abc", livetest.Options{Jar: jar})
	v := livetest.Mount(t, app, "/account", livetest.Options{Jar: jar})
	v.RequireText("Hello Ann")
}

// A visitor logs in by a form and then opens a live page.
func ExampleNew() {
	c := livetest.New(t, app)
	c.Get("/login")
	if r := c.Post("/login", url.Values{"name": {"Ann"}}); r.URL.Path != "/home" {
		t.Errorf("the login leads to %s: %s", r.URL, r.Text())
	}
	c.Mount("/account").RequireText("Hello Ann")
}

// A view without a route is told what its page would tell it.
func ExampleIsolated() {
	v := livetest.Isolated(t, func() live.View { return new(Greeter) }, livetest.Isolation{
		Session: map[string]any{"name": "Ann"},
		Options: livetest.Options{Params: map[string]string{"zone": "UTC"}},
	})
	v.RequireText("Ann in UTC")
}

// A component alone: its HTML, and its elements.
func ExampleRender() {
	card := livetest.Render(t, live.Component("1", func(c *Card) { c.Name = "Ann" }))
	if got := card.Element("b").Text(); got != "Ann" {
		t.Errorf("the card is of %q", got)
	}
}

// A crash costs the state of one view; the page lives on.
func ExampleView_ExpectCrash() {
	v := livetest.Mount(t, app, "/counter")
	v.ExpectCrash(func() { v.Element("button", "crash").Click() })
	v.RequireText("Count: 2") // what the page showed
	v.Rejoin()
	v.RequireText("Count: 0")
}

// An attacker sends what no button offers.
func ExampleView_Event() {
	v := livetest.Mount(t, app, "/orders")
	v.Event("delete", map[string]string{"id": "1"})
	v.RequireText("Order 1") // it is somebody else's
}

// Ann's page must not take what is for Bob's, whatever is sent to it.
func ExampleView_Forge() {
	v := livetest.Mount(t, app, "/orders")
	for _, id := range []string{"7", "-1", "1 or 1=1"} { // the order of somebody else, and no order
		if v.Forge("delete", map[string]string{"id": id}).Changed {
			t.Errorf("the order %s was deleted by a stranger", id)
		}
	}
	// To a live component: by any element in it.
	if f := v.Element("#order-1").Forge("set-price", map[string]int{"price": 0}); !f.Crashed {
		t.Error("the customer sets prices")
	}
}

// What travelled can be looked at.
func ExampleView_Frames() {
	v := livetest.Mount(t, app, "/counter")
	v.Element("button", "+").Click()
	for _, f := range v.Frames() {
		t.Log(f)
	}
}

// A link is followed; where a view sends the page, the test says so.
func ExampleView_Follow() {
	v := livetest.Mount(t, app, "/orders")
	v.Element("a", "Order 1").Click()
	v.RequireText("Order 1")
	v.Element("button", "Pay").Click()
	v.WantNavigate("/receipts/1")
	v.Follow()
	v.RequireText("Thank you") // the flash
}

// The address follows what the page shows.
func ExampleView_WantPatch() {
	v := livetest.Mount(t, app, "/orders")
	v.Element("button", "Next page").Click()
	v.WantPatch("/orders?page=2")
	v.Back()
	v.RequireText("Page 1")
}

// A test that begins where no link leads.
func ExampleView_Patch() {
	v := livetest.Mount(t, app, "/orders")
	v.Patch("/orders?page=2")
	v.RequireText("Page 2")
}

func ExampleView_Navigate() {
	v := livetest.Mount(t, app, "/orders")
	v.Navigate("/counter")
	v.RequireText("Count: 0")
}

// Background work is waited for, however long it takes.
func ExampleView_Settle() {
	v := livetest.Mount(t, app, "/dashboard")
	v.RequireText("Loading")
	v.Settle()
	v.RequireText("12 orders today")
}

// What the page's script is told has a type.
func ExampleWantPush() {
	v := livetest.Mount(t, app, "/game")
	v.Element("button", "Roll").Click()
	type scores struct{ Best int }
	if got := livetest.WantPush[scores](v, "scores"); got.Best != 6 {
		t.Errorf("best is %d", got.Best)
	}
	livetest.RefutePush(v, "game-over")
}

// A nested view has a page's methods of its own.
func ExampleView_Child() {
	v := livetest.Mount(t, app, "/house/hall")
	lamp := v.Child("lamp")
	lamp.ExpectCrash(func() { lamp.Element("button", "break").Click() })
	v.Element("button", "up").Click() // the page around it goes on
	lamp.Rejoin()
}

// An event goes to the live component that its element's phx-target names.
func ExampleElement_Click() {
	v := livetest.Mount(t, app, "/desk")
	v.Element("button", "add to Bob").Click()
	v.RequireText("Bob has 1")
	v.RequireText("Ann has 0")
}

// The title of the tab, and the page in a file for a browser.
func ExampleView_SavePage() {
	v := livetest.Mount(t, app, "/inbox")
	if got := v.Title(); got != "Inbox (3)" {
		t.Errorf("the title is %q; the page: %s", got, v.SavePage())
	}
}

// Fields are named as in the form; the others have what the page shows.
func ExampleElement_Change() {
	v := livetest.Mount(t, app, "/users/new")
	form := v.Element("#user-form")
	form.Change(url.Values{"user[email]": {"ann"}})
	v.RequireText("must have an @")
	form.Submit(url.Values{"user[email]": {"ann@shop.test"}})
	v.WantNavigate("/users/1")
}

// A hook's script gets an answer.
func ExampleElement_HookEvent() {
	v := livetest.Mount(t, app, "/chart")
	reply := v.Element("#chart").HookEvent("range", map[string]string{"days": "7"})
	if string(reply) != `{"points":7}` {
		t.Errorf("the reply is %s", reply)
	}
}

func ExampleElement_Keydown() {
	v := livetest.Mount(t, app, "/editor")
	v.Element("#editor").Keydown("Escape")
	v.RequireText("Closed")
}

func ExampleElement_Attr() {
	v := livetest.Mount(t, app, "/counter")
	if class, _ := v.Element("#count").Attr("class"); class != "positive" {
		t.Errorf("class = %q", class)
	}
}

// A load test merges what comes over its own socket.
func ExampleTree() {
	var view livetest.Tree
	for _, diff := range []string{`{"s":["<p>","</p>"],"0":"1"}`, `{"0":"2"}`} {
		if err := view.Apply([]byte(diff)); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(view.HTML())
	// Output: <p>2</p>
}
