package live

import (
	"fmt"
	"log/slog"
	"reflect"
)

// state shows a view's exported fields in a log. Fields tagged
// `bennu:"redact"` keep their name and lose their value.
type state struct{ view View }

// LogValue is called only when the record is really written.
func (s state) LogValue() slog.Value {
	v := reflect.ValueOf(s.view)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return slog.StringValue(fmt.Sprintf("%T", s.view))
	}
	var attrs []slog.Attr
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case !f.IsExported():
		case f.Tag.Get("bennu") == "redact":
			attrs = append(attrs, slog.String(f.Name, "[redacted]"))
		case f.Type.Kind() == reflect.Func, f.Type.Kind() == reflect.Chan, f.Type.Kind() == reflect.Interface:
		default:
			attrs = append(attrs, slog.String(f.Name, shorten(fmt.Sprintf("%v", v.Field(i).Interface()))))
		}
	}
	return slog.GroupValue(attrs...)
}

// shorten keeps a log line readable, whatever a field holds.
func shorten(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
