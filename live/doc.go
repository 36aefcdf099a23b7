// Package live is what a live page is written against. A page is a struct; its
// fields are its state; a templ template draws it; and methods take what its
// user does. The server keeps the struct alive for as long as the page is open
// and sends the browser what a method changed.
//
//	// Counter is a live page with a number and two buttons.
//	type Counter struct{ Count int }
//
//	type step struct{ Number int } // phx-value-number
//
//	func (c *Counter) Events() live.Events {
//		return live.Events{
//			"increase": live.On(c.increase),
//			"reset":    live.Do(c.reset),
//		}
//	}
//
//	func (c *Counter) increase(_ *live.Socket, by step) error { c.Count += by.Number; return nil }
//	func (c *Counter) reset(*live.Socket) error               { c.Count = 0; return nil }
//
//	func (c *Counter) Render() templ.Component { return page(c) }
//
// # The life of a view
//
// A browser asks for a page: a [View] is made, [Mounter] sets its first state,
// it is drawn once and thrown away. That is the dead render; it is a whole page
// without any script. The page's script then joins over its socket: a fresh
// view is mounted and drawn again, and this one stays. Events run one after the
// other, each followed by a render of which only the difference travels.
//
// # When things go wrong
//
// An error that a callback returns, and a panic, end this one view: it is
// logged once with the view, the event and the stack, the browser keeps showing
// what it has, and joins again, which mounts a fresh view. Nothing else is
// harmed. What a user did wrong is no error but state, to be shown on the page.
//
// # Large pages
//
// A render evaluates the whole template, which takes some ten nanoseconds for
// each value. Where that adds up, [Memo] skips a part while a key stays the
// same, and [Rows] with [Each] evaluates only the rows of a list that changed;
// [Chunked] keeps small what is sent for an insert into a long list.
//
// # Security
//
// Everything that a browser sends is a claim: any client may send any event of
// [Events] with any payload, whatever the page shows. A handler looks up what
// it is asked for within what its user may see.
//
// # For transports
//
// [Runtime] starts a [Process] per joined topic; a transport delivers messages
// to it as to a [Channel] and gives it an [Outlet] for the answers.
package live
