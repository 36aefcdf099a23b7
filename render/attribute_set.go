package render

import (
	"context"
	"html"
	"html/template"
	"io"
	"reflect"
	"strings"

	"bennu/internal/htmlattr"
	"github.com/a-h/templ"
)

// Attributes whose names are known only when the template runs: computed ones,
// and those of a set. Here, and not in the generator, it shows what a browser
// would do with their values.

// Spread writes a set of attributes, each with a space before it. What could
// run code is left out and said in the default log: a name that would not stay
// one name; on…, but for a [templ.ComponentScript] made with
// [templ.JSFuncCall] or [templ.JSUnsafeFuncCall]; srcdoc, but for a
// [template.HTML]. Addresses are checked as by [URL], and an id is written in
// lower case, since the client looks for ` id=` in the start tag of a template
// that has not changed and takes an element without one for another element.
func (w *Writer) Spread(slot int, a templ.Attributer) error { return w.SpreadOn(slot, "", a) }

// SpreadOn is [Writer.Spread] for an element that gives an attribute a meaning
// of its own, such as object.
func (w *Writer) SpreadOn(slot int, element string, a templ.Attributer) error {
	if a == nil {
		w.Raw(slot, "")
		return nil
	}
	return w.capture(slot, func(ctx context.Context, out io.Writer) error {
		return templ.RenderAttributes(ctx, out, w.guarded(element, a.Items()))
	})
}

// guarded returns the attributes as they may be written. The set stays as it
// is: it belongs to the caller.
func (w *Writer) guarded(element string, items templ.OrderedAttributes) templ.OrderedAttributes {
	safe, same := items, true
	for i, item := range items {
		g := w.guard(element, item)
		if s, ok := item.Value.(templ.ComponentScript); ok && g.as == asIs && s.Function != "" {
			w.refuse(unsafeAttribute(item.Key, "the function of a script template cannot be written from here", "write the attribute by its name, or use templ.JSFuncCall"))
		}
		if same && g.as == asIs {
			continue
		}
		if same {
			safe, same = append(make(templ.OrderedAttributes, 0, len(items)), items[:i]...), false
		}
		switch g.as {
		case asIs:
			safe = append(safe, item)
		case asText:
			safe = append(safe, templ.KeyValue[string, any]{Key: g.name, Value: g.text})
		}
	}
	return safe
}

// guarded says how one attribute is written.
type guarded struct {
	as   verdict
	name string // for asText, with what it is called and
	text string // its text, not yet escaped
}

type verdict uint8

const (
	asIs verdict = iota
	asText
	leftOut
)

// guard judges one attribute.
func (w *Writer) guard(element string, item templ.KeyValue[string, any]) guarded {
	name := item.Key
	if !htmlattr.Valid(name) {
		w.refuse(unsafeAttribute(name, "its name would begin another one", "take names from the program, not from data"))
		return guarded{as: leftOut}
	}
	if strings.EqualFold(name, "id") {
		name = "id"
	}
	kind := htmlattr.Of(element, name)
	text, ok := safeText(kind, item.Value)
	if ok {
		return guarded{asText, name, text}
	}
	text, ok = plainText(item.Value)
	switch {
	case !ok:
		return guarded{as: asIs}
	case kind == htmlattr.Script:
		w.refuse(unsafeAttribute(name, "text would run as code", "make it with templ.JSFuncCall"))
		return guarded{as: leftOut}
	case kind == htmlattr.Document:
		w.refuse(unsafeAttribute(name, "text would be read as HTML", "make it a template.HTML of package html/template if it is safe"))
		return guarded{as: leftOut}
	case kind.HoldsAddress():
		return guarded{asText, name, address(w, kind, text)}
	case name != item.Key, !templKnows(item.Value):
		return guarded{asText, name, text}
	}
	return guarded{as: asIs}
}

// safeText returns the text of a value whose type says that it is safe in an
// attribute of a kind.
func safeText(kind htmlattr.Kind, v any) (string, bool) {
	switch v := v.(type) {
	case templ.ComponentScript:
		return html.UnescapeString(v.Call), kind == htmlattr.Script && v.Function == ""
	case template.HTML:
		return string(v), kind == htmlattr.Document
	case templ.SafeURL:
		return string(v), kind.HoldsAddress()
	}
	return "", false
}

// plainText returns the text that templ writes for a value, if it is one that
// somebody may have typed.
func plainText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case *string:
		if v != nil {
			return *v, true
		}
	case templ.KeyValue[string, bool]:
		return v.Key, v.Value
	case template.HTML, templ.SafeURL: // meant for another kind of attribute
	default:
		if s := reflect.ValueOf(v); s.Kind() == reflect.String {
			return s.String(), true // a type of the program's own, such as js.Commands, which templ passes over
		}
	}
	return "", false
}

// templKnows reports a text that templ writes by itself.
func templKnows(v any) bool {
	switch v.(type) {
	case string, *string, templ.KeyValue[string, bool]:
		return true
	}
	return false
}
