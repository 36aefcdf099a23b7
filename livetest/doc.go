// Package livetest opens live pages in tests, as a browser does and without
// one: it requests the page, opens the socket, joins the view and those that are
// nested in it, and keeps the page up to date by the diffs that the server
// sends. What is tested is the whole way, from the route to the last byte on the
// wire.
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
// [New] is a visitor who asks for plain pages, too, logs in by a form and keeps
// the cookies.
//
// There are smaller tests, for less than a page. [Isolated] opens a view that
// has no route. [Render] renders a component alone, and its HTML can be asked
// for elements in the same way. A handler alone needs nothing of this package:
// it is a method, takes a zero live.Socket, and [live.Socket.Asked] tells what it
// wanted of it.
//
// # Looking at the page
//
// [View.Element] finds the one element that a CSS selector and a text name;
// [View.Has] asks whether there are any. [View.RequireText] and [View.RefuteText]
// ask for text. [View.HTML] is the view as the page shows it now, [View.Dead] the
// page before any script ran, [View.Title] and [View.Path] what is above it, and
// [View.History] where the back button leads. A flash message is text: the layout
// shows it. When a test can not be understood, [View.SavePage] writes the page
// to a file for a browser, and [View.Frames] has all that travelled.
//
// # Doing something
//
// Actions go to an element, and do what a browser would make of its attributes:
// [Element.Click] of buttons and of links of all kinds, [Element.Keydown],
// [Element.Keyup], [Element.Focus], [Element.Blur], [Element.ClickAway],
// [Element.ScrollToTop] and [Element.ScrollToBottom], [Element.Change] and
// [Element.Submit] of forms, and [Element.HookEvent] for what a hook's script
// sends. Events go to the live component or the view that the element belongs
// to or that its phx-target names. Of commands in attributes (a JSON list) those
// are run that reach the server: push, patch, navigate, and exec of others;
// what they show, hide and decorate on the page only a browser can tell.
// [View.Event] sends what no element offers, and so does [View.Forge], for tests
// of what handlers refuse.
//
// # Where the page goes
//
// A link that is clicked is followed, by a patch or by live navigation, as the
// client does; the View is that of the page it leads to. Where a view itself
// sends the page with Navigate or Redirect, the test decides: [View.Redirected]
// says where, [View.WantNavigate] and [View.WantRedirect] fail when it is
// somewhere else, and [View.Follow] goes there. The address of a Patch changes at
// once; [View.WantPatch] asks for it. [View.Patch] and [View.Navigate] go where
// the page has no link to. Nothing is loaded by HTTP but by Follow, so that a test
// sees where a live session ends. [View.Back] and [View.Forward] go through the
// history.
//
// [WantPush] asks for events that the view has pushed to the page's script. For
// each Want there is a Refute.
//
// # Nested views, components and streams
//
// [View.Child] is a view that is nested in the page, or sticks to it, and has a
// page's methods of its own. Children join, leave, and survive navigation as in
// the client; one that crashes does so alone. Of live components that vanish the
// server hears as from a browser. Streams are applied to the page by the client's
// rules, and what stands in an element with phx-update="ignore" stays.
//
// # Waiting
//
// Actions return when the server has answered, and when views that came with
// the answer have joined. [View.RequireText], [View.RequireElement] and the Want
// methods wait for what the server sends by itself. [View.Settle] waits until
// the background tasks of live.Go and live.Load have ended and their results are
// shown; the Refute methods of moves and pushed events do so first. Nothing
// sleeps, and all works in a bubble of testing/synctest, where a deadline costs
// no time and a test may let hours pass.
//
// # What fails a test
//
// The kit is strict, so that a test that passes means a page that works. These
// fail a test without being asked for:
//
//   - an event on an element that is not there, is not the only one, does not
//     bind the event or is disabled; a form's value that nobody can enter, of a
//     field that is not there or is disabled, or a choice that is not offered;
//   - a crash of a view, and so an event that it does not handle, outside of
//     [View.ExpectCrash];
//   - a reply with an error, a message that the client does not know or would
//     lose, a diff that it would throw at or show stale;
//   - an id that is used twice, a form that sends events and has no id, and in a
//     stream's element what has no id;
//   - goroutines that were started on behalf of the page and run on when it is
//     left;
//   - silence of the server for longer than Options.Deadline.
//
// Fields of [Options] switch some of these off. A failure says what the page has
// instead and what was probably meant, and, of a view or a request that failed,
// the server's own error.
//
// # What it is not
//
// There is no JavaScript: hooks, what commands change on the page, uploads,
// portals and what CSS hides need a browser.
package livetest
