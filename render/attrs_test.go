package render

import (
	"bytes"
	"testing"

	"github.com/a-h/templ"
)

type link string

func TestURLIsSanitised(t *testing.T) {
	t.Parallel()
	tests := []struct {
		view Func
		want string
	}{
		{urlNode("/a?b=1&c=2"), "/a?b=1&amp;c=2"},
		{urlNode("https://x.test/"), "https://x.test/"},
		{urlNode("javascript:alert(1)"), "about:invalid#TemplFailedSanitizationURL"},
		{urlNode(link("data:text/html,x")), "about:invalid#TemplFailedSanitizationURL"},
		{urlNode(templ.SafeURL("javascript:ok('x')")), "javascript:ok(&#39;x&#39;)"},
	}
	for _, tt := range tests {
		testShown(t, tt.view, tt.want, tt.want)
	}
}

func urlNode[T ~string](v T) Func {
	return node(oneSlot, func(w *Writer, slot int) { URL(w, slot, v) })
}

func TestFlag(t *testing.T) {
	t.Parallel()
	tpl := newTemplate(Root, "<input", ">")
	flag := func(on bool) Func {
		return node(tpl, func(w *Writer, slot int) { w.Flag(slot, ` data-x="`+"\t"+`"`, on) })
	}
	script(t,
		step{flag(false), `"0":"","s":0,"p":{"0":["<input",">"]}`},
		step{flag(true), `"0":" data-x=\"\t\""`},
		step{flag(true), ``},
		step{flag(false), `"0":""`},
	)
}

func TestSpreadIsWhatTemplRenders(t *testing.T) {
	t.Parallel()
	yes, name := true, "n\"x"
	for _, a := range []templ.Attributer{
		templ.Attributes{},
		templ.Attributes{"b": "2", "a": "<1>", "c": true, "d": false, "e": 3, "f": 1.5},
		templ.OrderedAttributes{{Key: "z", Value: &name}, {Key: "y", Value: &yes}, {Key: "x", Value: (*string)(nil)}, {Key: "w", Value: templ.KV("v", true)}},
	} {
		var want bytes.Buffer
		if err := templ.RenderAttributes(t.Context(), &want, a); err != nil {
			t.Fatal(err)
		}
		testShown(t, spreadNode(a), want.String(), a)
	}
	testShown(t, spreadNode(nil), "", nil)
}

func spreadNode(a templ.Attributer) Func {
	return func(w *Writer, slot int) error {
		w.Nest(slot, oneSlot)
		if err := w.Spread(0, a); err != nil {
			return err
		}
		w.End()
		return nil
	}
}

func TestStyleIsSanitised(t *testing.T) {
	t.Parallel()
	got, err := Style("color: red", map[string]string{"margin": "0", "width": "expression(1)"}, templ.SafeCSS("top:0"))
	if want := "color: red;margin:0;width:zTemplUnsafeCSSPropertyValue;top:0;"; err != nil || got != want {
		t.Errorf("Style = %q, %v, want %q", got, err, want)
	}
}

func TestScriptValues(t *testing.T) {
	t.Parallel()
	if got, err := ScriptIn(`"</script>`); err != nil || got != `\u0022\u003c\/script\u003e` {
		t.Errorf("ScriptIn = %s, %v", got, err)
	}
	if got, err := ScriptOut(map[string]int{"a": 1}); err != nil || got != `{"a":1}` {
		t.Errorf("ScriptOut = %s, %v", got, err)
	}
}

// The first element of a class brings its style, in every render anew.
func TestCSSItemsAndScriptsAreNewInEveryRender(t *testing.T) {
	t.Parallel()
	red, script1 := style("red"), templ.ComponentScript{Name: "f", Function: "function f(){}", Call: "f()"}
	tpl := newTemplate(0, "", "<p>", "", "", "</p>")
	page := Func(func(w *Writer, slot int) error {
		w.Nest(slot, tpl)
		err := errOr(w.CSSItems(0, red), w.CSSItems(1, red), w.Scripts(2, script1), w.Scripts(3, script1))
		w.End()
		return err
	})
	html := `<style type="text/css">.` + red.ClassName() + `{color:red;}</style>`
	script := `<script>function f(){}</script>`
	if got := htmlOf(t, page); got != html+"<p>"+script+"</p>" {
		t.Errorf("HTML is %s", got)
	}
	var s State
	c := newClient()
	for range 3 {
		diff, err := s.AppendDiff(t.Context(), nil, page)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.apply(diff); err != nil || got != html+"<p>"+script+"</p>" {
			t.Errorf("the client shows %s, %v", got, err)
		}
	}
}
