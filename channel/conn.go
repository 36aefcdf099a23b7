package channel

import (
	"context"
	"net/url"

	"bennu/form"
	"bennu/live"
)

// Conn is a client that asks to connect. All that it says of itself is a claim
// until Connect has checked it. It is valid while Connect runs.
type Conn struct {
	// Identity names whose connection this is, such as "users:7", so that
	// App.Disconnect can end it. It begins as what the browser's session says
	// ([bennu.SetIdentity]), if there is one; Connect may change it.
	Identity string
	// AuthToken is what the client gave as its authToken, "" for nothing. It comes
	// in a header and not in the address, which logs and proxies show.
	AuthToken string
	// Info is what is known of the request.
	Info live.ConnectInfo

	session *live.Session
	query   url.Values
	ctx     context.Context
}

// NewConn is the request of a client as the App sees it. A nil session stands
// for none.
func NewConn(ctx context.Context, info live.ConnectInfo, session *live.Session, query url.Values) *Conn {
	return &Conn{Info: info, session: session, query: query, ctx: ctx}
}

// Context is the request's.
func (c *Conn) Context() context.Context {
	if c.ctx == nil {
		return context.Background()
	}
	return c.ctx
}

// Session is the browser's session. It is empty unless the client has sent the
// session's cookie and, as the parameter _csrf_token, the token of its pages: a
// page of another site can have a browser send the one, but does not know the
// other. It can not be changed here.
func (c *Conn) Session() *live.Session {
	if c.session == nil {
		return new(live.Session).ReadOnly()
	}
	return c.session
}

// Param is one of the parameters that the client connects with
// (params: {room: "a"}), "" when it is absent.
func (c *Conn) Param(name string) string { return c.query.Get(name) }

// Decode reads the parameters into a struct, as package form reads a query: room
// into a field Room, user[name] into a struct User with the field Name. The error
// is a [form.Errors] when some do not fit, and refuses the client when Connect
// returns it.
func (c *Conn) Decode(into any) error { return form.DecodeValues(c.query, into) }
