package render

import (
	"html/template"

	"bennu/internal/htmlattr"
	"github.com/a-h/templ"
)

// Attribute writes an attribute of an element whose name is computed, with a
// space before it. What [Writer.Spread] refuses is refused here too.
func Attribute[K Stringable, T any](w *Writer, slot int, element string, name K, v T) {
	item := templ.KeyValue[string, any]{Key: textOf(name), Value: v}
	script, isScript := item.Value.(templ.ComponentScript)
	switch item.Value.(type) {
	case templ.ComponentScript, template.HTML, templ.SafeURL:
	default:
		item.Value = textOf(v)
	}
	g := w.guard(element, item)
	switch {
	case g.as == leftOut:
		w.Raw(slot, "")
	case g.as == asText:
		w.Raw(slot, attributeText(g.name, templ.EscapeString(g.text)))
	case isScript:
		w.Raw(slot, attributeText(item.Key, script.Call))
	default:
		w.Raw(slot, attributeText(item.Key, templ.EscapeString(textOf(item.Value))))
	}
}

func attributeText(name, value string) string {
	return " " + templ.EscapeString(name) + `="` + value + `"`
}

// AttributeName writes the computed name of an attribute, with a space before
// it, and the constant text after it, its value. A name that would not stay
// one name is left out, with what follows.
func AttributeName[K Stringable](w *Writer, slot int, name K, rest string) {
	key := textOf(name)
	if !htmlattr.Valid(key) {
		w.guard("", templ.KeyValue[string, any]{Key: key})
		w.Raw(slot, "")
		return
	}
	w.Raw(slot, " "+templ.EscapeString(key)+rest)
}

// Document writes the value of a srcdoc attribute, which a browser reads as
// HTML. Only a [template.HTML] is written as such; anything else is text.
func Document[T any](w *Writer, slot int, v T) {
	if h, ok := any(v).(template.HTML); ok {
		w.Str(slot, string(h))
		return
	}
	w.Str(slot, templ.EscapeString(textOf(v)))
}
