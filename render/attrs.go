package render

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"
)

// Attr writes the value of an attribute, escaped, without its quotes. The call
// of a templ script is HTML already.
func Attr[T any](w *Writer, slot int, v T) {
	switch x := any(v).(type) { // as in Text
	case string:
		w.Str(slot, x)
	case int:
		w.Int(slot, int64(x))
	case templ.ComponentScript:
		w.Raw(slot, x.Call)
	default:
		value(w, slot, v)
	}
}

// Flag writes an attribute that is there or not: attr is its whole text with
// the space before it, such as " disabled".
func (w *Writer) Flag(slot int, attr string, on bool) {
	if !on {
		attr = ""
	}
	w.Raw(slot, attr)
}

// Style returns the value of a style attribute made of everything templ accepts
// there, sanitised. Write it with Str.
func Style(v ...any) (string, error) {
	return templruntime.SanitizeStyleAttributeValues(v...)
}

// CSSItems writes the style element with those css classes among v that this
// render has not emitted yet, or nothing.
func (w *Writer) CSSItems(slot int, v ...any) error {
	return w.capture(slot, func(ctx context.Context, out io.Writer) error {
		return templ.RenderCSSItems(ctx, out, v...)
	})
}

// Scripts writes the script element with those functions among v that this
// render has not emitted yet, or nothing.
func (w *Writer) Scripts(slot int, v ...templ.ComponentScript) error {
	return w.capture(slot, func(ctx context.Context, out io.Writer) error {
		return templ.RenderScriptItems(ctx, out, v...)
	})
}

// capture writes a slot whose HTML templ renders.
func (w *Writer) capture(slot int, render func(context.Context, io.Writer) error) error {
	if w.html {
		w.static(slot)
		return render(w.Ctx(), (*htmlSink)(w))
	}
	w.spare = w.spare[:0]
	if err := render(w.Ctx(), (*spareSink)(w)); err != nil {
		return err
	}
	raw(w, slot, w.spare)
	return nil
}

// ScriptIn returns a value for use inside a string literal of a script element.
func ScriptIn[T any](v T, errs ...error) (string, error) {
	text, err := templruntime.ScriptContentInsideStringLiteral(v, errs...)
	return withoutSubstitution(text), err
}

// withoutSubstitution keeps ${ from beginning code in a template literal, which
// templ does not. What follows a $ at the end is not known.
func withoutSubstitution(text string) string {
	const dollar = `\u0024`
	text = strings.ReplaceAll(text, "${", dollar+"{")
	if rest, ok := strings.CutSuffix(text, "$"); ok {
		text = rest + dollar
	}
	return text
}

// ScriptOut returns a value for use as an expression of a script element.
func ScriptOut[T any](v T, errs ...error) (string, error) {
	return templruntime.ScriptContentOutsideStringLiteral(v, errs...)
}
