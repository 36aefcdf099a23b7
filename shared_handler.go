package bennu

import (
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

// handlerKey tells whether two registrations name the same handler; the zero
// key is like none, not even itself.
type handlerKey struct {
	code  uintptr // of a method value, which is made anew each time it is named
	value any     // of all others
}

func keyOf(h any) handlerKey {
	switch f := h.(type) {
	case Handler:
		return keyOfFunc(f)
	case http.HandlerFunc:
		return keyOfFunc(f)
	}
	if v := reflect.ValueOf(h); v.IsValid() && v.Comparable() {
		return handlerKey{value: h}
	}
	return handlerKey{}
}

func keyOfFunc[F any](f F) handlerKey {
	code := reflect.ValueOf(f).Pointer()
	if fn := runtime.FuncForPC(code); fn != nil && strings.HasSuffix(fn.Name(), "-fm") {
		return handlerKey{code: code}
	}
	// Closures of one function have the same code; what tells them apart is where
	// their variables stand, which a func points to and reflect does not show.
	return handlerKey{value: *(*unsafe.Pointer)(unsafe.Pointer(&f))}
}

// changes reports a method by which a request asks to change something.
func changes(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	return true
}

// warnShared says that a handler answers GET and also a method that changes
// something. Nothing keeps another site from linking to the GET, with the
// visitor's cookies, and the protection against forged requests lets it pass.
func (a *App) warnShared(e *endpoint) {
	if e.key == (handlerKey{}) || e.Method == "" {
		return
	}
	for _, other := range a.router.endpoints {
		if other.key != e.key || other == e {
			continue
		}
		link, form := other, e
		if changes(other.Method) {
			link, form = e, other
		}
		if link.Method != http.MethodGet || !changes(form.Method) {
			continue
		}
		a.log.LogAttrs(context.Background(), slog.LevelWarn, "two routes share a handler: a link, from any site, does what the form does; give the GET a handler of its own that changes nothing",
			slog.String("handler", e.Handler), slog.String("get", link.String()), slog.String("get_source", link.Source),
			slog.String("form", form.String()), slog.String("form_source", form.Source))
	}
}
