package live

import (
	"errors"
	"fmt"
	"log/slog"

	"bennu/internal/witness"
)

// Spec says which view runs and what it is told. Routers make it.
type Spec struct {
	// ID is the id of the view's element in the page.
	ID string
	// View is a fresh view, not yet mounted.
	View View
	// Name is the view's type and Route its pattern, as logs show them.
	Name, Route string
	// LiveSession is the name of the route's live session, Action what the route
	// calls this address.
	LiveSession, Action string
	// Nested says that the view has no address of its own; Sticky that it also
	// has no parent. Given is what the template gave it, as JSON.
	Nested, Sticky bool
	// Navigated says that the page was reached by live navigation: the join's
	// reply then carries what a page load would have set, the container's tag
	// and the title.
	Navigated bool
	// Outdated says that the page's scripts and styles are of another build.
	Outdated bool
	Given    []byte
	Parent   *Process
	// OnMount run before the view's Mount, in order.
	OnMount []MountHook
	// Flash are the messages that the page begins with.
	Flash map[string]string
	// Params are those of the page's address.
	Params Params
	// Session is the browser's; nil is an empty one.
	Session *Session
	// Info may be shared by the views of a socket; URL is the page's own address,
	// "" when Info has it.
	Info *ConnectInfo
	URL  string
	// Connect are the parameters that the page's script sent with the join, and
	// under RefererParam where the user came from.
	Connect map[string]string
	// Layout stands around the view; nil is none.
	Layout Layout
	// Frame is nil for a view in an element of its own choice and without a title.
	Frame *Frame
	// ReloadToken makes the token with which the page's next request answers
	// the given HTTP status; nil when there are no error pages to show.
	ReloadToken func(status int) string
	// LogLevel is the level at which the view's mounts are logged; what it does
	// is logged four below it.
	LogLevel slog.Level
	// Witness lets package livetest see what runs for a page; programs have none.
	Witness *witness.Witness
}

// RefererParam is the client's own parameter with the address of the page from
// which it came by live navigation.
const RefererParam = "_live_referer"

// JoinError is a refusal of a join in the client's terms.
type JoinError struct {
	// Why is the "reason" of the reply: "stale" and "unauthorized" make the
	// browser load the page anew.
	Why string
	// Detail is for the log only.
	Detail string
}

// Error is the reason with its detail.
func (e *JoinError) Error() string {
	if e.Detail == "" {
		return "live: join refused: " + e.Why
	}
	return fmt.Sprintf("live: join refused: %s: %s", e.Why, e.Detail)
}

// status is the HTTP status that an error carries, if it does.
func status(err error) (int, bool) {
	var s interface{ HTTPStatus() int }
	if errors.As(err, &s) {
		return s.HTTPStatus(), true
	}
	return 0, false
}
