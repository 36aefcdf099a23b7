// Package browsertest opens pages of an app in a real Chromium: for what only a
// browser can tell, such as hooks, commands, focus, CSS and the back button. What
// a view does is tested sooner, and without one, by package livetest.
//
//	func TestBuying(t *testing.T) {
//		t.Parallel()
//		p := browsertest.Open(t, web.Handler(store), "/cart")
//		p.Click("button", "Buy")
//		p.RequireText("Thank you")
//	}
//
// The handler is served from the test's own process, so that the test and the
// pages share what it was given: its store, a transaction that the test will
// roll back, a fake clock.
//
// Actions wait until the element is there, is the only one, can be seen and is
// not covered, until the page's live view is connected, and until the server has
// answered what the element sent before; then they use mouse and keyboard as a
// person does. The Require methods wait for what they require. Nothing sleeps. A
// test fails when the page's console has an error.
//
// Tests share one Chromium, which runs while any of them has a page, and each
// visitor has a profile with cookies of its own. It is found as chromium or
// google-chrome in PATH, or named by BENNU_CHROMIUM.
package browsertest
