package js

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Options of commands that may take time. Each command takes those that mean
// something to it.
type (
	// ShowOption is In, Display, Time or Blocking.
	ShowOption interface{ forShow(*motion) }
	// HideOption is Out, Time or Blocking.
	HideOption interface{ forHide(*motion) }
	// ToggleOption is In, Out, Display, Time or Blocking.
	ToggleOption interface{ forToggle(*motion) }
	// ClassOption is During, Time or Blocking.
	ClassOption interface{ forClass(*motion) }
	// TransitionOption is Time or Blocking.
	TransitionOption interface{ forTransition(*motion) }
)

// motion is what the options of a command say together.
type motion struct {
	display         string
	in, out, during classes
	time            time.Duration
	timed, free     bool
}

// classes are those of a transition: while it lasts, in its first frame, and
// from the second one on.
type classes struct{ during, from, to string }

func (c classes) empty() bool { return c == classes{} }

// InOption is how an element appears; see [In].
type InOption struct{ classes classes }

// In gives an element the classes while it appears: one or more with spaces
// between them. They are taken off again at the end of the Time.
func In(during string) InOption { return InOption{classes{during: during}} }

// From are classes that the element has only before it begins to appear.
func (o InOption) From(start string) InOption { o.classes.from = start; return o }

// To are classes that the element gets when it begins to appear, to which its
// looks change from those of From. They go with the others.
func (o InOption) To(end string) InOption { o.classes.to = end; return o }

func (o InOption) forShow(m *motion)   { m.in = o.classes }
func (o InOption) forToggle(m *motion) { m.in = o.classes }

// OutOption is how an element disappears; see [Out].
type OutOption struct{ classes classes }

// Out gives an element the classes while it disappears; it is hidden at the end
// of the Time.
func Out(during string) OutOption { return OutOption{classes{during: during}} }

// From are classes that the element has only before it begins to disappear.
func (o OutOption) From(start string) OutOption { o.classes.from = start; return o }

// To are classes that the element gets when it begins to disappear.
func (o OutOption) To(end string) OutOption { o.classes.to = end; return o }

func (o OutOption) forHide(m *motion)   { m.out = o.classes }
func (o OutOption) forToggle(m *motion) { m.out = o.classes }

// DuringOption are classes for the time of a change; see [During].
type DuringOption struct{ classes classes }

// During gives an element the classes while its own are changed; what is added
// or removed is so at the end of the Time.
func During(during string) DuringOption { return DuringOption{classes{during: during}} }

// From are classes that the element has only before the change begins.
func (o DuringOption) From(start string) DuringOption { o.classes.from = start; return o }

// To are classes that the element gets when the change begins, and keeps.
func (o DuringOption) To(end string) DuringOption { o.classes.to = end; return o }

func (o DuringOption) forClass(m *motion) { m.during = o.classes }

// TimeOption is how long something takes; see [Time].
type TimeOption time.Duration

// Time is how long the transition takes, in whole milliseconds: as long as the
// classes of its style say. Without it the client takes 200 ms.
func Time(d time.Duration) TimeOption {
	if d < 0 {
		panic(fmt.Sprintf("js: Time(%v): want 0 or more", d))
	}
	return TimeOption(d)
}

func (o TimeOption) set(m *motion)           { m.time, m.timed = time.Duration(o), true }
func (o TimeOption) forShow(m *motion)       { o.set(m) }
func (o TimeOption) forHide(m *motion)       { o.set(m) }
func (o TimeOption) forToggle(m *motion)     { o.set(m) }
func (o TimeOption) forClass(m *motion)      { o.set(m) }
func (o TimeOption) forTransition(m *motion) { o.set(m) }

// BlockingOption is whether the page waits; see [Blocking].
type BlockingOption bool

// Blocking is whether changes from the server wait until this is over: with
// transitions they do unless it is false, with Dispatch only if it is true (the
// one who handles the event then calls event.detail.done()).
func Blocking(on bool) BlockingOption { return BlockingOption(on) }

func (o BlockingOption) forShow(m *motion)       { m.free = !bool(o) }
func (o BlockingOption) forHide(m *motion)       { m.free = !bool(o) }
func (o BlockingOption) forToggle(m *motion)     { m.free = !bool(o) }
func (o BlockingOption) forClass(m *motion)      { m.free = !bool(o) }
func (o BlockingOption) forTransition(m *motion) { m.free = !bool(o) }

// DisplayOption is how a shown element is laid out; see [Display].
type DisplayOption string

// Display is the CSS display that an element gets when it is shown, such as
// "flex". Without it that is block, or what parts of tables have.
func Display(css string) DisplayOption { return DisplayOption(css) }

func (o DisplayOption) forShow(m *motion)   { m.display = string(o) }
func (o DisplayOption) forToggle(m *motion) { m.display = string(o) }

// motion writes what all commands of this kind have in common.
func (w writer) motion(m *motion) writer {
	if m.display != "" {
		w = w.text("display", m.display)
	}
	if m.timed {
		w = strconv.AppendInt(w.name("time"), m.time.Milliseconds(), 10)
	}
	if m.free {
		w = w.raw("blocking", "false")
	}
	return w
}

func (w writer) transition(name string, c classes) writer {
	if c.empty() {
		return w
	}
	w = append(w.name(name), '[')
	w = append(w.words(strings.Fields(c.during)), ',')
	w = append(w.words(strings.Fields(c.from)), ',')
	return append(w.words(strings.Fields(c.to)), ']')
}
