package render

import (
	"bennu/internal/htmlattr"
	"github.com/a-h/templ"
)

// URL writes the value of an attribute that templ takes for an address, as
// href. One with a scheme that could run code is replaced and said in the
// default log, unless v is a templ.SafeURL.
func URL[T ~string](w *Writer, slot int, v T) {
	safe, _ := templ.JoinURLErrs(v) // without errors to join there is none
	if safe == templ.FailedSanitizationURL {
		w.refuse(unsafeAddress(string(v)))
	}
	w.Str(slot, string(safe))
}

// Link is URL for the attributes whose values templ takes of any type, such as
// formaction.
func Link[T any](w *Writer, slot int, v T) { w.Str(slot, address(w, htmlattr.Address, v)) }

// Media is Link for the elements that only show or play what they are given:
// an image may stand in its own address (data:image/png;…).
func Media[T any](w *Writer, slot int, v T) { w.Str(slot, address(w, htmlattr.Media, v)) }

// Addresses is Link for several addresses with spaces between them, as ping.
func Addresses[T any](w *Writer, slot int, v T) { w.Str(slot, address(w, htmlattr.Addresses, v)) }

// Sources is Media for several addresses with commas between them, as srcset.
func Sources[T any](w *Writer, slot int, v T) { w.Str(slot, address(w, htmlattr.Sources, v)) }

// address returns the text of a value that is one or more addresses, or templ's
// stand-in when one of them could run code.
func address[T any](w *Writer, kind htmlattr.Kind, v T) string {
	if url, ok := any(v).(templ.SafeURL); ok {
		return string(url)
	}
	text := textOf(v)
	if htmlattr.Safe(kind, text) {
		return text
	}
	w.refuse(unsafeAddress(text))
	return string(templ.FailedSanitizationURL)
}
