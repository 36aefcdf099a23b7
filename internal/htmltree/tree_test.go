package htmltree

import (
	"slices"
	"strings"
	"testing"
)

func parse(t testing.TB, page string) Node {
	t.Helper()
	n, err := Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func body(t testing.TB, inner string) Node {
	t.Helper()
	n, err := parse(t, "<body>"+inner).Find("body")
	if err != nil || n.IsZero() {
		t.Fatal("no body", err)
	}
	return n
}

func TestAll(t *testing.T) {
	t.Parallel()
	n := body(t, `<p id=a class="x y">1<b>2</b></p><p>3</p><template><p>4</p></template>`)
	tests := []struct {
		selector string
		want     []string
	}{
		{"p", []string{`<p id="a" class="x y">1<b>2</b></p>`, `<p>3</p>`}},
		{"#a > b", []string{`<b>2</b>`}},
		{".x.y, b", []string{`<p id="a" class="x y">1<b>2</b></p>`, `<b>2</b>`}},
		{"template", []string{`<template><p>4</p></template>`}},
		{"i", nil},
		{"body", nil},
	}
	for _, tt := range tests {
		found, err := n.All(tt.selector)
		var got []string
		for _, f := range found {
			got = append(got, f.Outer())
		}
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("All(%q) = %q, %v, want %q", tt.selector, got, err, tt.want)
		}
	}
	for _, bad := range []string{"", "p[", "p >"} {
		if _, err := n.All(bad); err == nil || !strings.Contains(err.Error(), "selector") {
			t.Errorf("All(%q) = %v", bad, err)
		}
		if _, err := n.Find(bad); err == nil {
			t.Errorf("Find(%q) = nil", bad)
		}
		if _, err := n.Closest(bad); err == nil {
			t.Errorf("Closest(%q) = nil", bad)
		}
	}
}

func TestWalkingUp(t *testing.T) {
	t.Parallel()
	n := body(t, `<div class=a><p><b>x</b></p></div>`)
	b, _ := n.Find("b")
	if c, err := b.Closest(".a"); err != nil || c.Tag() != "div" {
		t.Errorf("Closest(.a) = %v, %v", c, err)
	}
	if c, _ := b.Closest("b"); c != b {
		t.Error("Closest leaves out the element itself")
	}
	if c, _ := b.Closest("i"); !c.IsZero() {
		t.Error("Closest(i) found something")
	}
	if p := b.Parent(); p.Tag() != "p" {
		t.Errorf("Parent = %s", p.Tag())
	}
	root := parse(t, "x")
	if html, _ := root.Find("html"); !html.Parent().IsZero() || root.Tag() != "" {
		t.Error("the document counts as an element")
	}
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	n, _ := body(t, `<input ID=a phx-value-Number="&lt;2" disabled value>`).Find("input")
	if v, ok := n.Attr("phx-value-number"); v != "<2" || !ok {
		t.Errorf("phx-value-number = %q, %v", v, ok)
	}
	if _, ok := n.Attr("class"); ok || !n.Has("disabled") || n.ID() != "a" {
		t.Error("Attr, Has or ID is wrong")
	}
	var names []string
	for name := range n.Attrs() {
		if name == "value" {
			break
		}
		names = append(names, name)
	}
	if !slices.Equal(names, []string{"id", "phx-value-number", "disabled"}) {
		t.Errorf("Attrs = %q", names)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"a <b>b</b>c\n\n d", "a bc d"},
		{"<p>a</p><p>b</p>", "a b"},
		{"<table><tr><td>1</td><td>2</td></tr></table>", "1 2"},
		{"a<br>b", "a b"},
		{"a&nbsp;&lt;b", "a <b"},
		{"a<script>x</script><style>y</style><template>z</template>b", "ab"},
		{"<button> + </button><button>-</button>", "+ -"},
		{"  ", ""},
	}
	for _, tt := range tests {
		if got := body(t, tt.in).Text(); got != tt.want {
			t.Errorf("Text(%s) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := Squeeze(" a\n b "); got != "a b" {
		t.Errorf("Squeeze = %q", got)
	}
}

func TestSetInner(t *testing.T) {
	t.Parallel()
	page := parse(t, `<!doctype html><table id=t><tbody><tr><td>old</td></tr></tbody></table>`)
	table, _ := page.Find("tbody")
	if err := table.SetInner(`<tr><td>1</td></tr><tr><td>2</td></tr>`); err != nil {
		t.Fatal(err)
	}
	if got, want := table.Inner(), `<tr><td>1</td></tr><tr><td>2</td></tr>`; got != want {
		t.Errorf("Inner = %s, want %s", got, want)
	}
	if !strings.Contains(page.Outer(), "<td>2</td>") {
		t.Error("the page does not have the new content")
	}
	deep := strings.Repeat("<b>", 600)
	if err := table.SetInner(deep); err == nil {
		t.Error("SetInner took 600 levels")
	}
	if _, err := Parse(deep); err == nil {
		t.Error("Parse took 600 levels")
	}
}

func TestDuplicateIDs(t *testing.T) {
	t.Parallel()
	n := body(t, `<p id=b>1</p><p id=a>2</p><i id=a></i><i id=b></i><u id></u><u id></u><template><i id=b></i></template><p id=c></p>`)
	var got []string
	for _, d := range n.DuplicateIDs() {
		got = append(got, d.ID)
		for _, e := range d.Elements {
			got = append(got, e.Tag())
		}
	}
	if want := []string{"a", "p", "i", "b", "p", "i"}; !slices.Equal(got, want) {
		t.Errorf("DuplicateIDs = %v, want %v", got, want)
	}
}

func TestFormsWithoutID(t *testing.T) {
	t.Parallel()
	n := body(t, `<form phx-submit=a id=x></form><form phx-change=b></form><form action=/></form>`)
	if got := n.FormsWithoutID(); len(got) != 1 || !got[0].Has("phx-change") {
		t.Errorf("FormsWithoutID = %v", got)
	}
}

func TestDisabled(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want bool
	}{
		{`<button id=x>`, false},
		{`<button id=x disabled>`, true},
		{`<div disabled id=x>`, false},
		{`<fieldset disabled><p><button id=x>`, true},
		{`<fieldset disabled><div id=x>`, false},
		{`<fieldset disabled><legend><button id=x></legend>`, false},
		{`<fieldset disabled><legend></legend><legend><button id=x></legend>`, true},
		{`<fieldset><input id=x>`, false},
	}
	for _, tt := range tests {
		n, _ := body(t, tt.in).Find("#x")
		if n.IsZero() || n.Disabled() != tt.want {
			t.Errorf("%s: Disabled is not %v", tt.in, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("<p id=a><p id=a>", "p")
	f.Add("<table><form phx-submit=x><template><svg>", "a:not(b) > [x=y]")
	f.Fuzz(func(t *testing.T, page, selector string) {
		n, err := Parse(page)
		if err != nil {
			return
		}
		n.DuplicateIDs()
		n.FormsWithoutID()
		n.Text()
		found, err := n.All(selector)
		first, _ := n.Find(selector)
		if err == nil && len(found) > 0 != !first.IsZero() {
			t.Fatal("All and Find disagree")
		}
		for _, e := range found {
			e.Disabled()
			if c, _ := e.Closest(selector); c != e {
				t.Fatal("Closest does not agree with All")
			}
		}
	})
}
