package render

import (
	"math/rand/v2"
	"testing"

	"github.com/a-h/templ"
)

func TestClassListsAreThoseOfTempl(t *testing.T) {
	t.Parallel()
	names := []string{"a", "b", "c d", "<e>", ""}
	for range 500 {
		var list []any
		for range rand.IntN(6) {
			name := names[rand.IntN(len(names))]
			if rand.IntN(2) == 0 {
				list = append(list, name)
				continue
			}
			list = append(list, templ.KV(name, rand.IntN(2) == 0))
		}
		want := templ.EscapeString(templ.CSSClasses(list).String())
		testShown(t, node(oneSlot, func(w *Writer, slot int) {
			w.BeginClass(slot)
			for _, item := range list {
				switch item := item.(type) {
				case string:
					w.ClassName(item)
				case templ.KeyValue[string, bool]:
					w.ClassIf(item.Key, item.Value)
				}
			}
			w.EndClass()
		}), want, list)
		testShown(t, node(oneSlot, func(w *Writer, slot int) { Classes(w, slot, list...) }), want, list)
	}
}

func TestClassesOfEveryType(t *testing.T) {
	t.Parallel()
	for _, list := range [][]any{
		{},
		{"a", []string{"b", "a"}},
		{map[string]bool{"z": true, "y": false, "x": true}, "y"},
		{templ.KV[templ.CSSClass](style("red"), true), templ.SafeClass("s")},
		{func() templ.CSSClass { return style("blue") }, "a", 42},
		{templ.Classes("n", templ.KV("m", true)), []templ.KeyValue[string, bool]{templ.KV("n", false)}},
	} {
		want := templ.EscapeString(templ.CSSClasses(list).String())
		testShown(t, node(oneSlot, func(w *Writer, slot int) { Classes(w, slot, list...) }), want, list)
		if len(list) > 0 {
			one := templ.EscapeString(templ.CSSClasses(list[:1]).String())
			testShown(t, node(oneSlot, func(w *Writer, slot int) { Class(w, slot, list[0]) }), one, list[0])
		}
	}
	testShown(t, node(oneSlot, func(w *Writer, slot int) { Class(w, slot, style("red")) }), style("red").ClassName(), "css")
	testShown(t, node(oneSlot, func(w *Writer, slot int) { Class(w, slot, link("x")) }), templ.CSSClasses{link("x")}.String(), "unknown")
}
