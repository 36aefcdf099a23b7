package bennu

import (
	"errors"

	"bennu/live"
)

// liveRoute is a page that is a view.
type liveRoute struct {
	pattern     string // as in the table, with the groups' prefixes, without the App's own
	name        string // the view's type
	new         func() live.View
	liveSession string
	title       string
	layout      live.Layout
	pipelines   []string
	claim       string // what view tokens say of it, see App.openContainer
}

// LiveOption changes one property of a live route.
type LiveOption func(*liveRoute)

// Title sets what the page's <title> says.
func Title(title string) LiveOption {
	return func(rt *liveRoute) { rt.title = title }
}

// WithLayout sets the layout inside the live part of this page, in place of
// Options.LiveLayout. Nil is none: the view stands alone.
func WithLayout(l live.Layout) LiveOption {
	return func(rt *liveRoute) { rt.layout = l }
}

// newLiveRoute makes one view to learn its type and to check its methods;
// the error says what a registration must not contain.
func newLiveRoute(pattern string, newView func() live.View, layout live.Layout, opts []LiveOption) (*liveRoute, error) {
	if newView == nil {
		return nil, errors.New("the factory is nil, want func() live.View { return new(YourView) }")
	}
	v := newView()
	if err := live.Check(v); err != nil {
		return nil, err
	}
	rt := &liveRoute{pattern: pattern, name: live.TypeName(v), new: newView, layout: layout}
	for _, o := range opts {
		o(rt)
	}
	return rt, nil
}
