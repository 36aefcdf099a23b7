package live

import (
	"fmt"
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

// optional lists the methods that the runtime looks for on a view.
var optional = []struct {
	method string
	want   reflect.Type
	sig    string
}{
	{"Mount", reflect.TypeFor[Mounter](), "Mount(*live.Socket, live.Params) error"},
	{"Connect", reflect.TypeFor[Connector](), "Connect(*live.Socket) error"},
	{"HandleParams", reflect.TypeFor[ParamsHandler](), "HandleParams(*live.Socket, live.Params) error"},
	{"Events", reflect.TypeFor[EventHandler](), "Events() live.Events"},
	{"Terminate", reflect.TypeFor[Terminator](), "Terminate(*live.Socket, live.Reason)"},
}

// Check reports what is wrong with the type of a view: a nil view, or a method
// that has the name of an optional one but not its signature and so would
// never be called. Routers call it once, when a view is registered.
func Check(v View) error {
	if v == nil {
		return fmt.Errorf("live: the view is nil; the factory must return a new view, as in func() live.View { return new(Counter) }")
	}
	t := reflect.TypeOf(v)
	for _, o := range optional {
		m, ok := t.MethodByName(o.method)
		if !ok || t.Implements(o.want) {
			continue
		}
		return fmt.Errorf("live: %s has a method %s with the wrong signature: want %s, found %s%s",
			TypeName(v), o.method, o.sig, o.method, signature(m))
	}
	return nil
}

// signature is the type of a method without its receiver, as source shows it.
func signature(m reflect.Method) string {
	in, out := "", ""
	for i := 1; i < m.Type.NumIn(); i++ {
		if i > 1 {
			in += ", "
		}
		in += m.Type.In(i).String()
	}
	for i := range m.Type.NumOut() {
		if i > 0 {
			out += ", "
		}
		out += m.Type.Out(i).String()
	}
	switch m.Type.NumOut() {
	case 0:
	case 1:
		out = " " + out
	default:
		out = " (" + out + ")"
	}
	return "(" + in + ")" + out
}

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
