package livetest_test

import (
	"net/http/cookiejar"
	"testing"

	"bennu"
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

// What travelled can be looked at.
func ExampleView_Frames() {
	v := livetest.Mount(t, app, "/counter")
	v.Element("button", "+").Click()
	for _, f := range v.Frames() {
		t.Log(f)
	}
}

func ExampleElement_Attr() {
	v := livetest.Mount(t, app, "/counter")
	if class, _ := v.Element("#count").Attr("class"); class != "positive" {
		t.Errorf("class = %q", class)
	}
}
