package livetest

import (
	"strconv"
	"testing"

	"bennu/internal/htmltree"
)

// Element is the one element of a page that a selector and a text name. It is
// looked up anew at each use, so it stays good while the page changes.
type Element struct {
	t        testing.TB
	v        *View     // nil in a Fragment
	in       *Fragment // nil in a View
	selector string
	text     []string
}

// Element is the element that matches the CSS selector and, if given, contains
// the text; of several, the one whose whole text it is. None or more than one
// fail the test, with what there is instead.
func (v *View) Element(selector string, text ...string) *Element {
	v.t.Helper()
	e := &Element{t: v.t, v: v, selector: selector, text: text}
	e.node()
	return e
}

// content is the part of the page in which the element is looked for.
func (e *Element) content() htmltree.Node {
	if e.v == nil {
		return e.in.root
	}
	e.v.look()
	return e.v.content()
}

// node looks the element up.
func (e *Element) node() htmltree.Node {
	e.t.Helper()
	in := e.content()
	all, matching, err := find(in, e.selector, e.text)
	if err != nil {
		e.t.Fatalf("livetest: %v", err)
	}
	if len(matching) != 1 {
		e.t.Fatalf("livetest: %s", notOne(in, e, all, matching))
	}
	return matching[0]
}

// has reports whether an element matches.
func has(t testing.TB, in htmltree.Node, selector string, text []string) bool {
	t.Helper()
	_, matching, err := find(in, selector, text)
	if err != nil {
		t.Fatalf("livetest: %v", err)
	}
	return len(matching) > 0
}

// String is the selector, and the text if there is one.
func (e *Element) String() string {
	s := strconv.Quote(e.selector)
	for _, t := range e.text {
		s += " with the text " + strconv.Quote(t)
	}
	return s
}

// Text is the text that the element shows.
func (e *Element) Text() string {
	e.t.Helper()
	return e.node().Text()
}

// HTML is the element with its tag.
func (e *Element) HTML() string {
	e.t.Helper()
	return e.node().Outer()
}

// Attr is the value of an attribute, and whether the element has it.
func (e *Element) Attr(name string) (string, bool) {
	e.t.Helper()
	return e.node().Attr(name)
}
