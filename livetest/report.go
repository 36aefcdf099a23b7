package livetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"bennu/internal/htmltree"
	"bennu/live"
)

// notOne explains why a selector and a text do not name one element.
func notOne(in htmltree.Node, e *Element, all, matching []htmltree.Node) string {
	if len(matching) > 1 {
		return fmt.Sprintf("%s matches %d elements, want one; a longer selector or a text names it:\n%s", e, len(matching), listing(matching))
	}
	text := fmt.Sprintf("no element matches %s", e)
	switch {
	case len(all) > 0:
		text += otherText(all, e.text[0]) + fmt.Sprintf("\nwithout the text the selector matches:\n%s", listing(all))
	default:
		text += otherNames(in, e.selector) + textAsSelector(in, e)
		if near := near(in, e); len(near) > 0 {
			text += fmt.Sprintf("\nnear are:\n%s", listing(near))
		}
	}
	if e.v == nil {
		return text + "\nthere is:\n" + excerpt(in)
	}
	return text + e.v.outside(e) + e.v.whereabouts() + fmt.Sprintf("\nthe view at %s shows:\n", e.v.Path()) + excerpt(in)
}

// near are elements that may have been meant: those of the selector's last tag,
// and those with the text.
func near(in htmltree.Node, e *Element) []htmltree.Node {
	last := e.selector
	if i := strings.LastIndexAny(last, " >+~,"); i >= 0 {
		last = last[i+1:]
	}
	tag, _, _ := strings.Cut(last, "[")
	if i := strings.IndexAny(tag, ".#:"); i >= 0 {
		tag = tag[:i]
	}
	var near []htmltree.Node
	for n := range in.Elements() {
		if n == in {
			continue
		}
		if tag != "" && n.Tag() == tag || len(e.text) > 0 && n.Text() == htmltree.Squeeze(e.text[0]) {
			near = append(near, n)
		}
	}
	return near
}

// listing shows some elements, one on a line.
func listing(nodes []htmltree.Node) string {
	const shown = 10
	var b strings.Builder
	for i, n := range nodes {
		if i == shown {
			fmt.Fprintf(&b, "  and %d more\n", len(nodes)-shown)
			break
		}
		b.WriteString("  " + shorten(withoutTokens(n.Outer()), 200) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// excerpt is the HTML of a view, up to a length that people read.
func excerpt(in htmltree.Node) string { return shorten(withoutTokens(in.Inner()), 3000) }

// openTag is an element without its content.
func openTag(n htmltree.Node) string {
	var b strings.Builder
	b.WriteString("<" + n.Tag())
	for name, value := range n.Attrs() {
		b.WriteString(" " + name + "=" + strconv.Quote(shorten(value, 60)))
	}
	return b.String() + ">"
}

// crashError says that the view ended, by what, and what to do.
func (v *View) crashError(on *pending) error {
	by := ""
	if on != nil {
		by = " on " + on.what
	}
	which := "the view"
	if v != v.main {
		which = fmt.Sprintf("the nested view %q", v.id)
	}
	why := v.failure()
	text := which + " crashed" + by + why
	offered := slices.DeleteFunc(v.offered(), func(name string) bool { return strings.Contains(by, "the event "+name+" ") })
	if why == inTheLog && by != "" && len(offered) > 0 {
		text += "\nif it has no handler for the event: the page offers " + strings.Join(offered, ", ")
	}
	return fmt.Errorf("%s\n(a test that wants the crash runs it within ExpectCrash)", text)
}

// inTheLog is all that can be said of a server elsewhere.
const inTheLog = "; the server's log has the error and its stack"

// failure is the error by which the view has ended.
func (v *View) failure() string {
	err := v.site.witness.Failure(v.id)
	if err == nil {
		return inTheLog
	}
	return ":\n" + errorText(err)
}

// errorText is an error of the server as a failure shows it: with the calls that
// led to it if it was a panic.
func errorText(err error) string {
	text := "  " + strings.ReplaceAll(shorten(err.Error(), 2000), "\n", "\n  ")
	if crash, ok := errors.AsType[*live.PanicError](err); ok {
		text += calls(crash.Stack)
	}
	return text
}

// calls are the calls of a stack from where it panicked on, one on a line, those
// of the runtime left out.
func calls(stack []byte) string {
	const shown = 5
	_, rest, panicked := strings.Cut(string(stack), "\npanic(")
	if !panicked {
		return ""
	}
	lines := strings.Split(rest, "\n")
	var b strings.Builder
	n := 0
	for i := 2; i+1 < len(lines) && n < shown; i += 2 { // what panic itself is comes first
		if strings.HasPrefix(lines[i], "runtime.") {
			continue
		}
		at, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
		call := lines[i][:max(strings.LastIndexByte(lines[i], '('), 0)]
		b.WriteString("\n    " + call + " at " + at)
		n++
	}
	return b.String()
}

// offered are the events that elements of the view can send.
func (v *View) offered() []string {
	names := map[string]bool{}
	for n := range v.el.Elements() {
		for attr, value := range n.Attrs() {
			if bindings[attr] && value != "" && !strings.HasPrefix(value, "[") {
				names[strconv.Quote(value)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// bindings are the attributes whose value is the name of an event.
var bindings = map[string]bool{
	"phx-click": true, "phx-click-away": true, "phx-change": true, "phx-submit": true, "phx-blur": true, "phx-focus": true,
	"phx-keydown": true, "phx-keyup": true, "phx-window-blur": true, "phx-window-focus": true, "phx-window-keydown": true,
	"phx-window-keyup": true, "phx-viewport-top": true, "phx-viewport-bottom": true,
}

// joinError explains a refused join.
func (v *View) joinError() error {
	hint := ""
	switch text := string(v.refused); {
	case contains(text, `"stale"`):
		hint = ": the page's tokens, the session cookie and the CSRF token of <meta name=\"csrf-token\"> do not go together"
	case contains(text, `"unauthorized"`):
		hint = ": the address leads to another view or live session than the page's token"
	case contains(text, `"join crashed"`):
		hint = ": Mount or Render failed once connected" + v.failure()
	}
	return fmt.Errorf("the join was refused with %s%s", v.refused, hint)
}

// lastFrames are the last few messages.
func (t *tab) lastFrames(n int) string {
	var b strings.Builder
	for _, f := range t.frames[max(0, len(t.frames)-n):] {
		b.WriteString("  " + shorten(f.String(), 300) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func contains(s, part string) bool { return strings.Contains(s, part) }

// shorten cuts text to about limit bytes.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}
