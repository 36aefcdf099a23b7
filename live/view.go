package live

import (
	"reflect"

	"github.com/a-h/templ"
)

// View is a live page: a pointer to a struct whose fields are its state.
//
// Render draws the state as it is now. It runs after every callback, must not
// change anything, and is written as a call of a templ template. All callbacks
// of one view run one after the other, never at the same time, so a view needs
// no locks for what is its own.
//
// What else a view does is said by optional interfaces: [Mounter], [Connector],
// [ParamsHandler], [EventHandler], [Terminator].
type View interface {
	Render() templ.Component
}

// Mounter is a [View] that sets its first state when it starts.
//
// Mount runs twice for one page: once for the HTTP request that draws the page
// ([Socket.Connected] is false) and once more, on a fresh view, when the page's
// socket has joined. An error ends the view; one that carries an HTTP status
// (a method HTTPStatus() int) becomes the error page of that status. A view that
// is a [Connector] mounts once.
type Mounter interface {
	Mount(*Socket, Params) error
}

// EventHandler is a [View] that takes events: what phx-click and the other
// phx- attributes of its template send.
//
// Events is called for every event and its result is not kept. Any client can
// send any of these events with any payload at any time, whether or not a
// button for it is on the page: a handler checks what its user may do.
type EventHandler interface {
	Events() Events
}

// Terminator is a [View] that wants to know when it ends while its page was
// connected. It is not called after a crash, nor for a dead render.
type Terminator interface {
	Terminate(*Socket, Reason)
}

// Layout draws what stands around a view inside its live part, and is patched
// along with it; the view is its { children... }. The socket is good for
// questions only.
type Layout func(*Socket) templ.Component

// TypeName is the name of a view's type as logs and errors show it:
// "counter.Counter" for a *counter.Counter.
func TypeName(v View) string {
	t := reflect.TypeOf(v)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "nil"
	}
	return t.String()
}
