package live

import (
	"strings"
	"testing"
	"testing/synctest"

	"fmt"

	"github.com/a-h/templ"
)

// framed is a view in an element of its own choice.
type framed struct {
	lifecycle
	container Container
}

func (v *framed) Container() Container { return v.container }

func TestContainers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		is   Container
		want string // the start tag, or what the error says
		ok   bool
	}{
		{Container{}, `<div id="`, true},
		{Container{Tag: "main", Attrs: map[string]string{"class": `a "b"`, "aria-label": "the page"}}, `<main aria-label="the page" class="a &#34;b&#34;" id="`, true},
		{Container{Tag: "MAIN"}, "tag", false},
		{Container{Tag: "script"}, "tag", false},
		{Container{Tag: "br"}, "tag", false},
		{Container{Tag: "p onclick=x"}, "tag", false},
		{Container{Attrs: map[string]string{"id": "x"}}, "belongs to the framework", false},
		{Container{Attrs: map[string]string{"data-phx-session": "x"}}, "belongs to the framework", false},
		{Container{Attrs: map[string]string{"onclick": "x"}}, "event handler", false},
		{Container{Attrs: map[string]string{"a b": "x"}}, "lower-case name", false},
	} {
		v := &framed{container: tt.is}
		c, err := ContainerOf(v)
		switch {
		case tt.ok && (err != nil || c.Open() != tt.want || c.Close() != "</"+c.Tag+">"):
			t.Errorf("%+v: %s %s, %v, want %s", tt.is, c.Open(), c.Close(), err, tt.want)
		case !tt.ok && (err == nil || !strings.Contains(err.Error(), tt.want) || Check(v) == nil):
			t.Errorf("%+v: error %v, want one with %q", tt.is, err, tt.want)
		}
	}
}

// The join after a live navigation says which element the page stands in
// (protocol items 51 and 53).
func TestContainerOfANavigation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &framed{container: Container{Tag: "main", Attrs: map[string]string{"class": "wide"}}}
		r := start(t, v, Spec{Navigated: true})
		r.has(fmt.Sprint(r.out.take()), `"container":["main",{"class":"wide"}]`)
		r.stopped()
		r = start(t, new(lifecycle), Spec{Navigated: true})
		r.has(fmt.Sprint(r.out.take()), `"container":["div",{}]`)
		r.stopped()
	})
}

func TestContainerOfANestedView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := nestedRuntime(func() View { return &framed{container: Container{Tag: "section"}} })
		r := startIn(t, &house{parts: []templ.Component{Nested("clock", "c1", nil)}}, Spec{}, rt)
		r.has(fmt.Sprint(r.out.take()), `<section id=\"c1\"`, `</section>`)
		r.stopped()
	})
}

// A page that is no view shows islands.
func TestEmbedding(t *testing.T) {
	t.Parallel()
	rt := nestedRuntime(func() View { return new(clock) })
	ctx := rt.Embedding(t.Context(), nil, nil)
	var html strings.Builder
	if err := Nested("clock", "c1", "UTC").Render(ctx, &html); err != nil {
		t.Fatal(err)
	}
	if want := `<div id="c1" data-phx-session="{'i':'c1','o':'','n':'clock','g':'UTC'}" data-phx-static="static-c1"><p>mount(false)</p></div>`; html.String() != want {
		t.Errorf("island is\n  %s\nwant\n  %s", &html, want)
	}
	html.Reset()
	if err := Sticky("clock", "c2", nil).Render(ctx, &html); err != nil || strings.Contains(html.String(), "sticky") {
		t.Errorf("Sticky outside of views is %s, %v, want what Nested is there", &html, err)
	}
	if err := Nested("clock", "c1", nil).Render(ctx, &html); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("two islands of one id: %v", err)
	}
}
