package livetest

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/internal/htmltree"
)

// Fragment is HTML that was rendered alone, see [Render].
type Fragment struct {
	t    testing.TB
	html string
	root htmltree.Node
}

// Render renders a component without a page, as templates of their own are
// tested: a button, a row, a live component in its first state. An error of the
// component fails the test, and so do ids that are used twice.
func Render(t testing.TB, c templ.Component) *Fragment {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatalf("livetest: Render: %v", err)
	}
	f := &Fragment{t: t, html: b.String()}
	page, err := htmltree.Parse("<!DOCTYPE html><body></body>")
	if err == nil {
		f.root, err = page.Find("body")
	}
	if err == nil {
		// In a template element rows of tables may stand without their table.
		err = f.fill()
	}
	if err != nil {
		t.Fatalf("livetest: Render: %v\n%s", err, shorten(f.html, 2000))
	}
	for _, d := range f.root.DuplicateIDs() {
		t.Fatalf("livetest: Render: the id %q is used %d times:\n%s", d.ID, len(d.Elements), listing(d.Elements))
	}
	return f
}

// fill parses the HTML. A whole document becomes its own tree.
func (f *Fragment) fill() error {
	if start := strings.ToLower(strings.TrimSpace(f.html)); strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html") {
		var err error
		f.root, err = htmltree.Parse(f.html)
		return err
	}
	for _, part := range []string{"tr", "td", "th", "tbody", "thead", "tfoot"} {
		if inner := strings.TrimSpace(f.html); strings.HasPrefix(inner, "<"+part+">") || strings.HasPrefix(inner, "<"+part+" ") {
			return f.fillTable(part)
		}
	}
	return f.root.SetInner(f.html)
}

// fillTable parses a part of a table, which elsewhere would lose its tags.
func (f *Fragment) fillTable(part string) error {
	around := map[string]string{"tr": "tbody", "td": "tr", "th": "tr"}[part]
	if around == "" {
		around = "table"
	}
	table, err := htmltree.Parse("<!DOCTYPE html><table><tbody><tr></tr></tbody></table>")
	if err != nil {
		return err
	}
	if f.root, err = table.Find(around); err != nil {
		return err
	}
	return f.root.SetInner(f.html)
}

// HTML is what was rendered, as it was written.
func (f *Fragment) HTML() string { return f.html }

// Text is the text that it shows.
func (f *Fragment) Text() string { return f.root.Text() }

// Element is the element that matches, as [View.Element] finds it.
func (f *Fragment) Element(selector string, text ...string) *Element {
	f.t.Helper()
	e := &Element{t: f.t, in: f, selector: selector, text: text}
	e.node()
	return e
}

// Has reports whether an element matches, as [View.Has] does.
func (f *Fragment) Has(selector string, text ...string) bool {
	f.t.Helper()
	return has(f.t, f.root, selector, text)
}
