package render

import (
	"bytes"
	"html/template"
	"log/slog"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func TestFault45SetsOfAttributes(t *testing.T) {
	t.Parallel()
	text := "alert(1)"
	script := templ.JSFuncCall("alert", "<\">")
	withFunction := templ.ComponentScript{Name: "f", Function: "function f(){}", Call: "f()"}
	for _, tt := range []struct {
		name  string
		key   string
		value any
		want  string
	}{
		{"event", "onclick", text, ""},
		{"event in capitals", "ONCLICK", text, ""},
		{"event by pointer", "onclick", &text, ""},
		{"event by condition", "onclick", templ.KV(text, true), ""},
		{"event of htmx", "hx-on:click", text, ""},
		{"event without value", "onclick", true, " onclick"},
		{"number for an event", "onclick", 1, ` onclick="1"`},
		{"safe event", "onclick", script, ` onclick="` + script.Call + `"`},
		{"event with a function", "onclick", withFunction, ""},
		{"script that is no event", "title", script, ""},
		{"document", "srcdoc", "<b>", ""},
		{"document in capitals", "SrcDoc", "<b>", ""},
		{"safe document", "srcdoc", template.HTML("<b>"), ` srcdoc="&lt;b&gt;"`},
		{"HTML that is no document", "title", template.HTML("<b>"), ""},
		{"sources", "srcset", "/a 1x, javascript:x 2x", ` srcset="` + noAddress + `"`},
		{"harmless sources", "srcset", "/a 1x, data:image/png;base64,AA 2x", ` srcset="/a 1x, data:image/png;base64,AA 2x"`},
		{"ping", "ping", "/a data:x", ` ping="` + noAddress + `"`},
		{"harmless ping", "ping", "/a https://b", ` ping="/a https://b"`},
		{"name with a space", "a onclick=x b", "1", ""},
		{"name with a slash", "a/onclick", "1", ""},
		{"name with a line break", "a\nonclick", true, ""},
		{"name with =", "a=b", "1", ""},
		{"no name", "", "1", ""},
		{"quote in a name", `a"><b`, "1", ` a&#34;&gt;&lt;b="1"`},
		{"type of one's own", "phx-click", commands(`[["show",{}]]`), ` phx-click="[[&#34;show&#34;,{}]]"`},
		{"event of a type of one's own", "onclick", commands(text), ""},
		{"address of a type of one's own", "href", commands("javascript:x"), ` href="` + noAddress + `"`},
		{"quote in a value", "title", `"><script>`, ` title="&#34;&gt;&lt;script&gt;"`},
	} {
		testShown(t, spreadNode(templ.Attributes{tt.key: tt.value, "z": "z"}), tt.want+` z="z"`, tt.name)
	}
	data := templ.Attributes{"data": "javascript:x"}
	testShown(t, spreadNode(data), ` data="javascript:x"`, "data of any element")
	on := node(oneSlot, func(w *Writer, slot int) {
		if err := w.SpreadOn(slot, "object", data); err != nil {
			t.Error(err)
		}
	})
	testShown(t, on, ` data="`+noAddress+`"`, "data of an object")
}

func TestFault41ComputedNames(t *testing.T) {
	t.Parallel()
	type named string
	attribute := func(name string, v any) Func {
		return node(oneSlot, func(w *Writer, slot int) { Attribute(w, slot, "p", named(name), v) })
	}
	name := func(name string) Func {
		return node(oneSlot, func(w *Writer, slot int) { AttributeName(w, slot, named(name), `="1"`) })
	}
	for _, tt := range []struct {
		name string
		view Func
		want string
	}{
		{"plain", attribute("title", `"`), ` title="&#34;"`},
		{"number", attribute("data-n", 3), ` data-n="3"`},
		{"nothing", attribute("data-n", nil), ` data-n="&lt;nil&gt;"`},
		{"event", attribute("onclick", "x"), ""},
		{"safe event", attribute("onclick", templ.JSFuncCall("run")), ` onclick="run()"`},
		{"call of a script", attribute("onclick", templ.ComponentScript{Function: "f", Call: "f()"}), ` onclick="f()"`},
		{"call in another attribute", attribute("data-call", templ.JSFuncCall("run")), ` data-call="run()"`},
		{"address", attribute("HREF", "javascript:x"), ` HREF="` + noAddress + `"`},
		{"safe address", attribute("href", templ.SafeURL("javascript:x")), ` href="javascript:x"`},
		{"document", attribute("srcdoc", "x"), ""},
		{"two names", attribute("a b", "x"), ""},
		{"name alone", name("title"), ` title="1"`},
		{"name with a quote", name(`a"`), ` a&#34;="1"`},
		{"two names alone", name("a\tb"), ""},
		{"end of the tag", name("/"), ""},
	} {
		testShown(t, tt.view, tt.want, tt.name)
	}
}

func TestFault47DocumentsOfText(t *testing.T) {
	t.Parallel()
	document := func(v any) Func {
		return node(oneSlot, func(w *Writer, slot int) { Document(w, slot, v) })
	}
	testShown(t, document("<b>"), "&amp;lt;b&amp;gt;", nil)
	testShown(t, document(template.HTML("<b>")), "&lt;b&gt;", nil)
	testShown(t, document(3), "3", nil)
}

// A set that belongs to the caller is not changed.
func TestSpreadLeavesTheSet(t *testing.T) {
	t.Parallel()
	items := templ.OrderedAttributes{{Key: "b", Value: "0"}, {Key: "a b", Value: "1"}, {Key: "href", Value: "javascript:x"}, {Key: "c", Value: "2"}}
	want := []string{"0", "1", "javascript:x", "2"}
	testShown(t, spreadNode(items), ` b="0" href="`+noAddress+`" c="2"`, items)
	for i, item := range items {
		if item.Value != want[i] {
			t.Errorf("item %d is now %v", i, item.Value)
		}
	}
}

// Not parallel: the default log is one, and so is the clock of its lines.
func TestRefusedAttributesAreLogged(t *testing.T) {
	former := slog.Default()
	defer slog.SetDefault(former)
	defer refused.next.Store(0)
	for name, tt := range map[string]struct {
		view Func
		want string
	}{
		"event":      {spreadNode(templ.Attributes{"onclick": "hunter2"}), "make it with templ.JSFuncCall"},
		"document":   {spreadNode(templ.Attributes{"srcdoc": "hunter2"}), "make it a template.HTML"},
		"name":       {spreadNode(templ.Attributes{"a b": "hunter2"}), "take names from the program"},
		"long name":  {spreadNode(templ.Attributes{"a b" + strings.Repeat("c", 100) + "hunter2": "1"}), "cccc"},
		"function":   {spreadNode(templ.Attributes{"onclick": templ.ComponentScript{Function: "hunter2()"}}), "use templ.JSFuncCall"},
		"computed":   {node(oneSlot, func(w *Writer, slot int) { AttributeName(w, slot, "a/b", "hunter2") }), "attribute left out"},
		"list":       {spreadNode(templ.Attributes{"ping": "/a\tjavascript:hunter2"}), "address replaced"},
		"of a slice": {node(oneSlot, func(w *Writer, slot int) { Sources(w, slot, []string{"javascript:hunter2"}) }), "address replaced"},
	} {
		var log bytes.Buffer
		slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
		refused.next.Store(0)
		htmlOf(t, tt.view)
		if got := log.String(); !strings.Contains(got, tt.want) || strings.Contains(got, "hunter2") {
			t.Errorf("%s: logged %q, want %q and no value", name, got, tt.want)
		}
	}
}

// commands is a text with a type of its own.
type commands string
