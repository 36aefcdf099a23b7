package bennu

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"

	"github.com/a-h/templ"

	"bennu/live"
)

// liveRoute is a page that is a view.
type liveRoute struct {
	pattern     string // as in the table, with the groups' prefixes, without the App's own
	name        string // the view's type
	new         func() live.View
	liveSession string
	frame       live.Frame
	layout      live.Layout
	root        func(Page) templ.Component // nil: Options.RootLayout
	pipelines   []string
	action      string
	onMount     []live.MountHook
	claim       string // what view tokens say of it, see App.openContainer
	open        string // the start tag of the container up to the id
	keepsOld    bool
	logLevel    slog.Level
}

// LiveOption changes one property of a live route.
type LiveOption func(*liveRoute)

// Title sets what the page's <title> says.
func Title(title string) LiveOption {
	return func(rt *liveRoute) { rt.frame.Title = title }
}

// WithLayout sets the layout inside the live part of this page, in place of
// Options.LiveLayout. Nil is none: the view stands alone.
func WithLayout(l live.Layout) LiveOption {
	return func(rt *liveRoute) { rt.layout = l }
}

// WithRootLayout draws what stands around this page, in place of
// Options.RootLayout. Browsers keep it while they navigate, so that all pages of
// a live session have one: give it to a [Group.LiveSession].
func WithRootLayout(layout func(Page) templ.Component) LiveOption {
	return func(rt *liveRoute) { rt.root = layout }
}

// Action names an address among those of one view, such as "new" for the form
// that opens over a list: the view asks for it by [live.Socket.Action].
func Action(name string) LiveOption {
	return func(rt *liveRoute) { rt.action = name }
}

// OnMount adds hooks that run before the view's Mount, in the order of the
// options, those of the [Group.LiveSession] first. See [live.MountHook].
func OnMount(hooks ...live.MountHook) LiveOption {
	return func(rt *liveRoute) { rt.onMount = append(rt.onMount[:len(rt.onMount):len(rt.onMount)], hooks...) }
}

// WithContainer sets the element that the view stands in on this page, in place
// of what its method Container says ([live.Contained]). All pages of a live
// session have one tag.
func WithContainer(c live.Container) LiveOption {
	return func(rt *liveRoute) { rt.frame.Container = c }
}

// KeepOutdated leaves a page open that comes back, after a deploy, with scripts
// and styles of another build. It would be loaded anew else; now its view tells
// the user, who decides when: see [live.Socket.StaticChanged].
func KeepOutdated() LiveOption {
	return func(rt *liveRoute) { rt.keepsOld = true }
}

// LogLevel is the level at which the log tells of the page's views and their
// mounts, slog.LevelInfo else, and of what they do, which is four below it.
// Mistakes and crashes are told as ever.
func LogLevel(level slog.Level) LiveOption {
	return func(rt *liveRoute) { rt.logLevel = level }
}

// newLiveRoute makes two views to learn its type and to check its methods;
// the error says what a registration must not contain.
func newLiveRoute(pattern string, newView func() live.View, layout live.Layout, opts []LiveOption) (*liveRoute, error) {
	if newView == nil {
		return nil, errors.New("the factory is nil, want func() live.View { return new(YourView) }")
	}
	v := newView()
	if err := live.Check(v); err != nil {
		return nil, err
	}
	if sameState(v, newView()) {
		return nil, fmt.Errorf("the factory returns the same %s each time, which all pages would share; make a new one in it, as in func() live.View { return new(%[1]s) }", live.TypeName(v))
	}
	rt := &liveRoute{pattern: pattern, name: live.TypeName(v), new: newView, layout: layout}
	rt.frame.Container, _ = live.ContainerOf(v) // Check has looked at it
	for i, o := range opts {
		if o == nil {
			return nil, fmt.Errorf("option %d is nil, want one such as bennu.Title(\"Orders\")", i+1)
		}
		o(rt)
	}
	c, err := rt.frame.Container.Complete()
	if err != nil {
		return nil, err
	}
	rt.frame.Container, rt.open = c, c.Open()
	for i, hook := range rt.onMount {
		if hook == nil {
			return nil, fmt.Errorf("hook %d of OnMount is nil, want a func(*live.Socket, live.Params) error", i+1)
		}
	}
	return rt, nil
}

// sameState reports whether two views are one.
func sameState(v, w live.View) bool {
	p, q := reflect.ValueOf(v), reflect.ValueOf(w)
	return p.Kind() == reflect.Pointer && p.Type() == q.Type() && p.Type().Elem().Size() > 0 && p.Pointer() == q.Pointer()
}
