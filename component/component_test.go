package component_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/component"
	"bennu/js"
	"bennu/live"
)

// html draws a component with text inside.
func html(t *testing.T, c templ.Component, inside string) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(templ.WithChildren(t.Context(), templ.Raw(inside)), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func text(s string) templ.Component { return templ.Raw(s) }

func TestMarkup(t *testing.T) {
	t.Parallel()
	attrs := templ.Attributes{"class": "btn", "aria-label": `a"b`}
	tests := map[string]struct {
		c            templ.Component
		inside, want string
	}{
		"navigate": {component.Navigate("/posts?a=1&b=2"), "Posts", `<a href="/posts?a=1&amp;b=2" data-phx-link="redirect" data-phx-link-state="push">Posts</a>`},
		"navigate with attributes": {component.Navigate("/posts", attrs, component.Replace()), "Posts",
			`<a href="/posts" aria-label="a&#34;b" class="btn" data-phx-link="redirect" data-phx-link-state="replace">Posts</a>`},
		"patch":                {component.Patch("/posts"), "Posts", `<a href="/posts" data-phx-link="patch" data-phx-link-state="push">Posts</a>`},
		"patch in the history": {component.Patch("/posts", component.Replace()), "", `<a href="/posts" data-phx-link="patch" data-phx-link-state="replace"></a>`},
		"href":                 {component.Href("https://example.test/"), "Out", `<a href="https://example.test/">Out</a>`},
		"method": {component.Href("/session", component.Method("delete"), component.Confirm("Sure?")), "Log out",
			`<a href="/session" data-confirm="Sure?" data-method="delete" data-to="/session" rel="nofollow">Log out</a>`},
		"commands":     {component.Do(js.Hide("#x")), "Hide", `<a href="#" phx-click="[[&#34;hide&#34;,{&#34;to&#34;:&#34;#x&#34;}]]">Hide</a>`},
		"title":        {component.LiveTitle("Posts", component.Title{Prefix: "A ", Suffix: " · B", Default: "Home"}), "", `<title data-default="Home" data-prefix="A " data-suffix=" · B">A Posts · B</title>`},
		"no title":     {component.LiveTitle(" ", component.Title{Suffix: " · B", Default: "Home"}), "", `<title data-default="Home" data-suffix=" · B">Home · B</title>`},
		"plain title":  {component.LiveTitle("<x>", component.Title{}), "", `<title>&lt;x&gt;</title>`},
		"focus":        {component.FocusWrap("d", attrs), "<p>x</p>", `<div id="d" phx-hook="Phoenix.FocusWrap" aria-label="a&#34;b" class="btn"><div id="d-start" tabindex="0" aria-hidden="true"></div><p>x</p><div id="d-end" tabindex="0" aria-hidden="true"></div></div>`},
		"portal":       {component.Portal("m", "body"), "<p>x</p>", `<template id="m" data-phx-portal="body"><div id="_lv_portal_wrap_m"><p>x</p></div></template>`},
		"tag":          {component.Tag("h2", attrs), "x", `<h2 aria-label="a&#34;b" class="btn">x</h2>`},
		"void tag":     {component.Tag("br"), "x", `<br>`},
		"custom tag":   {component.Tag("my-element2"), "x", `<my-element2>x</my-element2>`},
		"intersperse":  {component.Intersperse([]string{"a", "b", "c"}, text("/"), text), "", `a/b/c`},
		"one item":     {component.Intersperse([]string{"a"}, text("/"), text), "", `a`},
		"no item":      {component.Intersperse(nil, text("/"), text), "", ``},
		"danger there": {component.Tag("p", templ.Attributes{"onclick": "alert(1)", "href": "javascript:alert(1)"}), "x", `<p href="about:invalid#TemplFailedSanitizationURL">x</p>`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.NewReplacer("\n", "", "\t", "").Replace(html(t, tt.c, tt.inside)); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAsync(t *testing.T) {
	t.Parallel()
	ok := func(s string) templ.Component { return text("ok " + s) }
	failed := func(err error) templ.Component { return text("failed " + err.Error()) }
	bad := errors.New("down")
	tests := map[string]struct {
		a         live.Async[string]
		want      string
		otherwise string // without the slots for loading and failed
	}{
		"not asked yet":   {live.Async[string]{}, "loading", ""},
		"loading":         {live.Async[string]{Loading: true}, "loading", ""},
		"there":           {live.Async[string]{OK: true, Value: "v"}, "ok v", "ok v"},
		"loading again":   {live.Async[string]{OK: true, Loading: true, Value: "v"}, "ok v", "ok v"},
		"failed":          {live.Async[string]{Err: bad}, "failed down", ""},
		"failed again":    {live.Async[string]{OK: true, Value: "v", Err: bad}, "ok v", "ok v"},
		"after a failure": {live.Async[string]{Loading: true, Err: bad}, "failed down", ""},
	}
	for name, tt := range tests {
		if got := html(t, component.Async(&tt.a, ok, text("loading"), failed), ""); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		if got := html(t, component.Async(&tt.a, ok, nil, nil), ""); got != tt.otherwise {
			t.Errorf("%s without slots: got %q, want %q", name, got, tt.otherwise)
		}
	}
}

func TestTagsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "script", "style", "p onclick=x", "P", "2p", "p>", "-", "textarea", "é"} {
		err := component.Tag(name).Render(t.Context(), new(strings.Builder))
		if err == nil || !strings.Contains(err.Error(), "component: Tag: ") {
			t.Errorf("%q: error %v", name, err)
		}
	}
}
