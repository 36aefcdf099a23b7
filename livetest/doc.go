// Package livetest opens live pages in tests, as a browser does and without
// one: it requests the page, opens the socket, joins the view, and keeps the
// page up to date by the diffs that the server sends. What is tested is the
// whole way, from the route to the last byte on the wire.
//
//	func TestCounter(t *testing.T) {
//		t.Parallel()
//		app := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root})
//		app.Live("/counter", func() live.View { return new(Counter) })
//
//		v := livetest.Mount(t, app, "/counter")
//		v.Element("button", "+").Click()
//		v.RequireText("Count: 2")
//	}
//
// The root layout must print Page.Head, as in a browser: it holds the CSRF
// token and the path of the socket.
//
// A handler alone needs no page: it is a method, and takes a zero live.Socket.
//
// # What fails a test
//
// The kit is strict, so that a test that passes means a page that works. These
// fail a test without being asked for:
//
//   - an event on an element that is not there, is not the only one, does not
//     bind the event or is disabled;
//   - a crash of the view, and so an event that it does not handle, outside of
//     [View.ExpectCrash];
//   - a reply with an error, a message that the client does not know or would
//     lose, a diff that it would throw at or show stale;
//   - an id that is used twice, and a form that sends events and has no id;
//   - silence of the server for longer than Options.Deadline.
//
// # Waiting
//
// Actions return when the server has answered. [View.RequireText] waits for
// what the server sends by itself. Nothing sleeps, and all works in a bubble of
// testing/synctest, where a deadline costs no time.
//
// # What it is not
//
// There is no JavaScript: hooks, client commands in attributes, navigation and
// what CSS hides need a browser.
package livetest
