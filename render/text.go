package render

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/a-h/templ"
)

// Stringable is what a template can show as text.
type Stringable interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr |
		~float32 | ~float64 | ~complex64 | ~complex128 | ~string | ~bool
}

// Text writes a slot of text, escaped, in the form fmt.Sprint gives it.
func Text[T Stringable](w *Writer, slot int, v T) {
	switch x := any(v).(type) {
	case string:
		w.Str(slot, x)
	case int:
		w.Int(slot, int64(x))
	default:
		value(w, slot, v) // v, not x, which would have to be allocated for every slot
	}
}

// Str writes a slot of text, escaped.
func (w *Writer) Str(slot int, s string) { text(w, slot, s) }

func text[T string | []byte](w *Writer, slot int, s T) {
	if w.html {
		w.static(slot)
		w.buf = appendHTML(w.buf, s)
		return
	}
	if w.changed(hashText(s)) {
		w.beginText(slot)
		w.buf = appendHTMLJSON(w.buf, s)
		w.endText()
	}
}

// HTML writes a slot that the template says is HTML already.
func HTML[T ~string](w *Writer, slot int, v T) { w.Raw(slot, string(v)) }

// Raw writes a slot that is HTML already.
func (w *Writer) Raw(slot int, html string) { raw(w, slot, html) }

func raw[T string | []byte](w *Writer, slot int, html T) {
	if w.html {
		w.static(slot)
		w.buf = append(w.buf, html...)
		return
	}
	if w.changed(hashText(html)) {
		w.beginText(slot)
		w.buf = appendJSON(w.buf, html)
		w.endText()
	}
}

// Int writes a slot that is a number.
func (w *Writer) Int(slot int, v int64) {
	if w.html {
		w.static(slot)
		w.buf = strconv.AppendInt(w.buf, v, 10)
		return
	}
	if w.changed(uint64(v)) {
		w.beginText(slot)
		w.buf = strconv.AppendInt(w.buf, v, 10)
		w.endText()
	}
}

func (w *Writer) uint(slot int, v uint64) {
	if v <= math.MaxInt64 {
		w.Int(slot, int64(v))
		return
	}
	w.Str(slot, strconv.FormatUint(v, 10))
}

// float writes a number as fmt.Sprint does. On the tape its bits are spread,
// because a slot of a generic template may hold an integer in the next render.
func (w *Writer) float(slot int, v float64, size int) {
	if w.html {
		w.static(slot)
		w.buf = strconv.AppendFloat(w.buf, v, 'g', -1, size)
		return
	}
	if w.changed(hashWord(math.Float64bits(v) + uint64(size))) {
		w.beginText(slot)
		w.buf = strconv.AppendFloat(w.buf, v, 'g', -1, size)
		w.endText()
	}
}

func (w *Writer) truth(slot int, v bool) {
	if v {
		w.Str(slot, "true")
		return
	}
	w.Str(slot, "false")
}

// value writes what fmt.Sprint prints, calling it only where it has to.
func value[T any](w *Writer, slot int, v T) {
	if printsItself(v) || !w.plain(slot, reflect.ValueOf(v)) {
		w.Str(slot, fmt.Sprint(v))
	}
}

// textOf is fmt.Sprint, without its work for a string.
func textOf[T any](v T) string {
	if s, ok := any(v).(string); ok {
		return s
	}
	return fmt.Sprint(v)
}

func printsItself(v any) bool {
	switch v.(type) {
	case fmt.Formatter, fmt.Stringer, error:
		return true
	}
	return false
}

// plain writes a value of a basic kind and reports whether v is one.
func (w *Writer) plain(slot int, v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		w.Str(slot, v.String())
	case reflect.Bool:
		w.truth(slot, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.Int(slot, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		w.uint(slot, v.Uint())
	case reflect.Float32:
		w.float(slot, v.Float(), 32)
	case reflect.Float64:
		w.float(slot, v.Float(), 64)
	default:
		return false
	}
	return true
}

// V lets a template call f() T and f() (T, error) in the same way.
func V[T any](v T, errs ...error) (T, error) {
	return v, errors.Join(errs...)
}

// Err adds the position in the template to an error, as templ does; the result
// is a templ.Error. It returns nil for nil.
func Err(err error, file string, line, col int) error {
	if err == nil {
		return nil
	}
	return templ.Error{Err: err, FileName: file, Line: line, Col: col}
}
